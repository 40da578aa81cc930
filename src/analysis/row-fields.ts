import { nameOf } from "../sql/names.ts";
import { isMark, isNameToken, tokensIn } from "../sql/tokens.ts";
import type { Table, Trigger, UserFunction } from "./entities.ts";
import type { Schema } from "./schema.ts";

/** A trigger, and the field of the changed row that its function names. */
interface FieldUse {
  readonly trigger: Trigger;
  readonly routine: UserFunction;
  readonly row: "new" | "old";
}

/**
 * The row triggers of a table whose functions name a column as `NEW.column` or `OLD.column`. The server keeps no account of it: it
 * lets the column go, and each write fails that comes to the name.
 */
export function usesOfField({ triggers }: Table, column: string, schema: Schema): readonly FieldUse[] {
  return triggers.flatMap((trigger) => {
    if (!trigger.forEachRow || trigger.fires === "never") return [];
    const called = { schema: trigger.function.at(-2) ?? null, name: trigger.function.at(-1) ?? "" };
    const [routine] = schema.findFunctions(called).filter(({ isTrigger }) => isTrigger);
    const row = routine?.language === "plpgsql" ? rowOfField(routine.body ?? "", column) : null;
    return routine === undefined || row === null ? [] : [{ trigger, routine, row }];
  });
}

function rowOfField(body: string, column: string): "new" | "old" | null {
  const tokens = tokensIn(body);
  for (const [k, token] of tokens.entries()) {
    if (token.kind !== "word" || !isMark(body, tokens[k + 1], ".") || isMark(body, tokens[k - 1], "."))
      continue;
    const row = nameOf(body, token);
    const field = tokens[k + 2];
    if ((row === "new" || row === "old") && isNameToken(field) && nameOf(body, field) === column) return row;
  }
  return null;
}
