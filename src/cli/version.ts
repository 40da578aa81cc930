/** The version of this package; the build puts it in. */
declare const __LOCKWISE_VERSION__: string | undefined;

export const packageVersion = typeof __LOCKWISE_VERSION__ === "string" ? __LOCKWISE_VERSION__ : "0.0.0";
