import type { Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { Query } from "../../model/query.ts";
import type { CreateFunction, Statement } from "../../model/statement.ts";
import { spokenName } from "../../model/type-names.ts";
import { isTable } from "../entities.ts";
import { typeOf } from "../expression-type.ts";
import { isKnownType } from "../facts/casts.ts";
import { isOwnFunction } from "../own-functions.ts";
import { findUserType } from "./domains.ts";
import { fail, findRelation, type Ledger, openLedger } from "./ledger.ts";
import { refuseNowhere } from "./nowhere.ts";
import { columnsOf } from "./object-refusals.ts";
import { isChange } from "./reads.ts";
import { ofRows } from "./routines.ts";
import { changeOfType } from "./type-change.ts";

/** What a function in SQL gives back, and what it reads, are looked at when it is made. Of several statements nobody asks here. */
export function refuseBody(ledger: Ledger, statement: CreateFunction): void {
  const { world } = ledger;
  const { body, returns, settings, argumentTypes } = statement;
  if (body === null || world.readBody === undefined || settings.length > 0) return;
  // A body for any type is not looked at closely.
  if (
    [...argumentTypes, ...(returns === null ? [] : [returns])].some(({ name }) => /^any|^record$/.test(name))
  )
    return;
  const written = world.text.slice(body.start, body.end).trim().replace(/;$/, "");
  if (written.includes(";")) return;
  const [only] = world.readBody(body);
  if (only === undefined) {
    if (written === "") refuseResult(ledger, statement, null);
    return;
  }
  if (!ofRows.has(only.statement.kind)) return;
  const parameters = new Set(statement.parameters.flatMap(({ name }) => name ?? []));
  const own = openLedger({ ...world, text: only.text, parameters });
  refuseNowhere(own, only.statement);
  if (own.fails !== null) fail(ledger, own.fails.sqlstate, own.fails.reason);
  refuseResult(ledger, statement, only.statement);
}

/** `last`: the statement that gives the result; null where there is none. */
function refuseResult(
  ledger: Ledger,
  { returns, isProcedure }: CreateFunction,
  last: Statement | null,
): void {
  const { world } = ledger;
  if (isProcedure || returns === null || returns.name === "void") return;
  const refuse = (what: string) =>
    fail(ledger, "42P13", `the function returns ${spokenName(returns.name)}, and its body gives ${what}`);
  if (last === null) {
    refuse("nothing");
    return;
  }
  if (last.kind !== "select") {
    if ("isReturning" in last && !last.isReturning) refuse("nothing");
    return;
  }
  const query: Query = last.query;
  if (query.kind !== "select" || isChange(query)) return;
  const values = query.targets.map(({ value }) => value);
  if (values.length === 0 || values.some(mayBeMany)) return;
  const row = findRelation(world, returns);
  const isScalar = isValueType(ledger, returns);
  const width = isScalar ? 1 : isTable(row) && row.isComplete ? row.columns.length : null;
  const [value] = values;
  if (width === null || value === undefined) return;
  if (values.length !== width && values.length > 1) refuse(`${values.length} columns`);
  if (values.length > 1) return;
  const own = typeOf(value, columnsRead(ledger, query), (name) => isOwnFunction(world.schema, name));
  if (own === null || own.isReference || !isValueType(ledger, own)) return;
  // One column of a row type is a whole row.
  if (!isScalar && width > 1) refuse("one column");
  if (!isScalar || world.schema.hasCasts) return;
  const change = changeOfType(world, own, { ...returns, modifiers: [] });
  // 12 converts nothing.
  const isConverted = world.version < 13 && (change === "rewrite" || change === "zone");
  if (change === "refused" || change === "explicit" || isConverted) refuse(spokenName(own.name));
}

function mayBeMany(value: Expression): boolean {
  return (
    value.kind === "field" ||
    value.kind === "special" ||
    (value.kind === "column" && value.path.at(-1) === "*")
  );
}

/** Whether values of the type are no rows. */
function isValueType({ world }: Ledger, type: TypeDescription): boolean {
  const found = findUserType(world, type);
  if (found !== undefined) return found.kind === "enum";
  return (type.schema === null || type.schema === "pg_catalog") && isKnownType(type.name);
}

function columnsRead({ world }: Ledger, { from, with: tables }: Extract<Query, { kind: "select" }>) {
  const [source, ...others] = from;
  if (source?.kind !== "relation" || others.length > 0 || tables.length > 0) return null;
  const table = findRelation(world, source);
  return isTable(table) && table.isComplete ? columnsOf(table) : null;
}
