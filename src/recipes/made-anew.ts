import type { Schema } from "../analysis/schema.ts";
import type { QualifiedName } from "../model/name.ts";
import type { Drop } from "../model/statement.ts";
import type { ObjectType } from "../model/statement-base.ts";
import type { Context, LooseEnd } from "../rule.ts";

/**
 * A script that makes a whole schema clears away first what an earlier run of it has left: DROP ... IF EXISTS of what nothing
 * has made so far, and what the same file then makes. It is meant to start anew, and nobody waits for what is not in use.
 * Null where it is something else, or a part of a table: that has to be there.
 */
export function clearsForItself(drop: Drop, { isStart, schema }: Context): LooseEnd | null {
  if (
    !isStart ||
    !drop.ifExists ||
    isPart(drop) ||
    drop.names.some((name) => isThere(drop.object, name, schema))
  )
    return null;
  return areThere(drop.object, drop.names);
}

/** What the file has made by its end. */
export function areThere(object: ObjectType, names: readonly QualifiedName[]): LooseEnd {
  return { by: "file", isSettled: (end) => names.every((name) => isThere(object, name, end)) };
}

function isPart({ object }: Drop): boolean {
  return object === "trigger" || object === "policy" || object === "rule";
}

/** Whether the schema knows an object of the kind under this name; of objects that it does not keep it knows none. */
export function isThere(object: ObjectType, name: QualifiedName, schema: Schema): boolean {
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
