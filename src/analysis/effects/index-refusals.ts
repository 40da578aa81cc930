import { walkExpression } from "../../model/expression.ts";
import type { CreateIndex } from "../../model/statement.ts";
import type { Table } from "../entities.ts";
import { columnsOf } from "../schema/expressions.ts";
import { isPartitioned } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { fail } from "./ledger.ts";
import { headsAfter, numberAfter } from "./words.ts";

/** The parameters that an index can have (reloptions.c), of whatever method. */
const parameters = new Set([
  "fillfactor",
  "deduplicate_items",
  "buffering",
  "fastupdate",
  "gin_pending_list_limit",
  "pages_per_range",
  "autosummarize",
  "vacuum_cleanup_index_scale_factor",
]);

/** Built-in methods that cannot keep values apart. */
const notUnique = new Set(["hash", "gin", "gist", "spgist", "brin"]);

/** What no index of the method, or on the table, can be. */
export function refuseIndexForm(ledger: Ledger, statement: CreateIndex, table: Table | null): void {
  const { unique, method, span } = statement;
  if (unique && notUnique.has(method))
    fail(ledger, "0A000", `method ${method} does not support unique indexes`);
  if (method === "hash" && statement.elements.length > 1)
    fail(ledger, "0A000", "an index of method hash has one column");
  if (["hash", "gin", "brin"].includes(method) && statement.including.length > 0)
    fail(ledger, "0A000", `an index of method ${method} includes no other columns`);
  const fillfactor = numberAfter(ledger, { start: statement.table.span.end, end: span.end }, "fillfactor");
  if (fillfactor !== null && (fillfactor < 10 || fillfactor > 100))
    fail(ledger, "22023", "fillfactor is between 10 and 100");
  for (const value of [statement.where?.value ?? null, ...statement.elements.map((one) => one.expression)]) {
    const read = value === null ? [] : columnsOf(value);
    if (
      table?.columns.some((column) => column.generated === "virtual" && read.includes(column.name)) === true
    )
      fail(ledger, "0A000", "an index on a virtual generated column is not supported");
  }
  if (statement.where !== null)
    walkExpression(statement.where.value, (node) => {
      if (node.kind === "subquery") fail(ledger, "0A000", "the condition of an index cannot use a subquery");
    });
  const { text } = ledger.world;
  // A name that an opening parenthesis follows is a call.
  if (statement.including.some((column) => text.slice(column.span.end, span.end).trimStart().startsWith("(")))
    fail(ledger, "0A000", "expressions are not supported in included columns");
  if (notUnique.has(method) || method === "btree")
    for (const name of headsAfter(ledger, { start: statement.table.span.end, end: span.end }, "with"))
      if (name !== null && !parameters.has(name)) fail(ledger, "22023", `an index has no parameter ${name}`);
  if (table === null || !unique || statement.only || !isPartitioned(table)) return;
  if (ledger.world.schema.partitionsOf(table.id).some((one) => one.kind === "foreign table"))
    fail(ledger, "42809", "a foreign table among the partitions has no unique index");
}
