/** The version of this package; the build puts it in. */
declare const __LOCKWISE_VERSION__: string | undefined;
declare const __LOCKWISE_BUILD__: string | undefined;

export const packageVersion = typeof __LOCKWISE_VERSION__ === "string" ? __LOCKWISE_VERSION__ : "0.0.0";

/** Names the code itself: two builds of one version may differ. Null where it was not built. */
export const buildName = typeof __LOCKWISE_BUILD__ === "string" ? __LOCKWISE_BUILD__ : null;
