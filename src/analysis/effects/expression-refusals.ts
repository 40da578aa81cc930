import type { Call, Expression } from "../../model/expression.ts";
import { walkExpression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import { quoteName, truncateName } from "../../sql/names.ts";
import { isAggregate, returnsRows } from "../facts/aggregates.ts";
import { isKnownType } from "../facts/casts.ts";
import { isOwnFunction } from "../own-functions.ts";
import { refuseBranches } from "./branch-refusals.ts";
import type { Ledger } from "./ledger.ts";
import { fail, failEvident } from "./ledger.ts";
import { refuseSlips } from "./value-slips.ts";

/** Columns that every table has. */
const systemColumns = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"]);

/** Whether every table has a column of this name without declaring it: `ctid`, `xmin`, ... */
export function isSystemColumn(name: string): boolean {
  return systemColumns.has(name);
}

/** The columns that an expression may read, and what the server calls a place where it stands. */
export interface Place {
  /** Null: not all of them are known. */
  readonly columns: ReadonlyMap<string, TypeDescription | null> | null;
  /** Names that stand for a whole row: of the table, or OLD and NEW. */
  readonly rows: readonly string[];
  readonly what: string;
  /** What the server says where it is a system column; null: nothing. Missing: 42P10, but for tableoid. */
  readonly ofSystem?: "0A000" | null;
  /** Whether the statement itself makes the table. */
  readonly isNew?: boolean;
}

/** An expression that has nothing but one row to work with: no subquery, no aggregate, no column that is not there. */
export function refuseExpression(ledger: Ledger, expression: Expression, place: Place): void {
  refuseBranches(ledger, expression, place.columns);
  refuseSlips(ledger, expression, place.columns);
  walkExpression(expression, (node) => {
    if (node.kind === "subquery") fail(ledger, "0A000", `${place.what} cannot use a subquery`);
    else if (node.kind === "call") refuseCall(ledger, node, place.what);
    else if (node.kind === "column") refuseColumn(ledger, node.path, place);
  });
}

/** A call that needs other rows than one, or yields more. */
function refuseCall(ledger: Ledger, { schema, name, isWindow }: Call, what: string): void {
  if (isWindow) fail(ledger, "42P20", `${what} cannot use the window function ${name}()`);
  if (schema !== null && schema !== "pg_catalog") return;
  if (schema === null && isOwnFunction(ledger.world.schema, name)) return;
  if (isAggregate(name)) fail(ledger, "42803", `${what} cannot use the aggregate ${name}()`);
  if (returnsRows(name)) fail(ledger, "0A000", `${what} cannot use ${name}(), which yields rows`);
}

function refuseColumn(ledger: Ledger, path: readonly string[], place: Place): void {
  const name = truncateName(path.at(-1) ?? "*");
  if (name === "*" || place.rows.includes(name) || place.columns === null) return;
  if (place.columns.has(name)) return;
  if (isSystemColumn(name)) {
    const code = place.ofSystem ?? (place.ofSystem === null || name === "tableoid" ? null : "42P10");
    if (code !== null) fail(ledger, code, `${place.what} cannot use the system column ${quoteName(name)}`);
  } else
    (place.isNew === true ? failEvident : fail)(
      ledger,
      "42703",
      `${place.what} reads the column ${quoteName(name)}, which does not exist`,
    );
}

/** A default belongs to no row: it cannot read columns. */
export function refuseDefault(ledger: Ledger, value: Expression): void {
  walkExpression(value, (node) => {
    if (node.kind === "column") {
      // What stands for a placeholder of the tool looks like a column, and will be a value.
      if (!node.path.some((name) => ledger.world.namesPlaceholder?.(name) === true))
        fail(ledger, "0A000", "a default cannot read a column");
    } else if (node.kind === "subquery") fail(ledger, "0A000", "a default cannot use a subquery");
    else if (node.kind === "call") refuseCall(ledger, node, "a default");
  });
}

const pseudoTypes = new Set([
  "record",
  "anyelement",
  "anyarray",
  "unknown",
  "void",
  "trigger",
  "cstring",
  "internal",
]);

/** Whether it is a type of arguments and results alone. */
export function isPseudoType({ schema, name }: TypeDescription): boolean {
  return (schema === null || schema === "pg_catalog") && pseudoTypes.has(name);
}

/** Types of arguments and results alone: nothing can be stored as one. */
export function refusePseudoType(ledger: Ledger, type: TypeDescription): void {
  if (type.isSetOf) fail(ledger, "42P16", "a column holds one value, and not a set of them");
  if (isPseudoType(type)) fail(ledger, "42P16", `a column cannot have the pseudo-type ${type.name}`);
}

/** Types that take no number in parentheses; other databases have lengths for some of them. */
const withoutLength = new Set(
  "text uuid json jsonb date bytea money inet cidr macaddr macaddr8 xml tsvector tsquery oid name point".split(
    " ",
  ),
);

/** MaxAttrSize of the server. */
const longestText = 10_485_760;

/** Lengths, precisions and scales that a type cannot have. */
export function refuseModifiers(ledger: Ledger, { schema, name, modifiers }: TypeDescription): void {
  const [first, second] = modifiers.map(Number);
  if ((schema !== null && schema !== "pg_catalog") || first === undefined || Number.isNaN(first)) return;
  if (withoutLength.has(name))
    fail(ledger, "42601", `the type ${name} has no length: ${name}(${first}) is refused`);
  if (["varchar", "bpchar", "bit", "varbit"].includes(name) && first < 1)
    fail(ledger, "22023", `the length of ${name} is at least 1`);
  if ((name === "varchar" || name === "bpchar") && first > longestText)
    fail(ledger, "22023", `the length of ${name} is at most ${longestText}: text has no limit`);
  if (name !== "numeric") return;
  if (first < 1 || first > 1000) fail(ledger, "22023", "the precision of numeric is between 1 and 1000");
  if (second !== undefined && ledger.world.version < 15 && (second < 0 || second > first))
    fail(ledger, "22023", "the scale of numeric is between 0 and its precision before 15");
  if (second !== undefined && Math.abs(second) > 1000)
    fail(ledger, "22023", "the scale of numeric is between -1000 and 1000");
}

const collated = new Set(["text", "varchar", "bpchar", "name", "citext"]);

/** Only text has a collation. */
export function refuseCollation(ledger: Ledger, type: TypeDescription, collation: string | null): void {
  if (collation === null || type.schema !== null || !isKnownType(type.name) || collated.has(type.name))
    return;
  fail(ledger, "42804", `collations are not supported by type ${type.name}`);
}
