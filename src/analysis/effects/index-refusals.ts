import type { CreateIndex } from "../../model/statement.ts";
import { tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import type { Table } from "../entities.ts";
import { columnsOf } from "../schema/expressions.ts";
import { itemNamed } from "../schema/places.ts";
import { refuseExpression } from "./expression-refusals.ts";
import { isPartitioned } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { fail } from "./ledger.ts";
import { columnsOf as typesOf } from "./object-refusals.ts";
import { optionList, optionNames } from "./option-list.ts";
import { refuseCondition } from "./value-refusals.ts";
import { headsAfter, numberAfter } from "./words.ts";

/** The parameters that an index of each built-in method can have (reloptions.c). */
const parameters: ReadonlyMap<string, readonly string[]> = new Map([
  ["btree", ["fillfactor", "deduplicate_items", "vacuum_cleanup_index_scale_factor"]],
  ["hash", ["fillfactor"]],
  ["gist", ["fillfactor", "buffering"]],
  ["spgist", ["fillfactor"]],
  ["gin", ["fastupdate", "gin_pending_list_limit"]],
  ["brin", ["pages_per_range", "autosummarize"]],
]);

/** The first of these parameters that no index of the method has; undefined: none, or nobody knows the method. */
export function unknownParameter(method: string, names: readonly (string | null)[]): string | undefined {
  const known = parameters.get(method);
  return known === undefined
    ? undefined
    : // With a dot it is for an extension to take, or to refuse: `timescaledb.transaction_per_chunk`.
      names
        .find((name) => name !== null && !name.includes(".") && !known.includes(name.toLowerCase()))
        ?.toLowerCase();
}

/** WITH of an index, or of a constraint that is kept by one: parameters that there are, and fillfactor within its bounds. */
export function refuseParameters(ledger: Ledger, span: Span, method: string): void {
  const { text } = ledger.world;
  if (!/\bwith\s*\(/i.test(text.slice(span.start, span.end))) return;
  const fillfactor = numberAfter(ledger, span, "fillfactor");
  if (fillfactor !== null && (fillfactor < 10 || fillfactor > 100))
    fail(ledger, "22023", "fillfactor is between 10 and 100");
  const odd = unknownParameter(
    method,
    optionNames(text, optionList(text, tokensIn(text, span.start, span.end))),
  );
  if (odd !== undefined) fail(ledger, "22023", `an index of method ${method} has no parameter ${odd}`);
}

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
  const behindTable = { start: statement.table.span.end, end: span.end };
  refuseParameters(ledger, behindTable, method);
  for (const value of [statement.where?.value ?? null, ...statement.elements.map((one) => one.expression)]) {
    const read = value === null ? [] : columnsOf(value);
    if (read.some((name) => itemNamed(table?.columns ?? [], name)?.generated === "virtual"))
      fail(ledger, "0A000", "an index on a virtual generated column is not supported");
  }
  const place = {
    columns: table?.isComplete === true ? typesOf(table) : null,
    rows: [statement.table.name.name],
    ofSystem: "0A000" as const,
  };
  for (const { expression } of statement.elements)
    if (expression !== null) refuseExpression(ledger, expression, { what: "an index", ...place });
  if (statement.where !== null) {
    const what = "the condition of an index";
    refuseExpression(ledger, statement.where.value, { what, ...place });
    refuseCondition(ledger, statement.where.value, place.columns, what);
  }
  const { text } = ledger.world;
  // A name that an opening parenthesis follows is a call.
  const isCall = statement.including.some((column) =>
    text.slice(column.span.end, span.end).trimStart().startsWith("("),
  );
  if (isCall || headsAfter(ledger, behindTable, "include").includes(null))
    fail(ledger, "0A000", "expressions are not supported in included columns");
  const isOrdered = statement.elements.some((one) => one.descending || one.nullsFirst !== null);
  if (isOrdered && parameters.has(method) && method !== "btree")
    fail(ledger, "0A000", `an index of method ${method} has no order`);
  if (table === null || !unique || statement.only || !isPartitioned(table)) return;
  if (ledger.world.schema.partitionsOf(table.id).some((one) => one.kind === "foreign table"))
    fail(ledger, "42809", "a foreign table among the partitions has no unique index");
}
