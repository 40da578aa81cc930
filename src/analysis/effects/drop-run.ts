import type { Expression } from "../../model/expression.ts";
import { quoteName } from "../../sql/names.ts";
import { append } from "../../text/append.ts";
import { labelOf } from "../effect.ts";
import { type Index, isTable, type Relation, type Sequence, type Table, type View } from "../entities.ts";
import type { Schema } from "../schema.ts";
import { sequenceBindings } from "../sequence-uses.ts";
import { ancestorsOf, defaultPartitionOf, kinship, lockDescendants } from "./family.ts";
import { incomingKeys, lockOfDroppedKey, referencedBy, restsOn } from "./foreign-keys.ts";
import { readersOf } from "./function-users.ts";
import type { Ledger } from "./ledger.ts";
import { fail, lock, shortName } from "./ledger.ts";
import { isPartOfKey } from "./part-of-key.ts";
import { doubtPart, doubtView, partsOnTable } from "./part-uses.ts";

/** One DROP with all that it takes along. */
export interface DropRun {
  readonly ledger: Ledger;
  readonly cascade: boolean;
  /** Relations that go: by being named, or with something that goes. */
  readonly going: Set<number>;
  /** Partitions of what is named: they go with it, whichever comes first. */
  readonly doomed: Set<number>;
}

/** What one DROP takes along, to begin with nothing. */
export function openDrop(ledger: Ledger, cascade: boolean): DropRun {
  return { ledger, cascade, going: new Set(), doomed: new Set() };
}

/** Without CASCADE the server refuses as long as something else depends on the object. */
export function needCascade(run: DropRun, what: string, dependent: string): void {
  if (!run.cascade) fail(run.ledger, "2BP01", `${dependent} depends on ${what}`);
}

/** The same of a view, which may be gone already. */
export function needCascadeOfView(run: DropRun, what: string, view: View, label: string): void {
  if (!run.cascade) doubtView(run.ledger, view);
  needCascade(run, what, label);
}

/** Drops relations together: what depends on one of them and is itself named does not stand in the way. */
export function dropRelations(run: DropRun, relations: readonly Relation[]): void {
  const open: Relation[] = [...relations];
  for (const relation of relations) run.going.add(relation.id);
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const part of isTable(next) ? run.ledger.world.schema.partitionsOf(next.id) : []) {
      if (run.doomed.has(part.id)) continue;
      run.doomed.add(part.id);
      open.push(part);
    }
  for (const relation of relations) dropOne(run, relation);
}

function dropOne(run: DropRun, relation: Relation, because?: string): void {
  if (isTable(relation)) dropTable(run, relation, because);
  else if (relation.kind === "index") dropIndex(run, relation);
  else if (relation.kind === "sequence") dropSequence(run, relation);
  else dropView(run, relation, because);
}

function name(run: DropRun, relation: Relation): string {
  return shortName(run.ledger.world, labelOf(relation));
}

/** A table on its way out: first it goes itself, then what is below it, then what refers to it. */
interface Leaving {
  readonly table: Table;
  readonly because: string | undefined;
  /** Whose child it is, where only CASCADE takes it along. */
  readonly childOf: Table | null;
  readonly isGone: boolean;
}

/** With all below it, however deep: so no function that calls itself. */
function dropTable(run: DropRun, first: Table, because?: string): void {
  const { world } = run.ledger;
  const { schema } = world;
  const open: Leaving[] = [];
  const leave = (table: Table, why: string | undefined, childOf: Table | null) => {
    if (childOf !== null) needCascade(run, name(run, childOf), name(run, table));
    dropOneTable(run, table, why);
    open.push({ table, because: why, childOf, isGone: true });
    const below = [
      ...schema.partitionsOf(table.id).map((child) => ({ table: child, childOf: null })),
      ...schema.childrenOf(table.id).map((child) => ({ table: child, childOf: table })),
    ];
    for (const one of below.reverse())
      open.push({ because: kinship(world, one.table, table), ...one, isGone: false });
  };
  leave(first, because, null);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.isGone) dropReferrers(run, next.table);
    else if (!run.going.has(next.table.id)) leave(next.table, next.because, next.childOf);
  }
}

function dropOneTable(run: DropRun, table: Table, because: string | undefined): void {
  const { ledger } = run;
  const { schema } = ledger.world;
  run.going.add(table.id);
  lock(ledger, table, "ACCESS EXCLUSIVE", because);
  for (const index of schema.indexesOf(table.id)) lock(ledger, index, "ACCESS EXCLUSIVE");
  for (const sequence of schema.sequencesOf(table.id)) {
    lock(ledger, sequence, "ACCESS EXCLUSIVE");
    dropUsersOf(run, sequence);
  }
  if (table.partitionOf !== null) lockParents(run, table);
  // A key that comes from the partitioned parent stays there, and so do the referenced table's triggers.
  for (const key of table.constraints)
    if (key.kind === "foreign key" && !isPartOfKey(ledger.world, table, key))
      lockOfDroppedKey(run.ledger, key);
}

/** What goes anyway stands in nobody's way. */
function isGoing({ going, doomed }: DropRun, { id }: Relation): boolean {
  return going.has(id) || doomed.has(id);
}

function dropReferrers(run: DropRun, table: Table): void {
  for (const one of readersOf(run.ledger.world, table)) needCascade(run, name(run, table), one);
  for (const { from, key } of keysInto(run, table)) {
    if (isGoing(run, from)) continue;
    needCascade(run, name(run, table), `constraint ${quoteName(key.name)} of ${name(run, from)}`);
    lock(run.ledger, from, "ACCESS EXCLUSIVE", `${quoteName(key.name)} references ${name(run, table)}`);
    // What references the parent of a partition lets go of the other partitions, too.
    if (referencedBy(run.ledger.world, key).known?.id !== table.id) lockOfDroppedKey(run.ledger, key);
  }
  for (const one of partsOnTable(run.ledger.world.schema, table)) {
    if (isGoing(run, one.from)) continue;
    if (!run.cascade) doubtPart(run.ledger, one);
    needCascade(run, name(run, table), `${one.part} of ${name(run, one.from)}`);
    lock(run.ledger, one.from, "ACCESS EXCLUSIVE", `its ${one.part} reads ${name(run, table)}`);
  }
  for (const user of run.ledger.world.schema.tablesUsingRow(table.id)) {
    if (isGoing(run, user)) continue;
    needCascade(run, name(run, table), `a column of ${name(run, user)}`);
    lock(run.ledger, user, "ACCESS EXCLUSIVE", `has a column of the type of ${name(run, table)}`);
  }
  dropViewsOf(run, table);
}

/** A partition that others reference through its parent cannot go either. */
function keysInto(run: DropRun, table: Table): ReturnType<typeof incomingKeys> {
  const { world } = run.ledger;
  const parents = table.partitionOf === null ? [] : ancestorsOf(world.schema, table);
  return [table, ...parents.filter((parent) => !run.going.has(parent.id))].flatMap((one) =>
    incomingKeys(world, one),
  );
}

function lockParents(run: DropRun, table: Table): void {
  const { ledger } = run;
  const { schema } = ledger.world;
  const parent = table.partitionOf === null ? undefined : schema.tableById(table.partitionOf.parent);
  if (parent === undefined) return;
  lock(ledger, parent, "ACCESS EXCLUSIVE", `${quoteName(table.name)} is a partition of it`);
  const rest = defaultPartitionOf(schema, parent);
  if (rest !== undefined) lock(ledger, rest, "ACCESS EXCLUSIVE", `default partition of ${name(run, parent)}`);
}

/** A view or materialized view with its indexes, and all views that read it. */
export function dropView(run: DropRun, view: View, because?: string): void {
  dropOneView(run, view, because);
  for (const one of readersOf(run.ledger.world, view)) needCascade(run, name(run, view), one);
  dropViewsOf(run, view);
}

/** Views that group by the primary key of the table, and name more of its columns than they group by. */
export function dropGroupers(run: DropRun, table: Table, key: string): void {
  for (const view of run.ledger.world.schema.viewsOf(table.id)) {
    if (view.keys?.includes(table.id) !== true || run.going.has(view.id)) continue;
    needCascade(run, key, name(run, view));
    dropView(run, view, `groups by the primary key of ${name(run, table)}`);
  }
}

function dropOneView(run: DropRun, view: View, because?: string): void {
  run.going.add(view.id);
  lock(run.ledger, view, "ACCESS EXCLUSIVE", because);
  for (const index of run.ledger.world.schema.indexesOf(view.id)) lock(run.ledger, index, "ACCESS EXCLUSIVE");
}

/** With the views on these views, however deep: so no function that calls itself. */
function dropViewsOf(run: DropRun, relation: Relation): void {
  const { schema } = run.ledger.world;
  const readersOf = (read: Relation) => schema.viewsOf(read.id).map((view) => ({ view, read }));
  const open = readersOf(relation).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { view, read } = next;
    if (run.going.has(view.id)) continue;
    needCascadeOfView(run, name(run, read), view, name(run, view));
    dropOneView(run, view, `reads ${name(run, read)}`);
    append(open, readersOf(view).reverse());
  }
}

/** DROP INDEX: the table is locked as well, and every partition of a partitioned index. */
function dropIndex(run: DropRun, index: Index): void {
  const { ledger } = run;
  const { schema } = ledger.world;
  const table = schema.relationById(index.table);
  lock(ledger, index, "ACCESS EXCLUSIVE");
  if (table !== undefined)
    lock(ledger, table, "ACCESS EXCLUSIVE", `${quoteName(index.name)} is an index of it`);
  if (!isTable(table)) return;
  if (table.partitionBy !== null) lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
  dropPartsOfIndex(run, index, table);
  if (!index.unique) return;
  for (const { from, key } of incomingKeys(ledger.world, table)) {
    if (!restsOn(ledger.world, key, index, table)) continue;
    needCascade(run, quoteName(index.name), `constraint ${quoteName(key.name)} of ${name(run, from)}`);
    lock(ledger, from, "ACCESS EXCLUSIVE", `${quoteName(key.name)} references ${name(run, table)}`);
  }
}

/** The copies of a partitioned index on the partitions go with it, and theirs. */
export function dropPartsOfIndex(run: DropRun, index: Index, table: Table): void {
  const { ledger } = run;
  const { schema } = ledger.world;
  const partsOf = (of: Index, on: Table) =>
    schema.partitionIndexesOf(of.id).map((part) => ({ part, of, on }));
  const open = partsOf(index, table).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { part, of, on } = next;
    const partition = schema.tableById(part.table);
    lock(ledger, part, "ACCESS EXCLUSIVE", `part of ${quoteName(of.name)}`);
    if (partition === undefined) continue;
    lock(ledger, partition, "ACCESS EXCLUSIVE", kinship(ledger.world, partition, on));
    append(open, partsOf(part, partition).reverse());
  }
}

function dropSequence(run: DropRun, sequence: Sequence): void {
  const { ledger } = run;
  lock(ledger, sequence, "ACCESS EXCLUSIVE");
  dropUsersOf(run, sequence);
  const table = sequence.ownedBy === null ? undefined : ledger.world.schema.tableById(sequence.ownedBy.table);
  const column = table?.columns.find((one) => one.name === sequence.ownedBy?.column);
  if (table === undefined || column === undefined || run.going.has(table.id)) return;
  if (sequence.isIdentity !== true && !drawsFrom(column.default, sequence, ledger.world.schema)) return;
  // CASCADE does not help: it would take the identity away.
  if (sequence.isIdentity === true)
    fail(ledger, "2BP01", `${name(run, sequence)} belongs to the identity column ${quoteName(column.name)}`);
  needCascade(run, name(run, sequence), `the default of ${name(run, table)}.${quoteName(column.name)}`);
  lock(
    ledger,
    table,
    "ACCESS EXCLUSIVE",
    `${quoteName(column.name)} takes its default from ${quoteName(sequence.name)}`,
  );
}

/** Whether the default of the owning column is still the one that the sequence was made for. */
function drawsFrom(value: Expression | null, sequence: Sequence, schema: Schema): boolean {
  if (value === null) return false;
  // The sequence may have another name by now; what names another one has nothing to do with it.
  return sequenceBindings(value).some((use) => (schema.findRelation(use)?.id ?? sequence.id) === sequence.id);
}

/** Defaults that take their values from the sequence without owning it. */
export function dropUsersOf(run: DropRun, sequence: Sequence): void {
  const { ledger } = run;
  for (const relation of ledger.world.schema.usersOf("draws from", sequence.name)) {
    if (!isTable(relation) || run.going.has(relation.id)) continue;
    for (const column of relation.columns) {
      if (column.default === null) continue;
      const isUsed = sequenceBindings(column.default).some(
        (use) => use.name === sequence.name && (use.schema === null || use.schema === sequence.schema),
      );
      if (!isUsed) continue;
      needCascade(
        run,
        name(run, sequence),
        `the default of ${name(run, relation)}.${quoteName(column.name)}`,
      );
      lock(
        ledger,
        relation,
        "ACCESS EXCLUSIVE",
        `${quoteName(column.name)} takes its default from ${quoteName(sequence.name)}`,
      );
    }
  }
}
