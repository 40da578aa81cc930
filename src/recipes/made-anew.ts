import type { Schema } from "../analysis/schema.ts";
import type { QualifiedName } from "../model/name.ts";
import type { Drop } from "../model/statement.ts";
import type { Context, LooseEnd } from "../rule.ts";

/**
 * A script that makes a whole schema clears away first what an earlier run of it has left: DROP ... IF EXISTS of what nothing
 * has made so far, and what the same file then makes. It is meant to start anew, and nobody waits for what is not in use.
 * Null where it is something else, or a part of a table: that has to be there.
 */
export function clearsForItself(drop: Drop, { isStart, schema }: Context): LooseEnd | null {
  if (!isStart || !drop.ifExists || isPart(drop) || drop.names.some((name) => isThere(drop, name, schema)))
    return null;
  return { by: "file", isSettled: (end) => drop.names.every((name) => isThere(drop, name, end)) };
}

function isPart({ object }: Drop): boolean {
  return object === "trigger" || object === "policy" || object === "rule";
}

/** Whether the schema knows what the statement drops under this name; of objects that it does not keep it knows none. */
export function isThere({ object }: Drop, name: QualifiedName, schema: Schema): boolean {
  switch (object) {
    case "type":
    case "domain":
      return schema.findType(name) !== undefined;
    case "function":
    case "procedure":
    case "routine":
      return schema.findFunctions(name).length > 0;
    case "schema":
      return schema.usersOf("in", name.name.name, 1).length > 0;
    default:
      return schema.findRelation(name) !== undefined;
  }
}
