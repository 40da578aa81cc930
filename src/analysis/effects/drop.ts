import type { QualifiedName } from "../../model/name.ts";
import type { Drop } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { isSureOfKind } from "../assumed.ts";
import { labelOf } from "../effect.ts";
import { isTable, type Relation, type Table, type View } from "../entities.ts";
import { dropNamedFunctions, dropUsersOfFunctions } from "./drop-functions.ts";
import type { DropRun } from "./drop-run.ts";
import { dropRelations, needCascade, openDrop } from "./drop-run.ts";
import { dropType, dropTypes } from "./drop-types.ts";
import { ancestorsOf, isPartitioned, lockDescendants } from "./family.ts";
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
    case "aggregate":
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
      ledger.refusesTransaction = true;
      return;
    case "subscription":
      ledger.refusesTransaction = !isWithoutSlot(ledger, statement);
      return;
    default:
      return;
  }
}

/** The server refuses to drop a replication slot in a transaction: a subscription that was told to have none goes in one. */
function isWithoutSlot({ world: { text } }: Ledger, { span }: Drop): boolean {
  return /\bslot_name\s*=\s*none\b/i.test(text.slice(0, span.start));
}

function dropServers(run: DropRun, { names }: Drop): void {
  const { ledger } = run;
  for (const { name } of names) {
    const tables = ledger.world.schema.usersOf("on server", name.name);
    for (const table of tables)
      needCascade(run, `server ${quoteName(name.name)}`, shortName(ledger.world, labelOf(table)));
    const user = run.cascade ? undefined : ledger.world.schema.mappedOn(name.name);
    if (user !== undefined)
      needCascade(run, `server ${quoteName(name.name)}`, `the user mapping for ${quoteName(user)}`);
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
      // Nobody else uses a temporary one: it is dropped as without CONCURRENTLY.
      if (isTable(table) && isPartitioned(table) && table.persistence !== "temporary")
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
  if (target.known?.kind === "view" && isNotOnView(ledger, statement, target.known)) return;
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

/** A view that nobody gave rules or triggers has one rule, which makes it a view, and policies none has. */
function isNotOnView(ledger: Ledger, { object, names, ifExists }: Drop, view: View): boolean {
  const name = names[0]?.name.name ?? "";
  if (object === "rule" && name === "_RETURN") {
    fail(ledger, "2BP01", `the rule _RETURN is what makes ${quoteName(view.name)} a view`);
    return true;
  }
  const isThere = view.hooks?.some((hook) => hook.kind === object && hook.name === name) === true;
  if (isThere || (view.origin === null && object !== "policy")) return false;
  if (!ifExists) fail(ledger, "42704", `${object} ${quoteName(name)} does not exist`);
  return true;
}

function hasPart(table: Table, object: Drop["object"], name: string | undefined): boolean {
  if (name === undefined) return false;
  if (object === "rule") return table.rules.includes(name);
  const parts = object === "trigger" ? table.triggers : table.policies;
  return parts.some((one) => one.name === name);
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
