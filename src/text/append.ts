/** Adds many items to a list. Not `push(...items)`: that puts them all on the stack, which 200,000 overflow. */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}
