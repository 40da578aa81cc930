import { type Failure, isOfMissing } from "../effect.ts";
import { internalsOf, schemaOf } from "./folded-schema.ts";
import type { Schema } from "./known-schema.ts";

/**
 * The same schema behind something that ran and that nobody reads: a migration in another language, or files of which nobody
 * knows the order. What is older may have changed since, or be gone, and there may be more: nothing is refused for it. All
 * else that the history says of it still tells more about it than nothing.
 */
export function withGap(schema: Schema): Schema {
  const { state, path } = internalsOf(schema);
  const { nextId } = state;
  return schemaOf({ ...state, isComplete: false, gapAt: nextId, nextId: nextId + 1 }, path);
}

/** The same schema where nothing ran before: what it does not know is not there. */
export function withBeginning(schema: Schema): Schema {
  const { state, path } = internalsOf(schema);
  return schemaOf({ ...state, hasBeginning: true }, path);
}

/** What it says without a look at what is there. */
const ofStatement: ReadonlySet<string> = new Set(["42601", "25001"]);

/**
 * Whether a refusal may be none behind the gap: whoever foresees it looked at something that is older, or found nothing
 * where what nobody reads may have made something. What went away behind the gap is gone. `foresee` looks again, at the
 * schema that it is handed.
 */
export function restsOnGap(schema: Schema, failure: Failure, foresee: (schema: Schema) => void): boolean {
  const { gapAt } = internalsOf(schema).state;
  if (
    gapAt === 0 ||
    failure.lacks !== undefined ||
    failure.isGone === true ||
    failure.isEvident === true ||
    (ofStatement.has(failure.sqlstate) && failure.isSeen !== true)
  )
    return false;
  let isOld = false;
  let isAbsent = false;
  const note = (found: unknown): void => {
    if (found === undefined) isAbsent = true;
    else if (Array.isArray(found)) for (const one of found) note(one);
    else if (typeof found === "object" && found !== null && "id" in found)
      isOld ||= Number(found.id) <= gapAt;
  };
  foresee(
    new Proxy(schema, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== "function") return value;
        return (...asked: unknown[]) => {
          const found: unknown = value.apply(target, asked);
          note(found);
          return found;
        };
      },
    }),
  );
  return isOld || (isAbsent && isOfMissing(failure.sqlstate));
}
