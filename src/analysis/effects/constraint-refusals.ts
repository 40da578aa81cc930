import type { CheckConstraint, ExclusionConstraint, KeyConstraint } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import { areWords, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import type { Index, Table } from "../entities.ts";
import { countPrimaryKeys } from "../same-statement.ts";
import type { AlterPlan, ConstraintPlace } from "./alter-plan.ts";
import { columnOf, isAddedVirtual, isFreedName } from "./alter-plan.ts";
import { placeIn } from "./alter-refusals.ts";
import { isSameCheck } from "./child-refusals.ts";
import { refuseOperators } from "./exclusion-refusals.ts";
import { refuseExpression } from "./expression-refusals.ts";
import { familyOf, hasChildren, isPartitioned } from "./family.ts";
import { isReadAsTable } from "./foreign-table-refusals.ts";
import { refuseParameters } from "./index-refusals.ts";
import type { Ledger } from "./ledger.ts";
import { fail, failEvident, findRelation, needVersion } from "./ledger.ts";
import { refuseClassesOf } from "./operator-classes.ts";
import { refuseScalar } from "./scalar-refusals.ts";
import { refuseCondition } from "./value-refusals.ts";
import { endsEnforced } from "./words.ts";

/** What no server of the version understands of the marks behind a constraint; `span` reaches over them. */
export function refuseMarks(ledger: Ledger, span: Span): void {
  const { text, version } = ledger.world;
  if (version >= 18 || !/\benforced\b/i.test(text.slice(span.start, span.end))) return;
  if (endsEnforced(ledger, span)) needVersion(ledger, 18, "ENFORCED");
}

/** A CHECK on the table; one that comes with a column is looked at alike. */
export function refuseCheck(plan: AlterPlan, constraint: CheckConstraint): void {
  const { ledger, statement } = plan;
  const table = plan.target.known;
  const place = placeIn(plan, "a check constraint");
  refuseExpression(ledger, constraint.expression.value, place);
  refuseCondition(ledger, constraint.expression.value, place.columns, place.what);
  if (table === null) return;
  if (isPartitioned(table) && constraint.noInherit)
    fail(ledger, "42P16", "a constraint of a partitioned table cannot be NO INHERIT");
  if (statement.only && !constraint.noInherit && hasChildren(ledger.world.schema, table))
    fail(ledger, "42P16", "the constraint must be added to the child tables too");
}

/**
 * The constraint that a child has under the name of one that comes down to it: they are merged, and nobody reads the
 * child's rows again.
 */
export function mergesWith(plan: AlterPlan, constraint: CheckConstraint, child: Table): boolean {
  const { ledger } = plan;
  const own = child.constraints.find((one) => one.name === constraint.name?.name);
  if (own === undefined || child.id === plan.target.known?.id) return false;
  if (own.kind === "check" && !isSameCheck(own.expression, constraint.expression.value))
    fail(
      ledger,
      "42710",
      `constraint ${quoteName(own.name)} of ${quoteName(child.name)} says something else`,
    );
  if (own.noInherit)
    fail(ledger, "42P17", `constraint ${quoteName(own.name)} of ${quoteName(child.name)} is not inherited`);
  if (!own.validated && !constraint.notValid)
    fail(ledger, "42P17", `constraint ${quoteName(own.name)} of ${quoteName(child.name)} is NOT VALID`);
  return own.kind === "check" && own.validated;
}

/** Columns of a key are there, once each, and values that are not stored have no index. */
export function refuseKeyColumns(plan: AlterPlan, key: KeyConstraint, place: ConstraintPlace): void {
  const { ledger, statement } = plan;
  const { schema } = ledger.world;
  const table = plan.target.known;
  const columns = key.columns.map(({ name }) => name);
  const known = placeIn(plan, "a key").columns;
  refuseParameters(ledger, key.span, "btree");
  const seen = new Set<string>();
  for (const name of columns) {
    if (seen.has(name)) failEvident(ledger, "42701", `column ${quoteName(name)} appears twice in the key`);
    seen.add(name);
    if (!place.isOnNewColumn && known !== null && !known.has(name))
      fail(ledger, "42703", `column ${quoteName(name)} of the key does not exist`);
    if (columnOf(plan, name)?.generated === "virtual" || isAddedVirtual(plan, name))
      fail(ledger, "0A000", "a key on a virtual generated column is not supported");
  }
  for (const { name } of key.including)
    if (!place.isOnNewColumn && known !== null && !known.has(name))
      fail(ledger, "42703", `column ${quoteName(name)}, which the key includes, does not exist`);
  if (table?.kind === "foreign table")
    fail(ledger, isReadAsTable(ledger, statement.object) ? "42809" : "0A000", "a foreign table has no keys");
  if (
    table !== null &&
    isPartitioned(table) &&
    schema.partitionsOf(table.id).some((one) => one.kind !== "table")
  )
    fail(ledger, "42809", "a foreign table among the partitions has no unique index");
  if (key.withoutOverlaps && columns.length < 2)
    fail(ledger, "42601", "a key WITHOUT OVERLAPS has at least two columns");
  if (key.withoutOverlaps) refuseScalar(ledger, columnOf(plan, columns.at(-1) ?? "")?.type, columns.at(-1));
  refuseClassesOf(ledger, key, (name) => known?.get(name));
  if (key.kind === "primary key" && countPrimaryKeys(statement) > 1)
    fail(ledger, "42P16", "multiple primary keys are not allowed");
}

/** An index becomes a constraint only if the constraint would have made it just so. */
export function refuseIndex(plan: AlterPlan, key: KeyConstraint, index: Index): void {
  const { ledger, target } = plan;
  const { name } = index;
  if (target.known !== null && index.table !== target.known.id)
    fail(ledger, "55000", `index ${quoteName(name)} does not belong to the table`);
  if (index.constraint !== null)
    fail(ledger, "55000", `index ${quoteName(name)} belongs to a constraint already`);
  if (!index.isValid) fail(ledger, "55000", `index ${quoteName(name)} is not valid`);
  if (!index.unique) fail(ledger, "42809", `${quoteName(name)} is not a unique index`);
  if (index.isPartial || index.hasExpression)
    fail(ledger, "42809", `${quoteName(name)} is partial or contains expressions`);
  // 12 does not look at collations.
  const isForgiven = ledger.world.version < 13 && index.keyForms.some(({ collation }) => collation !== null);
  if (!index.hasPlainKeys && !isForgiven)
    fail(ledger, "42809", `${quoteName(name)} does not sort as the index of a constraint does`);
  // 15 forgot to look.
  if (key.kind === "primary key" && ledger.world.version >= 16 && isNullsNotDistinct(index))
    fail(ledger, "42P16", "the index of a primary key cannot be NULLS NOT DISTINCT");
  const wanted = key.name?.name;
  const isTaken = wanted !== undefined && wanted !== name;
  if (
    isTaken &&
    !isFreedName(plan, wanted) &&
    findRelation(ledger.world, { schema: index.schema, name: wanted }) !== undefined
  )
    fail(ledger, "42P07", `relation ${wanted} already exists`);
}

function isNullsNotDistinct(index: Index): boolean {
  const { definition = "" } = index;
  const tokens = tokensIn(definition);
  return tokens.some((_, k) => areWords(definition, tokens, k, "nulls", "not", "distinct"));
}

/** EXCLUDE on a partitioned table compares the partition key by equality. */
export function refuseExclusion(plan: AlterPlan, constraint: ExclusionConstraint): void {
  const { ledger, target } = plan;
  const table = target.known;
  const { method } = constraint;
  if (method === "gin" || method === "brin")
    fail(ledger, "0A000", `an index of method ${method} cannot exclude rows`);
  refuseOperators(ledger, constraint);
  const types = placeIn(plan, "an exclusion constraint").columns;
  refuseClassesOf(ledger, constraint, (name) => types?.get(name));
  if (table === null || !isPartitioned(table)) return;
  const columns = constraint.elements.map((element) => element.column?.name);
  const parts = familyOf(ledger.world.schema, table).flatMap(({ partitionBy }) => partitionBy?.columns ?? []);
  if (!parts.every((part) => part.column !== null && columns.includes(part.column)))
    fail(
      ledger,
      "0A000",
      "an exclusion constraint on a partitioned table must include all partitioning columns",
    );
}
