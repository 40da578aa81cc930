import { type Lock, shortName } from "../analysis/effect.ts";
import type { ExplainedLock } from "../engine/explanation.ts";
import type { TriedStatement } from "../engine/rehearsal.ts";
import { blocksReads, blocksWrites, isAtLeast } from "../model/locks.ts";
import type { PlanStep } from "./plan-types.ts";

/** What a step does to others, all of its statements together. */
type StepEffects = Pick<PlanStep, "locks" | "tables" | "rewrites" | "scans" | "buildsIndexes" | "wait">;

/** Locks of one transaction add up; of statements that commit by themselves each is told as it is held at its strongest. */
export function effectsOfStep(tried: readonly TriedStatement[], isInTransaction: boolean): StepEffects {
  const statements = isInTransaction ? withoutOwn(tried) : tried;
  const all = (key: "rewrites" | "scans" | "buildsIndexes") => [
    ...new Set(statements.flatMap(({ effects }) => effects[key])),
  ];
  const work = { rewrites: all("rewrites"), scans: all("scans"), buildsIndexes: all("buildsIndexes") };
  return {
    locks: strongestOf(statements.flatMap(({ effects }) => effects.locks)),
    tables: tablesOf(statements),
    ...work,
    wait: describeWait(strongestOf(statements.flatMap(locksFelt)), work, statements, isInTransaction),
  };
}

/** What a transaction makes is nobody else's before it commits: locks on it are left out. */
function withoutOwn(statements: readonly TriedStatement[]): readonly TriedStatement[] {
  const before = statements[0]?.schema;
  const isSeen = ({ id }: Lock) => id === null || before?.relationById(id) !== undefined;
  return statements.map((tried) => ({
    ...tried,
    effects: { ...tried.effects, locks: tried.effects.locks.filter(isSeen) },
  }));
}

function strongestOf(locks: readonly Lock[]): readonly ExplainedLock[] {
  const strongest = new Map<string, ExplainedLock>();
  for (const { relation, mode, because } of locks) {
    const known = strongest.get(relation);
    if (known !== undefined && isAtLeast(known.mode, mode)) continue;
    strongest.set(relation, {
      relation,
      mode,
      blocksReads: blocksReads(mode),
      blocksWrites: blocksWrites(mode),
      ...(because !== undefined && { because }),
    });
  }
  return [...strongest.values()];
}

/** The locks that others can run into. */
function locksFelt({ effects }: TriedStatement): readonly Lock[] {
  return effects.locks.filter(({ isRetired }) => !isRetired);
}

function tablesOf(statements: readonly TriedStatement[]): StepEffects["tables"] {
  const found = new Map<number, StepEffects["tables"][number]>();
  for (const { effects, schema } of statements)
    for (const { id, kind } of effects.locks) {
      if (id === null || (kind !== "table" && kind !== "materialized view")) continue;
      const relation = schema.relationById(id);
      if (relation !== undefined) found.set(id, { schema: relation.schema, name: relation.name });
    }
  return [...found.values()];
}

type Work = Pick<StepEffects, "rewrites" | "scans" | "buildsIndexes">;

function describeWait(
  locks: readonly ExplainedLock[],
  work: Work,
  statements: readonly TriedStatement[],
  isInTransaction: boolean,
): string {
  const blocking = locks.filter((lock) => lock.blocksWrites);
  const hasWork = work.rewrites.length + work.scans.length + work.buildsIndexes.length > 0;
  const inBatches = statements.some(({ statement }) => statement.kind === "do");
  if (blocking.length === 0) {
    if (inBatches)
      return "Others read and write all the time; each batch locks its own rows until it commits.";
    return hasWork
      ? `Others read and write all the time, however long it takes to ${workWords(work)}.`
      : "Others read and write all the time.";
  }
  const modes = [...new Set(blocking.map(({ mode }) => mode))];
  const named = modes.map(
    (mode) =>
      `${mode} on ${list(blocking.filter((lock) => lock.mode === mode).map(({ relation }) => relation))}`,
  );
  const who = blocking.some((lock) => lock.blocksReads)
    ? "reads and writes wait"
    : "writes wait, reads go on";
  const until = isInTransaction ? "until it commits" : "until the statement is done";
  const long = isLong(statements, isInTransaction)
    ? ` That is as long as it takes to ${workWords(work)}.`
    : " That is a moment, since only the catalog changes; but it has to wait for older transactions first, which lock_timeout ends.";
  return `${named.join("; ")}: ${who} ${until}.${long}`;
}

/** Whether work is done under a lock that blocks: in a transaction also under that of an earlier statement. */
function isLong(statements: readonly TriedStatement[], isInTransaction: boolean): boolean {
  const held = new Set<string>();
  for (const tried of statements) {
    if (!isInTransaction) held.clear();
    const { effects } = tried;
    for (const { relation, mode } of locksFelt(tried)) if (blocksWrites(mode)) held.add(relation);
    const { rewrites, scans, buildsIndexes } = effects;
    if (rewrites.length > 0 || scans.some((relation) => held.has(relation))) return true;
    if (buildsIndexes.length > 0 && effects.locks.some(({ relation }) => held.has(relation))) return true;
  }
  return false;
}

function workWords({ rewrites, scans, buildsIndexes }: Work): string {
  if (rewrites.length > 0) return `write ${list(rewrites)} anew`;
  if (buildsIndexes.length > 0) return `build ${list(buildsIndexes)}`;
  return `read ${list(scans)}`;
}

function list(relations: readonly string[]): string {
  const names = relations.map(shortName);
  if (names.length < 2) return names.join("");
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
