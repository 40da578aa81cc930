import { type Expression, walkExpression } from "../../model/expression.ts";
import { isRelationType } from "../../model/object-types.ts";
import type {
  AlterEnum,
  CommentOn,
  CreateView,
  Grant,
  Policy,
  RefreshMaterializedView,
  Rename,
  StatementOf,
} from "../../model/statement.ts";
import { nameOf, quoteName } from "../../sql/names.ts";
import { isMark, isWord, tokenize, tokensIn } from "../../sql/tokens.ts";
import { isSureOfKind } from "../assumed.ts";
import { labelOf } from "../effect.ts";
import { type Column, isTable, type Relation, type Table } from "../entities.ts";
import type { ColumnTypes } from "../expression-type.ts";
import { readQuery as readOutputs, startReading } from "../schema/scope.ts";
import { isUpdatable } from "../updatable.ts";
import { policyValues } from "./definition-values.ts";
import { isSystemColumn, refuseExpression } from "./expression-refusals.ts";
import { refuseRights } from "./grant-rights.ts";
import type { Ledger } from "./ledger.ts";
import { depend, fail, failEvident, findRelation, labelOfName, needVersion, targetOf } from "./ledger.ts";
import { optionList, optionNames } from "./option-list.ts";
import { isChange } from "./reads.ts";
import { refuseCondition } from "./value-refusals.ts";
import { hasWords, headsAfter } from "./words.ts";

/** The types of a table's columns by their names; null where a type is not known. */
export function columnsOf({ columns }: Table): ColumnTypes {
  const known = typesOf.get(columns) ?? new Map(columns.map((column) => [column.name, column.type]));
  typesOf.set(columns, known);
  return known;
}

/** Of each list of columns: many indexes may be made over one. */
const typesOf = new WeakMap<readonly Column[], ColumnTypes>();

/** From 16 CREATE RULE ON SELECT makes a view of a table no more; before it did so of an empty one, as old dumps do. */
export function refuseRule(ledger: Ledger, statement: StatementOf<"create rule">): void {
  const known = targetOf(ledger.world, statement.table).known;
  if (isTable(known) && !statement.orReplace && known.rules.includes(statement.name.name))
    fail(ledger, "42710", `rule ${quoteName(statement.name.name)} already exists`);
  if (known?.kind === "foreign table") fail(ledger, "42809", `${quoteName(known.name)} cannot have rules`);
  if (known?.kind === "materialized view")
    fail(ledger, "0A000", `${quoteName(known.name)} is a materialized view and cannot have rules`);
  refuseRow(ledger, statement);
  if (!isTable(known) || !hasWords(ledger, statement.span, "on", "select")) return;
  if (ledger.world.version >= 16) fail(ledger, "42809", `${quoteName(known.name)} cannot become a view`);
  else depend(ledger, `whether ${quoteName(known.name)} is empty, and can become a view`);
}

/** An INSERT has no old row, and a DELETE no new one. */
function refuseRow(ledger: Ledger, { span, table }: StatementOf<"create rule">): void {
  const { text } = ledger.world;
  const missing = hasWords(ledger, span, "on", "insert")
    ? "old"
    : hasWords(ledger, span, "on", "delete")
      ? "new"
      : null;
  if (missing === null) return;
  const tokens = tokensIn(text, table.span.end, span.end);
  const isRead = tokens.some((token, k) => isWord(text, token, missing) && isMark(text, tokens[k + 1], "."));
  if (isRead) fail(ledger, "42P17", `the rule cannot read ${missing.toUpperCase()}`);
}

/** Whether the expression asks for rows of its own. */
export function hasSubquery(expression: Expression): boolean {
  let has = false;
  walkExpression(expression, (node) => {
    has ||= node.kind === "subquery";
  });
  return has;
}

/** The conditions of a policy read columns of their table. */
export function refusePolicy(ledger: Ledger, statement: Policy, table: Table | null): void {
  const rest = { start: statement.table.span.end, end: statement.span.end };
  const isFor = (command: string) => hasWords(ledger, rest, "for", command);
  if (statement.using !== null && isFor("insert"))
    fail(ledger, "42601", "a policy for INSERT has WITH CHECK only");
  if (statement.withCheck !== null && (isFor("select") || isFor("delete")))
    fail(ledger, "42601", "a policy for SELECT or DELETE has no WITH CHECK");
  if (table === null || !table.isComplete) return;
  for (const part of policyValues(statement)) {
    // What a subquery reads is a question of scope.
    if (hasSubquery(part)) continue;
    const columns = columnsOf(table);
    refuseExpression(ledger, part, { columns, rows: [table.name], what: "a policy", ofSystem: null });
    refuseCondition(ledger, part, columns, "a policy");
  }
}

/** CREATE VIEW: columns that are there, each with a name of its own; OR REPLACE is for views. */
export function refuseView(ledger: Ledger, statement: CreateView, existing: Relation | null): void {
  const { query } = statement;
  const { world } = ledger;
  if (world.version < 15 && hasWords(ledger, statement.span, "security_invoker"))
    needVersion(ledger, 15, "security_invoker", "22023");
  const isInPlace = existing !== null && labelOf(existing) === labelOfName(world, statement.view);
  if (statement.orReplace && isInPlace && existing.kind !== "view" && isSureOfKind(existing))
    fail(ledger, "42809", `${quoteName(existing.name)} is not a view`);
  const isChecked =
    hasWords(ledger, statement.span, "check", "option") || hasWords(ledger, statement.span, "check_option");
  if (isChecked && !isWritable(ledger, query))
    fail(ledger, "0A000", "WITH CHECK OPTION needs a view that can be written through");
  refuseViewOptions(ledger, statement);
  if (statement.persistence === "unlogged")
    failEvident(ledger, "42601", "a view stores nothing, and cannot be unlogged");
  if (query.with.some((table) => isChange(table.query)))
    fail(ledger, "0A000", "a view cannot change data in WITH");
  if (query.kind !== "select") return;
  if (query.into !== null) fail(ledger, "0A000", "a view cannot contain SELECT INTO");
  const isTold = !query.targets.some(({ value }) => isStar(value));
  if (isTold && statement.columns.length > query.targets.length)
    fail(ledger, "42601", "CREATE VIEW names more columns than its query gives");
  refuseDoubles(ledger, statement);
  const [source, ...others] = query.from;
  if (others.length > 0 || source?.kind !== "relation" || query.with.length > 0) return;
  const table = findRelation(world, source);
  if (!isTable(table) || !table.isComplete) return;
  const columns = columnsOf(table);
  for (const { value } of query.targets) {
    const name = value.kind === "column" ? (value.path.at(-1) ?? "*") : "*";
    if (name === "*" || columns.has(name) || isSystemColumn(name) || name === (source.alias ?? source.name))
      continue;
    fail(ledger, "42703", `column ${quoteName(name)} of ${quoteName(table.name)} does not exist`);
  }
}

/** Parameters of a view. */
export const viewOptions: readonly string[] = ["security_barrier", "security_invoker", "check_option"];

function refuseViewOptions(ledger: Ledger, { view, span }: CreateView): void {
  const { text } = ledger.world;
  const list = optionList(text, tokensIn(text, view.span.end, span.end));
  const odd = optionNames(text, list).find((name) => !name.includes(".") && !viewOptions.includes(name));
  if (odd !== undefined) fail(ledger, "22023", `a view has no parameter ${odd}`);
  const at = list.findIndex((token) => isWord(text, token, "check_option"));
  const [mark, value] = at === -1 ? [] : [list[at + 1], list[at + 2]];
  if (value === undefined || !isMark(text, mark, "=")) return;
  const word = text.slice(value.start, value.end).replaceAll("'", "").toLowerCase();
  if (word !== "local" && word !== "cascaded") fail(ledger, "22023", "check_option is local or cascaded");
}

/** Whether rows can be written through the view: of one that it reads itself nobody asks here. */
function isWritable(ledger: Ledger, query: CreateView["query"]): boolean {
  if (!isUpdatable(query) || query.kind !== "select") return false;
  const [source] = query.from;
  const below = source?.kind === "relation" ? findRelation(ledger.world, source) : undefined;
  return below === undefined || below.kind === "view" || isTable(below);
}

/** Each column has a name of its own: those behind a star, too, and all that say nothing are called the same. */
function refuseDoubles(ledger: Ledger, { query, columns }: CreateView): void {
  const reading = startReading((schema, name) => findRelation(ledger.world, { schema, name }));
  const names = readOutputs(reading, query)?.map(({ name }, k) => columns[k] ?? name) ?? columns;
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) fail(ledger, "42701", `column ${quoteName(name)} of the view is given twice`);
    seen.add(name);
  }
}

/** `t.*`, or `(row).*`: any number of columns. */
function isStar(value: Expression): boolean {
  return (
    (value.kind === "column" && value.path.at(-1) === "*") ||
    value.kind === "field" ||
    value.kind === "special"
  );
}

/** RENAME by the word of another kind. ALTER TABLE does for all. */
export function refuseKind(ledger: Ledger, statement: Rename): void {
  const known = targetOf(ledger.world, statement.target).known;
  if (known === null || statement.part !== null || !isSureOfKind(known)) return;
  const { object } = statement;
  if (object === "type" && ledger.world.schema.findType(statement.target) === undefined)
    fail(ledger, "42809", `${quoteName(known.name)} is a relation: ALTER TABLE renames it`);
  refuseWord(ledger, object, known);
}

/** ALTER by the word of another kind. */
export function refuseWord(ledger: Ledger, object: string, known: Relation): void {
  const isOfOneKind = ["view", "materialized view", "sequence", "foreign table"].includes(object);
  if (isOfOneKind && known.kind !== object && isSureOfKind(known))
    fail(ledger, "42809", `${quoteName(known.name)} is not a ${object}`);
}

/** What is said of a domain, of a type that is none. */
export function refuseDomainWord(ledger: Ledger, object: string, name: Rename["target"]): void {
  const type = object === "domain" ? ledger.world.schema.findType(name) : undefined;
  if (type !== undefined && type.kind !== "domain")
    fail(ledger, "42809", `${quoteName(type.name)} is not a domain`);
}

/** REFRESH is for materialized views. */
export function refuseRefresh(ledger: Ledger, statement: RefreshMaterializedView): void {
  const known = targetOf(ledger.world, statement.view).known;
  if (known !== null && known.kind !== "materialized view" && isSureOfKind(known))
    fail(
      ledger,
      known.kind === "table" ? "0A000" : "42809",
      `${quoteName(known.name)} is not a materialized view`,
    );
}

/** COMMENT ON by the right word, on columns that are there. */
export function refuseComment(ledger: Ledger, statement: CommentOn): void {
  if (statement.target === null) return;
  const known = targetOf(ledger.world, statement.target).known;
  if (known === null || !isSureOfKind(known)) return;
  const { object } = statement;
  if (object === "column" && (known.kind === "index" || known.kind === "sequence"))
    fail(ledger, "42809", `${quoteName(known.name)} has no columns to comment on`);
  const isOfKind = known.kind === object;
  if (isRelationType(object) && !isOfKind)
    fail(ledger, "42809", `${quoteName(known.name)} is not ${object === "index" ? "an" : "a"} ${object}`);
}

/** `table.column`: the column is what stands behind the name of the table. */
export function refuseColumnComment(ledger: Ledger, statement: CommentOn): void {
  const { target, span } = statement;
  const known = target === null ? null : targetOf(ledger.world, target).known;
  if (target === null || known === null) return;
  const names = isTable(known)
    ? known.isComplete
      ? known.columns.map(({ name }) => name)
      : null
    : outputsOf(known);
  if (names === null) return;
  const { text } = ledger.world;
  const [dot, token] = tokenize(text, target.span.end, span.end);
  if (!isMark(text, dot, ".") || token === undefined) return;
  const name = nameOf(text, token);
  if (!names.includes(name) && !isSystemColumn(name))
    fail(ledger, "42703", `column ${quoteName(name)} of ${quoteName(known.name)} does not exist`);
}

/** The columns of a view that the history made; null where they cannot be told. */
export function outputsOf(known: Relation): readonly string[] | null {
  const isView = known.kind === "view" || known.kind === "materialized view";
  return isView && known.origin !== null ? known.outputs : null;
}

/** GRANT: privileges and columns that are there. */
export function refuseGrant(ledger: Ledger, statement: Grant): void {
  const { world } = ledger;
  const first = statement.names[0];
  const head = { start: statement.span.start, end: first?.span.start ?? statement.span.end };
  if (world.version < 17 && statement.object === "table" && hasWords(ledger, head, "maintain"))
    needVersion(ledger, 17, "the privilege MAINTAIN");
  refuseRights(ledger, statement);
  for (const name of statement.object === "table" ? statement.names : [])
    if (targetOf(world, name).known?.kind === "index")
      fail(ledger, "42809", `${quoteName(name.name.name)} is an index: the rights are those of its table`);
  for (const name of statement.object === "sequence" ? statement.names : []) {
    const known = targetOf(world, name).known;
    if (known !== null && known.kind !== "sequence" && isSureOfKind(known))
      fail(ledger, "42809", `${quoteName(known.name)} is not a sequence`);
  }
  const [table, ...others] = statement.names.map((name) => targetOf(world, name).known);
  if (statement.object !== "table" || others.length > 0 || !isTable(table) || !table.isComplete) return;
  const words = ["select", "insert", "update", "references", "all", "privileges"];
  for (const column of words.flatMap((word) => headsAfter(ledger, head, word)))
    if (column !== null && !isSystemColumn(column) && !table.columns.some((one) => one.name === column))
      fail(ledger, "42703", `column ${quoteName(column)} of ${quoteName(table.name)} does not exist`);
}

/** ALTER TYPE ... ADD VALUE BEFORE or AFTER one that is there. */
export function refuseNeighbour(ledger: Ledger, statement: AlterEnum, has: (label: string) => boolean): void {
  const neighbour = statement.position?.neighbour;
  if (neighbour !== undefined && !has(neighbour))
    fail(ledger, "22023", `${neighbour} is not a value of the enum`);
}
