import type { Context, Migration } from "../rule.ts";
import { tokenize } from "../sql/tokens.ts";

/** A change of many rows that is cut into batches. All parts are SQL. */
interface BatchLoop {
  readonly title: string;
  readonly table: string;
  /** The column that tells rows apart; `ctid` where none is known. */
  readonly key: string;
  /** The change of the rows that a condition on the key chooses. */
  change(range: string): string;
  /** One batch for a client that repeats it until it changes no row; null where a row that is done cannot be told. */
  readonly loop: string | null;
  /** What is to be said of the way back, where what is written is not in step with the rest of the row. */
  readonly undo?: string;
}

const size = 1000;

/**
 * A DO block that goes along the key and commits after each batch: each row is seen once, and no more than a thousand are
 * locked at a time. Where the runner cannot leave its transaction, and where no key is known, the batch for a client.
 * Null: there is no way to cut it.
 */
export function batchLoop(batch: BatchLoop, context: Context): Migration | null {
  const { title, table, key, loop } = batch;
  const undo = batch.undo === undefined ? {} : { undo: batch.undo };
  const repeated = `${title}: run this again and again, each time in a transaction of its own, until it changes no row`;
  if (context.runner.leaving.by === "nothing")
    return loop === null ? null : { title: repeated, sql: loop, loop, transaction: true, ...undo };
  if (key === "ctid") {
    if (loop === null) return null;
    return {
      title: `${title}, a thousand rows at a time`,
      sql: repeatBlock(loop),
      loop,
      transaction: false,
      ...undo,
    };
  }
  const sql = keyBlock(table, key, batch.change(`${key} BETWEEN batch_first AND batch_last`));
  return {
    title: `${title}, a thousand rows at a time along ${key}`,
    sql,
    transaction: false,
    ...(loop !== null && { loop }),
    ...undo,
  };
}

function keyBlock(table: string, key: string, change: string): string {
  const quote = dollarQuote(change);
  return `DO ${quote}
DECLARE
  batch_first ${table}.${key}%TYPE;
  batch_last ${table}.${key}%TYPE;
BEGIN
  SELECT ${key} INTO batch_first FROM ${table} ORDER BY ${key} LIMIT 1;
  WHILE batch_first IS NOT NULL LOOP
    SELECT ${key} INTO batch_last FROM (
      SELECT ${key} FROM ${table} WHERE ${key} >= batch_first ORDER BY ${key} LIMIT ${size}
    ) AS batch ORDER BY ${key} DESC LIMIT 1;
    ${indent(change)};
    COMMIT;
    SELECT ${key} INTO batch_first FROM ${table} WHERE ${key} > batch_last ORDER BY ${key} LIMIT 1;
  END LOOP;
END
${quote};`;
}

function repeatBlock(loop: string): string {
  const change = loop.replace(/;\s*$/, "");
  const quote = dollarQuote(change);
  return `DO ${quote}
DECLARE
  batch_rows bigint;
BEGIN
  LOOP
    ${indent(change)};
    GET DIAGNOSTICS batch_rows = ROW_COUNT;
    EXIT WHEN batch_rows = 0;
    COMMIT;
  END LOOP;
END
${quote};`;
}

/** The lines of a statement moved in; those inside a literal stay as they are. */
function indent(sql: string): string {
  const long = tokenize(sql).filter(({ start, end }) => sql.slice(start, end).includes("\n"));
  const isInside = (at: number) => long.some(({ start, end }) => start < at && at < end);
  return sql.replaceAll("\n", (mark, at: number) => (isInside(at) ? mark : `${mark}    `));
}

/** A dollar quote that the text does not hold itself. */
export function dollarQuote(text: string): string {
  let tag = "$$";
  for (let count = 0; text.includes(tag); count++) tag = `$batch${count === 0 ? "" : count}$`;
  return tag;
}

/** `id IN (SELECT id FROM orders WHERE ... LIMIT 1000)`: which rows one batch of a client changes. */
export function chosenRows(table: string, key: string, condition: string): string {
  const where = condition === "" ? "" : ` WHERE ${condition}`;
  // ctid stands still only within one statement, so it is asked for as an array.
  if (key === "ctid") return `ctid = ANY (ARRAY(SELECT ctid FROM ${table}${where} LIMIT ${size}))`;
  return `${key} IN (SELECT ${key} FROM ${table}${where} ORDER BY ${key} LIMIT ${size})`;
}
