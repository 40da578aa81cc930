import type { Delete, Update } from "../model/query.ts";
import type { Context, Migration } from "../rule.ts";
import { editedText, terminated } from "./text.ts";

/**
 * The user's UPDATE or DELETE, a thousand rows at a time. `key` is the column that tells rows apart, as SQL, or `ctid` where
 * none is known. Empty where the statement is of a form that this cannot cut.
 */
export function batchRecipe(change: Update | Delete, key: string, context: Context): Migration[] {
  const others = change.kind === "update" ? change.from : change.using;
  if (others.length > 0 || change.with.length > 0 || change.isReturning) return [];
  return change.kind === "delete" ? [deleteBatch(change, key, context)] : updateLoop(change, key, context);
}

/** Rows that are deleted are gone from the next round: one statement, again and again. */
function deleteBatch(change: Delete, key: string, context: Context): Migration {
  const table = context.nameOf(change.table);
  const alias = change.alias === null ? "" : ` AS ${change.alias}`;
  const condition = change.where === null ? "" : ` WHERE ${context.text(change.where.span)}`;
  const chosen = `SELECT ${key} FROM ${table}${alias}${condition}${key === "ctid" ? "" : ` ORDER BY ${key}`} LIMIT 1000`;
  // ctid stands still only within one statement, so it is asked for as an array.
  const limited = key === "ctid" ? `ctid = ANY (ARRAY(${chosen}))` : `${key} IN (${chosen})`;
  return {
    title: "Run this again and again, each time in a transaction of its own, until it deletes no row",
    sql: terminated(withCondition(change, limited, context)),
    transaction: true,
  };
}

/** An UPDATE may match its own rows again, so it goes along the key and sees each row once. */
function updateLoop(change: Update, key: string, context: Context): Migration[] {
  if (key === "ctid") return [];
  const table = context.nameOf(change.table);
  const range = `${key} <= batch_end AND (batch_start IS NULL OR ${key} > batch_start)`;
  const condition = change.where === null ? range : `(${context.text(change.where.span)}) AND ${range}`;
  const quote = dollarQuote(context.text(change.span));
  const sql = `DO ${quote}
DECLARE
  batch_start ${table}.${key}%TYPE;
  batch_end ${table}.${key}%TYPE;
BEGIN
  LOOP
    SELECT max(${key}) INTO batch_end FROM (
      SELECT ${key} FROM ${table} WHERE batch_start IS NULL OR ${key} > batch_start ORDER BY ${key} LIMIT 1000
    ) AS batch;
    EXIT WHEN batch_end IS NULL;
    ${terminated(withCondition(change, condition, context))}
    COMMIT;
    batch_start := batch_end;
  END LOOP;
END
${quote};`;
  return [{ title: "Go along the key, and commit after each thousand rows", sql, transaction: false }];
}

function withCondition(change: Update | Delete, condition: string, context: Context): string {
  if (change.where === null) return `${context.text(change.span)} WHERE ${condition}`;
  return editedText(context.sourceText, change.span, [{ ...change.where.span, text: condition }]);
}

/** A dollar quote that the text does not hold itself. */
function dollarQuote(text: string): string {
  let tag = "$$";
  for (let count = 0; text.includes(tag); count++) tag = `$batch${count === 0 ? "" : count}$`;
  return tag;
}
