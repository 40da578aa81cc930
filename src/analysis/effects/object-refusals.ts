import { type Expression, walkExpression } from "../../model/expression.ts";
import type {
  AlterDomain,
  AlterEnum,
  CommentOn,
  CreateTrigger,
  CreateType,
  CreateView,
  Grant,
  Policy,
  RefreshMaterializedView,
  Rename,
  StatementOf,
} from "../../model/statement.ts";
import { nameOf, quoteName } from "../../sql/names.ts";
import { isMark, tokenize } from "../../sql/tokens.ts";
import { labelOf } from "../effect.ts";
import type { Relation, Table } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import { isUpdatable } from "../updatable.ts";
import { isSystemColumn, refuseExpression } from "./expression-refusals.ts";
import { ancestorsOf, isPartitioned } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { fail, findRelation, isTable, labelOfName, needVersion, targetOf } from "./ledger.ts";
import { hasWords, headsAfter } from "./words.ts";

function columnsOf(table: Table): ReadonlyMap<string, Table["columns"][number]["type"]> {
  return new Map(table.columns.map((column) => [column.name, column.type]));
}

/** CREATE TRIGGER: on what can have it, about columns that are there. */
export function refuseTrigger(ledger: Ledger, statement: CreateTrigger): void {
  const known = targetOf(ledger.world, statement.table).known;
  if (known === null) return;
  if (known.kind !== "view" && !isTable(known)) {
    fail(ledger, "42809", `${quoteName(known.name)} cannot have triggers`);
    return;
  }
  refuseTriggerForm(ledger, statement, known);
  if (!isTable(known)) return;
  if (statement.timing === "instead of")
    fail(ledger, "42809", `${quoteName(known.name)} is a table: INSTEAD OF is for views`);
  if (isPartitioned(known) && statement.forEachRow && hasWords(ledger, statement.span, "referencing"))
    fail(ledger, "0A000", "row triggers with transition tables are not supported on partitioned tables");
  const own = known.triggers.find((one) => one.name === statement.name.name);
  if (own !== undefined && statement.orReplace && (own.isConstraint === true) !== statement.isConstraint)
    fail(ledger, "42710", `trigger ${quoteName(own.name)} is of the other kind and cannot be replaced`);
  if (!known.isComplete) return;
  const columns = columnsOf(known);
  for (const { name } of statement.columns)
    if (!columns.has(name)) fail(ledger, "42703", `column ${quoteName(name)} does not exist`);
  if (statement.when !== null)
    refuseExpression(ledger, statement.when, { columns, table: known.name, what: "WHEN of a trigger" });
}

/** What a trigger cannot be, whatever its table has. */
function refuseTriggerForm(ledger: Ledger, statement: CreateTrigger, on: Relation): void {
  const { events, forEachRow, timing, when } = statement;
  if (on.kind === "view" && timing !== "instead of" && (forEachRow || events.includes("truncate")))
    fail(ledger, "42809", `${quoteName(on.name)} is a view: its row triggers are INSTEAD OF`);
  if (events.includes("truncate") && forEachRow) fail(ledger, "0A000", "TRUNCATE has no row triggers");
  if (timing === "instead of" && on.kind === "view") {
    if (!forEachRow) fail(ledger, "0A000", "INSTEAD OF triggers are FOR EACH ROW");
    if (when !== null) fail(ledger, "0A000", "INSTEAD OF triggers have no WHEN");
  }
  if (when !== null)
    walkExpression(when, (node) => {
      if (node.kind !== "column" || node.path.length < 2) return;
      const [row] = node.path;
      const isMissing =
        (row === "old" && events.includes("insert")) || (row === "new" && events.includes("delete"));
      if (isMissing || ((row === "old" || row === "new") && !forEachRow))
        fail(ledger, "42P17", `WHEN of the trigger cannot read ${row?.toUpperCase()}`);
    });
  const [name = "", schema = null] = [...statement.function].reverse();
  const called = ledger.world.schema.findFunctions({ schema, name });
  if (called.length > 0 && called.every((one) => !one.isTrigger))
    fail(ledger, "42P17", `function ${quoteName(name)} does not return trigger`);
}

/** CREATE RULE ON SELECT makes a view of a table no more. */
export function refuseRule(ledger: Ledger, statement: StatementOf<"create rule">): void {
  const known = targetOf(ledger.world, statement.table).known;
  if (isTable(known) && !statement.orReplace && known.rules.includes(statement.name.name))
    fail(ledger, "42710", `rule ${quoteName(statement.name.name)} already exists`);
  if (!isTable(known) || !hasWords(ledger, statement.span, "on", "select")) return;
  fail(
    ledger,
    ledger.world.version >= 16 ? "42809" : "55000",
    `${quoteName(known.name)} cannot become a view`,
  );
}

function hasSubquery(expression: Expression): boolean {
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
  for (const part of [statement.using, statement.withCheck]) {
    // What a subquery reads is a question of scope.
    if (part === null || hasSubquery(part)) continue;
    refuseExpression(ledger, part, { columns: columnsOf(table), table: table.name, what: "a policy" });
  }
}

/** CREATE VIEW: columns that are there, each with a name of its own; OR REPLACE is for views. */
export function refuseView(ledger: Ledger, statement: CreateView, existing: Relation | null): void {
  const { query } = statement;
  const { world } = ledger;
  if (world.version < 15 && hasWords(ledger, statement.span, "security_invoker"))
    needVersion(ledger, 15, "security_invoker", "22023");
  const isInPlace = existing !== null && labelOf(existing) === labelOfName(world, statement.view);
  if (statement.orReplace && isInPlace && existing.kind !== "view")
    fail(ledger, "42809", `${quoteName(existing.name)} is not a view`);
  if (!isUpdatable(query) && hasWords(ledger, statement.span, "check", "option"))
    fail(ledger, "0A000", "WITH CHECK OPTION needs a view that can be written through");
  if (query.kind !== "select") return;
  const names = query.targets.map(
    ({ value, alias }, k) =>
      statement.columns[k] ?? alias ?? (value.kind === "column" ? value.path.at(-1) : undefined),
  );
  const seen = new Set<string>();
  for (const name of names) {
    if (name === undefined || name === "*") continue;
    if (seen.has(name)) fail(ledger, "42701", `column ${quoteName(name)} of the view is given twice`);
    seen.add(name);
  }
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

/** RENAME by the word of another kind. ALTER TABLE does for all. */
export function refuseKind(ledger: Ledger, statement: Rename): void {
  const known = targetOf(ledger.world, statement.target).known;
  if (known === null || statement.part !== null) return;
  const { object } = statement;
  if (object === "type" && ledger.world.schema.findType(statement.target) === undefined)
    fail(ledger, "42809", `${quoteName(known.name)} is a relation: ALTER TABLE renames it`);
  if ((object === "view" || object === "materialized view" || object === "sequence") && known.kind !== object)
    fail(ledger, "42809", `${quoteName(known.name)} is not a ${object}`);
}

/** REFRESH is for materialized views. */
export function refuseRefresh(ledger: Ledger, statement: RefreshMaterializedView): void {
  const known = targetOf(ledger.world, statement.view).known;
  if (known !== null && known.kind !== "materialized view")
    fail(ledger, "42809", `${quoteName(known.name)} is not a materialized view`);
}

/** COMMENT ON by the right word, on columns that are there. */
export function refuseComment(ledger: Ledger, statement: CommentOn): void {
  if (statement.target === null) return;
  const known = targetOf(ledger.world, statement.target).known;
  if (known === null) return;
  const { object } = statement;
  const isOfKind = known.kind === object;
  const kinds = ["table", "view", "materialized view", "index", "sequence", "foreign table"];
  if (kinds.includes(object) && !isOfKind)
    fail(ledger, "42809", `${quoteName(known.name)} is not ${object === "index" ? "an" : "a"} ${object}`);
}

/** `table.column`: the column is what stands behind the name of the table. */
export function refuseColumnComment(ledger: Ledger, statement: CommentOn): void {
  const { target, span } = statement;
  const known = target === null ? null : targetOf(ledger.world, target).known;
  if (target === null || !isTable(known) || !known.isComplete) return;
  const { text } = ledger.world;
  const [dot, token] = tokenize(text, target.span.end, span.end);
  if (!isMark(text, dot, ".") || token === undefined) return;
  const name = nameOf(text, token);
  if (itemNamed(known.columns, name) === undefined && !isSystemColumn(name))
    fail(ledger, "42703", `column ${quoteName(name)} of ${quoteName(known.name)} does not exist`);
}

/** GRANT: privileges and columns that are there. */
export function refuseGrant(ledger: Ledger, statement: Grant): void {
  const { world } = ledger;
  const first = statement.names[0];
  const head = { start: statement.span.start, end: first?.span.start ?? statement.span.end };
  if (world.version < 17 && statement.object === "table" && hasWords(ledger, head, "maintain"))
    needVersion(ledger, 17, "the privilege MAINTAIN");
  const [table, ...others] = statement.names.map((name) => targetOf(world, name).known);
  if (statement.object !== "table" || others.length > 0 || !isTable(table) || !table.isComplete) return;
  const words = ["select", "insert", "update", "references", "all", "privileges"];
  for (const column of words.flatMap((word) => headsAfter(ledger, head, word)))
    if (column !== null && !table.columns.some((one) => one.name === column))
      fail(ledger, "42703", `column ${quoteName(column)} of ${quoteName(table.name)} does not exist`);
}

/** CREATE TYPE: a name that neither a type nor a relation has. */
export function refuseType(ledger: Ledger, statement: CreateType): void {
  const { world } = ledger;
  const name = {
    schema: statement.type.schema?.name ?? world.searchPath[0] ?? "public",
    name: statement.type.name.name,
  };
  const isTaken =
    statement.form !== "base" && statement.form !== "shell" && world.schema.findType(name) !== undefined;
  if (isTaken || isTable(world.schema.findRelation(name)))
    fail(ledger, "42710", `type ${quoteName(name.name)} already exists`);
}

/** A table, view or, up to 13, sequence has a type of its name for its rows; composite types are among the relations. */
export function refuseTypeName(ledger: Ledger, schema: string, name: string, kind: Relation["kind"]): void {
  const type = ledger.world.schema.findType({ schema, name });
  if (type === undefined) return;
  const hasType = kind !== "index" && (kind !== "sequence" || ledger.world.version < 14);
  if (type.kind === "composite") fail(ledger, "42P07", `relation ${quoteName(name)} already exists`);
  else if (hasType) fail(ledger, "42710", `type ${quoteName(name)} already exists`);
}

/** CREATE DOMAIN: the same as of other types. */
export function refuseNewDomain(ledger: Ledger, { domain }: StatementOf<"create domain">): void {
  const { schema, searchPath } = ledger.world;
  const name = { schema: domain.schema?.name ?? searchPath[0] ?? "public", name: domain.name.name };
  if (schema.findType(name) !== undefined || isTable(schema.findRelation(name)))
    fail(ledger, "42710", `type ${quoteName(name.name)} already exists`);
}

/** ALTER TYPE ... ADD VALUE BEFORE or AFTER one that is there. */
export function refuseNeighbour(ledger: Ledger, statement: AlterEnum, labels: readonly string[]): void {
  const neighbour = statement.position?.neighbour;
  if (neighbour !== undefined && !labels.includes(neighbour))
    fail(ledger, "22023", `${neighbour} is not a value of the enum`);
}

/** ALTER DOMAIN of what is a domain. */
export function refuseDomain(ledger: Ledger, statement: AlterDomain): void {
  const { world } = ledger;
  const type = world.schema.findType(statement.domain);
  if (type !== undefined && type.kind !== "domain") fail(ledger, "42809", `${type.name} is not a domain`);
  if (statement.constraint?.kind === "not null")
    needVersion(ledger, 17, "NOT NULL as a constraint of a domain");
  const name = statement.action === "add constraint" ? statement.constraint?.name?.name : undefined;
  if (name !== undefined && type?.constraints.some((one) => one.name === name) === true)
    fail(ledger, "42710", `constraint ${quoteName(name)} already exists`);
}

/** A copy of a parent's trigger is renamed with it. */
export function refuseCopy(ledger: Ledger, table: Table, name: string): void {
  const { schema, version } = ledger.world;
  if (version < 15 || table.partitionOf === null) return;
  const isCopy = ancestorsOf(schema, table).some((parent) =>
    parent.triggers.some((one) => one.name === name && one.forEachRow),
  );
  if (isCopy)
    fail(
      ledger,
      version >= 18 ? "0A000" : "XX000",
      `trigger ${quoteName(name)} comes from the partitioned table`,
    );
}
