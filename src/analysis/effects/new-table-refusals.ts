import type { TypeDescription } from "../../model/name.ts";
import type { CreateTable } from "../../model/statement.ts";
import type { Constraint, ForeignKey, KeyConstraint } from "../../model/table.ts";
import { quoteName, truncateName } from "../../sql/names.ts";
import type { ColumnTypes } from "../expression-type.ts";
import { columnsOf } from "../schema/expressions.ts";
import { refuseOperators } from "./exclusion-refusals.ts";
import { refuseExpression } from "./expression-refusals.ts";
import { refuseGenerationOf } from "./generation-refusals.ts";
import { refuseParameters } from "./index-refusals.ts";
import type { Ledger } from "./ledger.ts";
import { fail, failEvident } from "./ledger.ts";
import { refuseNotNulls } from "./new-not-null.ts";
import { refuseClassesOf } from "./operator-classes.ts";
import { refuseScalar } from "./scalar-refusals.ts";
import { refuseCondition } from "./value-refusals.ts";

/** What the columns and constraints of a new table say of one another. */
export function refuseParts(ledger: Ledger, statement: CreateTable): void {
  // Columns that come from elsewhere are not all known.
  const isOwn =
    statement.inherits.length === 0 &&
    statement.likes.length === 0 &&
    statement.partitionOf === null &&
    statement.ofType === null;
  const columns = new Map<string, TypeDescription | null>(
    statement.columns.map(({ name, type }) => [truncateName(name.name), type]),
  );
  const place = {
    columns: isOwn ? columns : null,
    rows: [truncateName(statement.table.name.name)],
    isNew: true,
  };
  const generated = new Set(
    statement.columns.flatMap((one) => (one.generated === null ? [] : [truncateName(one.name.name)])),
  );
  const virtual = new Set(
    statement.columns.flatMap(({ name, generated: from }) =>
      from === null || from.stored ? [] : [truncateName(name.name)],
    ),
  );
  for (const column of statement.columns)
    refuseGenerationOf(ledger, column, { what: "a generated column", ...place }, (name) =>
      generated.has(name),
    );
  const all = [...statement.columns.flatMap((column) => column.constraints), ...statement.constraints];
  const named = new Map<string, Constraint["kind"]>();
  for (const one of all) {
    refuseSecondName(ledger, one, named);
    if (one.kind === "check") {
      const what = "a check constraint";
      refuseExpression(ledger, one.expression.value, { what, ...place });
      refuseCondition(ledger, one.expression.value, columns, what);
    }
    refuseNames(ledger, one, isOwn ? columns : null);
    if (one.notEnforced && one.kind !== "check" && one.kind !== "foreign key")
      failEvident(ledger, "42601", "only CHECK and foreign keys can be NOT ENFORCED");
    if (one.kind === "unique" || one.kind === "primary key") refuseKey(ledger, one, columns, virtual);
    if (one.kind === "unique" || one.kind === "primary key" || one.kind === "exclusion")
      refuseClassesOf(ledger, one, (name) => columns.get(name));
    if (one.kind === "exclusion") refuseOperators(ledger, one);
    if (one.kind === "foreign key") refuseComputed(ledger, one, generated);
    if (one.kind === "foreign key" && one.columns.some(({ name }) => virtual.has(truncateName(name))))
      fail(ledger, "0A000", "a foreign key on a virtual generated column is not supported");
  }
  refuseNotNulls(ledger, statement, isOwn ? columns : null);
  const parts = statement.partitionBy?.columns.map(({ column }) => column) ?? [];
  const inParts = (statement.partitionBy?.columns ?? []).flatMap(({ expression }) =>
    expression === null ? [] : columnsOf(expression),
  );
  const computed = [...parts, ...inParts].find((name) => name !== null && generated.has(name));
  if (computed != null)
    fail(ledger, "42P17", `a table cannot be partitioned by the generated column ${quoteName(computed)}`);
}

/** A name for two constraints; two that have an index are told by their indexes. */
function refuseSecondName(
  ledger: Ledger,
  { kind, name }: Constraint,
  named: Map<string, Constraint["kind"]>,
): void {
  if (name === null || kind === "not null") return;
  const own = truncateName(name.name);
  const before = named.get(own);
  const isOfIndex = (one: Constraint["kind"]) => one !== "check" && one !== "foreign key";
  if (before !== undefined && !(isOfIndex(before) && isOfIndex(kind)))
    failEvident(ledger, "42710", `constraint ${quoteName(own)} is given twice`);
  named.set(own, kind);
}

/** Values that are not stored have no index; `virtual`: the columns that have none. */
function refuseKey(
  ledger: Ledger,
  key: KeyConstraint,
  types: ColumnTypes,
  virtual: ReadonlySet<string>,
): void {
  const { columns, withoutOverlaps, span } = key;
  refuseParameters(ledger, span, "btree");
  if (columns.some(({ name }) => virtual.has(truncateName(name))))
    fail(ledger, "0A000", "a key on a virtual generated column is not supported");
  if (!withoutOverlaps) return;
  if (columns.length < 2) failEvident(ledger, "42601", "a key WITHOUT OVERLAPS has at least two columns");
  const last = columns.at(-1)?.name;
  refuseScalar(ledger, types.get(truncateName(last ?? "")), last);
}

/** A value that is computed is not set by the row that it references. */
function refuseComputed(ledger: Ledger, key: ForeignKey, generated: ReadonlySet<string>): void {
  const name = key.columns.map((column) => truncateName(column.name)).find((one) => generated.has(one));
  const sets = (action: ForeignKey["onDelete"]) => action === "set null" || action === "set default";
  if (name !== undefined && (sets(key.onDelete) || sets(key.onUpdate) || key.onUpdate === "cascade"))
    fail(ledger, "42601", `the generated column ${quoteName(name)} cannot be set by ON UPDATE or ON DELETE`);
}

/** The columns of a key: there, and each once. */
function refuseNames(ledger: Ledger, one: Constraint, columns: ReadonlyMap<string, unknown> | null): void {
  if (one.kind !== "unique" && one.kind !== "primary key" && one.kind !== "foreign key") return;
  const names = one.columns.map(({ name }) => truncateName(name));
  const included = one.kind === "foreign key" ? [] : one.including.map(({ name }) => truncateName(name));
  const missing = columns === null ? undefined : [...names, ...included].find((name) => !columns.has(name));
  if (missing !== undefined)
    failEvident(ledger, "42703", `column ${quoteName(missing)}, which a key names, does not exist`);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined && one.kind !== "foreign key")
    failEvident(ledger, "42701", `column ${quoteName(twice)} appears twice in a key`);
}
