import type { Action } from "../../model/action.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { CreateIndex, Statement, StatementOf } from "../../model/statement.ts";
import type { ColumnDefinition, Constraint } from "../../model/table.ts";
import { isMark, isWord, tokenize, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import { refuseMarks } from "./constraint-refusals.ts";
import type { Ledger } from "./ledger.ts";
import { needVersion } from "./ledger.ts";
import { checkSources } from "./new-sources.ts";
import { checkWords } from "./new-words.ts";
import { needSetting } from "./settings.ts";
import { hasMark, hasWords, headsAfter, listHeads } from "./words.ts";

/** Refuses what only newer servers than the target understand (measured: 42601). */
export function checkVersion(ledger: Ledger, statement: Statement): void {
  checkWords(ledger, statement);
  checkSources(ledger, statement);
  switch (statement.kind) {
    case "create table":
      for (const column of statement.columns) {
        checkColumn(ledger, column);
        refuseMarks(ledger, column.span);
      }
      for (const constraint of statement.constraints) {
        checkConstraint(ledger, constraint, true);
        refuseMarks(ledger, constraint.span);
      }
      if (statement.isForeign && statement.likes.length > 0)
        needVersion(ledger, 18, "LIKE in CREATE FOREIGN TABLE", "0A000");
      return;
    case "create index":
      if (statement.nullsNotDistinct) needVersion(ledger, 15, "NULLS NOT DISTINCT");
      checkIndex(ledger, statement);
      return;
    case "reindex":
      if (statement.target === null && statement.object !== "schema")
        needVersion(ledger, 16, `REINDEX ${statement.object.toUpperCase()} without a name`);
      return;
    case "grant":
    case "revoke":
      if (statement.object !== "role" && hasWords(ledger, statement.span, "granted", "by"))
        needVersion(ledger, 14, "GRANTED BY of a privilege");
      return;
    case "explain":
      checkPlanOptions(ledger, statement);
      checkVersion(ledger, statement.statement);
      return;
    case "prepare":
      checkVersion(ledger, statement.statement);
      return;
    case "create statistics":
      if (ledger.world.version < 14 && hasExpressions(ledger, statement))
        needVersion(ledger, 14, "CREATE STATISTICS on an expression", "0A000");
      return;
    case "alter object depends":
      if (hasWords(ledger, statement.span, "no", "depends"))
        needVersion(ledger, 13, "NO DEPENDS ON EXTENSION");
      return;
    case "alter role set":
    case "alter database set":
      // RESET of what is not there does nothing.
      if (statement.value !== null) needSetting(ledger, statement.name);
      return;
    case "create domain":
      needType(ledger, statement.type);
      return;
    case "create function":
      for (const type of statement.argumentTypes) needType(ledger, type);
      if (statement.returns !== null) needType(ledger, statement.returns);
      for (const { name } of statement.settings) needSetting(ledger, name);
      return;
    case "create sequence":
      if (statement.persistence === "unlogged") needVersion(ledger, 15, "CREATE UNLOGGED SEQUENCE", "0A000");
      return;
    case "other":
      if (statement.command === "alter statistics" && hasWords(ledger, statement.span, "set", "statistics"))
        needVersion(ledger, 13, "ALTER STATISTICS ... SET STATISTICS");
      if (
        statement.command === "alter statistics" &&
        hasWords(ledger, statement.span, "statistics", "default")
      )
        needVersion(ledger, 17, "ALTER STATISTICS ... SET STATISTICS DEFAULT");
      return;
    default:
      return;
  }
}

/** Options of EXPLAIN that came later. */
const planOptions = [
  ["wal", 13],
  ["generic_plan", 16],
  ["serialize", 17],
  ["memory", 17],
] as const;

function checkPlanOptions(ledger: Ledger, { span, statement }: StatementOf<"explain">): void {
  const options = listHeads(ledger, { start: span.start, end: statement.span.start });
  for (const [option, since] of planOptions)
    if (options.includes(option)) needVersion(ledger, since, `EXPLAIN (${option.toUpperCase()})`);
}

/** What indexes have not always had, method by method. */
function checkIndex(ledger: Ledger, statement: CreateIndex): void {
  if (ledger.world.version >= 14) return;
  if (statement.method === "spgist" && statement.including.length > 0)
    needVersion(ledger, 14, "INCLUDE of an index of method spgist", "0A000");
  for (const { operatorClass, span } of statement.elements) {
    if (operatorClass === null) continue;
    if (statement.method === "brin" && /_(?:bloom|minmax_multi)_ops$/.test(operatorClass))
      needVersion(ledger, 14, `the operator class ${operatorClass}`, "42704");
    if (hasMarkBehind(ledger, span, operatorClass))
      needVersion(ledger, 13, "parameters of an operator class");
  }
  const options = headsAfter(
    ledger,
    { start: statement.table.span.end, end: statement.where?.span.start ?? statement.span.end },
    "with",
  );
  if (options.includes("deduplicate_items"))
    needVersion(ledger, 13, "the parameter deduplicate_items", "22023");
}

function hasMarkBehind(ledger: Ledger, span: Span, word: string): boolean {
  const { text } = ledger.world;
  const tokens = tokensIn(text, span.start, span.end);
  return tokens.some((token, k) => isWord(text, token, word) && isMark(text, tokens[k + 1], "("));
}

/** Parentheses behind ON belong to an expression. */
function hasExpressions(ledger: Ledger, statement: StatementOf<"create statistics">): boolean {
  const start = statement.name?.span.end ?? statement.span.start;
  const kinds = tokenize(ledger.world.text, start, statement.span.end);
  const on = kinds.find((token) => isWord(ledger.world.text, token, "on"));
  const from = statement.table?.span.start ?? statement.span.end;
  return on !== undefined && hasMark(ledger, { start: on.end, end: from }, "(");
}

/** The same for one action of ALTER TABLE. */
export function checkActionVersion(ledger: Ledger, action: Action): void {
  if (action.kind === "add column") checkColumn(ledger, action.column);
  else if (action.kind === "add constraint") checkConstraint(ledger, action.constraint, true);
  else if (action.kind === "alter column type") needType(ledger, action.type);
}

/** Types that came after 12. */
const newTypes: ReadonlyMap<string, number> = new Map([
  ...["xid8", "pg_snapshot", "regcollation"].map((name) => [name, 13] as const),
  ...["", "array", "nonarray", "range"].map((rest) => [`anycompatible${rest}`, 13] as const),
  ...["any", "anycompatible", "int4", "int8", "num", "ts", "tstz", "date"].map(
    (first) => [`${first}multirange`, 14] as const,
  ),
]);

function needType(ledger: Ledger, type: TypeDescription): void {
  const since = newTypes.get(type.name);
  const isBuiltIn = type.schema === null || type.schema === "pg_catalog";
  if (since === undefined || !isBuiltIn || ledger.world.schema.findType(type) !== undefined) return;
  needVersion(ledger, since, `the type ${type.name}`, "42704");
}

function checkColumn(ledger: Ledger, column: ColumnDefinition): void {
  if (column.type !== null) needType(ledger, column.type);
  if (column.generated !== null && !column.generated.stored)
    needVersion(ledger, 18, "a virtual generated column");
  if (column.notNull?.notValid === true) needVersion(ledger, 18, "NOT NULL NOT VALID");
  for (const constraint of column.constraints) checkConstraint(ledger, constraint);
}

function checkConstraint(ledger: Ledger, constraint: Constraint, isTableForm = false): void {
  if (constraint.notEnforced) needVersion(ledger, 18, "NOT ENFORCED");
  if (constraint.kind === "not null" && isTableForm)
    needVersion(ledger, 18, "NOT NULL as a table constraint");
  if (constraint.kind === "unique" || constraint.kind === "primary key") {
    if (constraint.nullsNotDistinct) needVersion(ledger, 15, "NULLS NOT DISTINCT");
    if (constraint.withoutOverlaps) needVersion(ledger, 18, "WITHOUT OVERLAPS");
  }
  if (constraint.kind === "foreign key" && constraint.onDeleteColumns.length > 0)
    needVersion(ledger, 15, "a list of columns of ON DELETE SET");
}
