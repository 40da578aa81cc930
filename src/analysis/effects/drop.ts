import type { Expression } from "../../model/expression.ts";
import type { QualifiedName } from "../../model/name.ts";
import type { Drop } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { isSureOfKind } from "../assumed.ts";
import { labelOf } from "../effect.ts";
import { isTable, type Relation, type Table, type UserType } from "../entities.ts";
import { castTypes } from "../schema/expressions.ts";
import { dropNamedFunctions, dropUsersOfFunctions } from "./drop-functions.ts";
import type { DropRun } from "./drop-run.ts";
import { dropRelations, dropView, needCascade, openDrop } from "./drop-run.ts";
import { ancestorsOf, familyOf, isPartitioned, lockDescendants } from "./family.ts";
import { refuseDropOfFunction } from "./function-refusals.ts";
import type { Ledger } from "./ledger.ts";
import { depend, fail, lock, lockRetired, lockTarget, shortName, targetOf } from "./ledger.ts";
import { isMissing } from "./missing.ts";
import { withStatistics } from "./statistics.ts";

/** DROP of anything: the object, what goes with it, and what CASCADE takes along. */
export function drop(ledger: Ledger, statement: Drop): void {
  const run = openDrop(ledger, statement.cascade);
  switch (statement.object) {
    case "table":
    case "foreign table":
    case "view":
    case "materialized view":
    case "sequence":
      dropNamed(run, statement, statement.object === "foreign table" ? "table" : statement.object);
      return;
    case "index":
      dropIndexes(run, statement);
      return;
    case "trigger":
    case "policy":
    case "rule":
      dropPart(ledger, statement);
      return;
    case "type":
    case "domain":
      dropTypes(run, statement);
      return;
    case "schema":
      dropSchemas(run, statement);
      return;
    case "function":
    case "procedure":
    case "routine":
      refuseDropOfFunction(ledger, statement);
      dropNamedFunctions(run, statement);
      return;
    case "extension":
      depend(ledger, "whether what belongs to the extension is in use");
      return;
    case "server":
      dropServers(run, statement);
      return;
    case "statistics":
      for (const name of statement.names) dropStatistics(ledger, name);
      return;
    case "database":
    case "tablespace":
    case "subscription":
      ledger.refusesTransaction = true;
      return;
    default:
      return;
  }
}

function dropServers(run: DropRun, { names }: Drop): void {
  const { ledger } = run;
  for (const { name } of names) {
    const tables = ledger.world.schema.usersOf("on server", name.name);
    for (const table of tables)
      needCascade(run, `server ${quoteName(name.name)}`, shortName(ledger.world, labelOf(table)));
    if (run.cascade) dropRelations(run, tables);
    if (run.cascade && tables.length === 0) depend(ledger, "the foreign tables of the server");
  }
}

/** DROP STATISTICS is gentle to the table that they are about. */
function dropStatistics(ledger: Ledger, name: QualifiedName): void {
  const table = withStatistics(ledger.world, name);
  if (table === undefined) depend(ledger, "the tables that the statistics belong to");
  else lock(ledger, table, "SHARE UPDATE EXCLUSIVE", `${quoteName(name.name.name)} is about it`);
}

function dropNamed(
  run: DropRun,
  statement: Drop,
  kind: "table" | "view" | "materialized view" | "sequence",
): void {
  const known: Relation[] = [];
  for (const name of statement.names) {
    const target = targetOf(run.ledger.world, name);
    if (target.known !== null) {
      const isRight = isTable(target.known)
        ? target.known.kind === statement.object
        : target.known.kind === kind;
      if (!isRight && isSureOfKind(target.known))
        fail(run.ledger, "42809", `${quoteName(name.name.name)} is not a ${kind}`);
      known.push(target.known);
    } else if (run.ledger.world.schema.findType(name)?.kind === "composite")
      fail(run.ledger, "42809", `${quoteName(name.name.name)} is a type`);
    else if (statement.ifExists && isMissing(run.ledger, target.label)) continue;
    else lockTarget(run.ledger, target, kind, "ACCESS EXCLUSIVE");
  }
  dropRelations(run, known);
}

function dropIndexes(run: DropRun, statement: Drop): void {
  const { ledger } = run;
  const { world } = ledger;
  if (statement.concurrently) {
    ledger.refusesTransaction = true;
    if (statement.names.length > 1)
      fail(ledger, "0A000", "DROP INDEX CONCURRENTLY does not support dropping several objects");
    if (statement.cascade) fail(ledger, "0A000", "DROP INDEX CONCURRENTLY does not support CASCADE");
  }
  const known: Relation[] = [];
  for (const name of statement.names) {
    const target = targetOf(world, name);
    const index = target.known;
    if (index === null) {
      if (statement.ifExists && isMissing(ledger, target.label)) continue;
      if (statement.concurrently) lockRetired(ledger, target);
      else lockTarget(ledger, target, "index", "ACCESS EXCLUSIVE");
      const mode = statement.concurrently ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
      depend(ledger, `the table of ${quoteName(name.name.name)}, which takes the ${mode} lock as well`);
      continue;
    }
    if (index.kind !== "index") {
      if (isSureOfKind(index)) fail(ledger, "42809", `${quoteName(index.name)} is not an index`);
      continue;
    }
    const table = world.schema.relationById(index.table);
    if (index.constraint !== null)
      fail(
        ledger,
        "2BP01",
        `constraint ${quoteName(index.constraint)} requires index ${quoteName(index.name)}`,
      );
    if (index.partitionOf !== null)
      fail(ledger, "2BP01", `${quoteName(index.name)} belongs to an index of the partitioned table`);
    if (!statement.concurrently) known.push(index);
    else {
      if (isTable(table) && isPartitioned(table))
        fail(ledger, "0A000", `partitioned index ${quoteName(index.name)} cannot be dropped concurrently`);
      lockRetired(ledger, target);
      if (table !== undefined)
        lock(ledger, table, "SHARE UPDATE EXCLUSIVE", `${quoteName(index.name)} is an index of it`);
    }
  }
  dropRelations(run, known);
}

/** DROP TRIGGER, POLICY and RULE lock their table. */
function dropPart(ledger: Ledger, statement: Drop): void {
  const name = statement.names[0]?.name.name;
  if (statement.on === null || name === undefined) return;
  const target = targetOf(ledger.world, statement.on);
  if (target.known === null && statement.ifExists && isMissing(ledger, target.label)) return;
  const table = isTable(target.known) ? target.known : null;
  const trigger = table?.triggers.find((one) => one.name === name);
  if (table?.isComplete === true && !hasPart(table, statement.object, name)) {
    // With IF EXISTS the lock is given back when there is nothing to drop.
    if (!statement.ifExists) fail(ledger, "42704", `${statement.object} ${quoteName(name)} does not exist`);
    return;
  }
  lockTarget(ledger, target, "table", "ACCESS EXCLUSIVE");
  if (statement.object !== "trigger" || table === null) return;
  const isInherited = ancestorsOf(ledger.world.schema, table).some((parent) =>
    parent.triggers.some((one) => one.name === name && one.forEachRow),
  );
  if (isInherited && table.partitionOf !== null)
    fail(ledger, "2BP01", `trigger ${quoteName(name)} belongs to the parent table`);
  const isForRows = trigger === undefined || trigger.forEachRow;
  if (isPartitioned(table) && isForRows) lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
}

function hasPart(table: Table, object: Drop["object"], name: string | undefined): boolean {
  if (name === undefined) return false;
  if (object === "rule") return table.rules.includes(name);
  const parts = object === "trigger" ? table.triggers : table.policies;
  return parts.some((one) => one.name === name);
}

function dropTypes(run: DropRun, statement: Drop): void {
  const { schema } = run.ledger.world;
  const named = new Set(statement.names.flatMap((name) => schema.findType(name)?.id ?? []));
  for (const name of statement.names) {
    const type = schema.findType(name);
    const row = type === undefined ? targetOf(run.ledger.world, name).known : null;
    const isOther = type !== undefined && type.kind !== "domain";
    if (statement.object === "domain" && (row !== null || isOther))
      fail(run.ledger, "42809", `${quoteName(name.name.name)} is not a domain`);
    if (row !== null)
      fail(
        run.ledger,
        "2BP01",
        `the type ${quoteName(row.name)} is that of the rows of ${quoteName(row.name)}`,
      );
    if (type !== undefined) dropType(run, type, named);
    else if (statement.cascade) depend(run.ledger, `the columns of type ${quoteName(name.name.name)}`);
  }
}

/** `named`: the types that are dropped with it, by id. */
function dropType(run: DropRun, type: UserType, named: ReadonlySet<number>): void {
  const { ledger } = run;
  const { schema } = ledger.world;
  const what = `type ${quoteName(type.name)}`;
  for (const table of schema.typedTables(type.id)) {
    needCascade(run, what, shortName(ledger.world, labelOf(table)));
    dropRelations(run, [table]);
  }
  for (const one of schema.typesMadeOf(type.id))
    if (!named.has(one.id))
      needCascade(
        run,
        what,
        one.kind === "domain"
          ? `domain ${quoteName(one.name)}`
          : `an attribute of type ${quoteName(one.name)}`,
      );
  const users = new Map<number, Table>();
  for (const table of schema.tablesUsingType(type.id))
    for (const member of familyOf(schema, table)) users.set(member.id, member);
  for (const table of users.values()) {
    if (run.going.has(table.id)) continue;
    needCascade(run, what, `a column of ${shortName(ledger.world, labelOf(table))}`);
    lock(ledger, table, "ACCESS EXCLUSIVE", `has a column of type ${quoteName(type.name)}`);
    const columns = table.columns.filter((column) => column.type?.name === type.name).map(({ name }) => name);
    for (const view of schema.viewsOf(table.id))
      if (view.columns?.some((one) => one.table === table.id && columns.includes(one.column)) ?? true)
        dropView(run, view, `reads a column of type ${quoteName(type.name)}`);
    for (const index of schema.indexesOf(table.id))
      if (index.keys.some((key) => key !== null && columns.includes(key)))
        lock(ledger, index, "ACCESS EXCLUSIVE");
  }
  for (const table of schema.usersOf("casts to", type.name)) {
    if (!isTable(table) || users.has(table.id) || run.going.has(table.id)) continue;
    const column = table.columns.find((one) => isCastTo(one.default, type));
    if (column === undefined) continue;
    needCascade(
      run,
      what,
      `the default of ${shortName(ledger.world, labelOf(table))}.${quoteName(column.name)}`,
    );
    lock(
      ledger,
      table,
      "ACCESS EXCLUSIVE",
      `the default of ${quoteName(column.name)} is of type ${quoteName(type.name)}`,
    );
  }
}

/** A default that was made a value of the type first. */
function isCastTo(value: Expression | null, type: UserType): boolean {
  if (value === null) return false;
  return castTypes(value).some(
    ({ schema, name }) => name === type.name && (schema === null || schema === type.schema),
  );
}

function dropSchemas(run: DropRun, statement: Drop): void {
  const { ledger } = run;
  const { schema } = ledger.world;
  const names = new Set(statement.names.map((one) => one.name.name));
  const inside = [...names]
    .flatMap((name) => schema.usersOf("in", name))
    .sort((first, second) => first.id - second.id);
  const first = inside[0];
  if (first !== undefined)
    needCascade(run, `schema ${quoteName(first.schema)}`, shortName(ledger.world, labelOf(first)));
  dropRelations(
    run,
    inside.filter((relation) => relation.kind !== "index"),
  );
  if (first === undefined && statement.cascade && (!schema.isTelling || !schema.isComplete))
    depend(
      ledger,
      `what is in ${statement.names.map((one) => `schema ${quoteName(one.name.name)}`).join(", ")}`,
    );
  const functions = [...names].flatMap((name) =>
    schema.functionsIn(name).map((one) => ({ schema: name, name: one, takes: () => "surely" as const })),
  );
  if (functions.length > 0) dropUsersOfFunctions(run, functions);
  const types = [...schema.types()].filter((one) => names.has(one.schema));
  const named = new Set(types.map(({ id }) => id));
  for (const type of types) {
    needCascade(run, `schema ${quoteName(type.schema)}`, `type ${quoteName(type.name)}`);
    dropType(run, type, named);
  }
}
