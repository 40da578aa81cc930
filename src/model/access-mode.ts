/** `on` or `off`, as the modes of BEGIN and SET TRANSACTION say READ ONLY or READ WRITE last; null where neither stands there. */
export function accessMode(modes: string): "on" | "off" | null {
  const said = modes
    .toLowerCase()
    .match(/\bread (?:only|write)\b/g)
    ?.at(-1);
  return said === undefined ? null : said === "read only" ? "on" : "off";
}
