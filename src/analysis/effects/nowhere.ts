import type { Statement } from "../../model/statement.ts";
import { nameOf, quoteName } from "../../sql/names.ts";
import { isMark, isNameToken, tokensIn } from "../../sql/tokens.ts";
import { isTable } from "../entities.ts";
import { isAggregate } from "../facts/aggregates.ts";
import { findBuiltIn } from "../facts/built-ins.ts";
import { isOwnFunction } from "../own-functions.ts";
import type { Missing } from "../schema/reading.ts";
import { readExpression, readQuery, startReading } from "../schema/scope.ts";
import { sourceOf } from "../schema/scope-names.ts";
import { policyValues } from "./definition-values.ts";
import { isSystemColumn } from "./expression-refusals.ts";
import { fail, findRelation, type Ledger, targetOf } from "./ledger.ts";
import { innermost, neededQueries } from "./needed-queries.ts";
import { hasSubquery } from "./object-refusals.ts";

/** The columns of what else holds a query are looked at where it is read. */
const kinds: ReadonlySet<Statement["kind"]> = new Set([
  "select",
  "declare cursor",
  "create table as",
  "insert",
  "update",
  "delete",
]);

/** Refuses a query or a change of rows that reads a column which none of its tables ever had. */
export function refuseNowhere(ledger: Ledger, whole: Statement): void {
  const { world } = ledger;
  const statement = innermost(whole);
  // What a body names may as well be one of its variables.
  if (world.isInBody === true) return;
  const reading = startReading((schema, name) => findRelation(world, { schema, name }));
  if (statement.kind === "create policy" || statement.kind === "alter policy") {
    const table = targetOf(world, statement.table).known;
    if (!isTable(table)) return;
    // Without a subquery the policy itself is asked for its columns.
    for (const value of policyValues(statement).filter(hasSubquery))
      readExpression(reading, value, sourceOf(table, null));
  } else if (!kinds.has(statement.kind)) return;
  else for (const query of neededQueries(statement)) readQuery(reading, query);
  const missing = reading.missing.find(
    (one) => world.parameters?.has(one.column) !== true && isNowhere(ledger, one, statement),
  );
  if (missing !== undefined) fail(ledger, "42703", `column ${quoteName(missing.column)} does not exist`);
}

/** A column that none of the tables has which are all that the name was looked up in. */
function isNowhere({ world }: Ledger, { column, relations, names }: Missing, statement: Statement): boolean {
  if (names === null || relations.length === 0 || isSystemColumn(column)) return false;
  if (!relations.every((one) => isTable(one) && one.isComplete)) return false;
  // `users.full_name` may be `full_name(users)`.
  if (findBuiltIn(column) !== undefined || isAggregate(column)) return false;
  if (isOwnFunction(world.schema, column)) return false;
  // `users AS u (a, b)` gives the columns other names.
  const { text } = world;
  const tokens = tokensIn(text, statement.span.start, statement.span.end);
  return !tokens.some(
    (token, k) =>
      isNameToken(token) && isMark(text, tokens[k + 1], "(") && names.includes(nameOf(text, token)),
  );
}
