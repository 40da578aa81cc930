/** A list for a sentence: `a`, `a and b`, `a, b and c`; what is more than `most` is counted. */
export function renderList(items: readonly string[], most = 4): string {
  const unique = [...new Set(items)];
  const shown =
    unique.length > most ? [...unique.slice(0, most - 1), `${unique.length - most + 1} more`] : unique;
  if (shown.length < 2) return shown[0] ?? "";
  return `${shown.slice(0, -1).join(", ")} and ${shown[shown.length - 1]}`;
}

/** `goes`, `go`: the verb that fits the number of things. */
export function verb(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
