import { GROUP_NAME } from "./groups.ts";
import { NotUnderstood } from "./not-understood.ts";

/**
 * The other grammar takes COLUMN for a name: `ADD COLUMN boolean` is a column "column" to it. PostgreSQL reserves the
 * word. Nor may the mark of a group become the name of anything but a call. Names in quotes are stand-ins, so that
 * no name of the user's own is meant.
 */
export function rejectReservedNames(tree: unknown, isFunction = false): void {
  if (typeof tree !== "object" || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    const isReserved = value === "column" || (value === GROUP_NAME && !isFunction);
    if (key === "name" && isReserved) throw new NotUnderstood("a reserved word as a name");
    rejectReservedNames(value, key === "function");
  }
}
