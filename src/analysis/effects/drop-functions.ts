import type { Drop } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import {
  type Caller,
  callersIn,
  callerWords,
  callsAny,
  groupLeaving,
  keepsGenerated,
  type Leaving,
  leavingOf,
} from "../callers.ts";
import { argumentsDropped } from "../drop-arguments.ts";
import { labelOf } from "../effect.ts";
import { isTable, type Relation } from "../entities.ts";
import type { DropRun } from "./drop-run.ts";
import { dropRelations, dropView, needCascade } from "./drop-run.ts";
import { depend, lock, shortName } from "./ledger.ts";
import { doubtPart } from "./part-uses.ts";

/** DROP FUNCTION. */
export function dropNamedFunctions(run: DropRun, statement: Drop): void {
  const { schema, text } = run.ledger.world;
  const leaving = statement.names.map((name, k) => {
    const known = schema.findFunctions(name);
    const own = leavingOf(
      name.schema?.name ?? null,
      name.name.name,
      known,
      argumentsDropped(text, statement, k),
    );
    // Aggregates are not kept: it may take other arguments.
    const isUnsure = statement.object === "aggregate" && statement.ifExists && known.length === 0;
    return isUnsure ? { ...own, takes: () => "maybe" as const } : own;
  });
  dropUsersOfFunctions(run, leaving);
}

/** What calls a function goes with CASCADE, under its table's lock. */
export function dropUsersOfFunctions(run: DropRun, leaving: readonly Leaving[]): void {
  const { schema, searchPath } = run.ledger.world;
  const words = `function ${leaving.map(({ name }) => name).join(", ")}`;
  const groups = groupLeaving(leaving);
  const find = (name: string) => schema.findFunctions({ schema: null, name })[0]?.schema;
  for (const relation of relationsCalling(run, groups.keys())) {
    if (run.going.has(relation.id)) continue;
    for (const caller of callersIn(relation)) {
      const answer = callsAny(caller, groups, searchPath, find);
      if (answer === "maybe") depend(run.ledger, `which function ${namesIn(caller, groups)} is called where`);
      else if (answer === "surely") dropCaller(run, words, relation, caller);
    }
  }
}

/** The names among those of the functions that it calls. */
function namesIn({ calls }: Caller, groups: ReadonlyMap<string, unknown>): string {
  return [...new Set(calls.filter(({ name }) => groups.has(name)).map(({ name }) => quoteName(name)))].join(
    ", ",
  );
}

/** What may call one of the functions; in the order in which it came to be. */
function relationsCalling({ ledger }: DropRun, names: Iterable<string>): readonly Relation[] {
  const found = new Map<number, Relation>();
  for (const name of names)
    for (const user of ledger.world.schema.usersOf("calls", name)) found.set(user.id, user);
  return [...found.values()].sort((a, b) => a.id - b.id);
}

function dropCaller(run: DropRun, words: string, relation: Relation, caller: Caller): void {
  const { kind, name } = caller;
  const { ledger } = run;
  const owner = shortName(ledger.world, labelOf(relation));
  if (relation.kind === "view" && kind === "trigger") {
    needCascade(run, words, `trigger ${quoteName(name)} of ${owner}`);
    lock(ledger, relation, "ACCESS EXCLUSIVE", `its trigger ${quoteName(name)} calls the function`);
    return;
  }
  if (relation.kind === "view" || relation.kind === "materialized view") {
    needCascade(run, words, owner);
    dropView(run, relation, "calls the function");
    return;
  }
  if (relation.kind === "index") {
    needCascade(run, words, `index ${quoteName(name)}`);
    const table = ledger.world.schema.relationById(relation.table);
    if (table !== undefined) lock(ledger, table, "ACCESS EXCLUSIVE", `${quoteName(name)} calls the function`);
    lock(ledger, relation, "ACCESS EXCLUSIVE");
    return;
  }
  if (!isTable(relation)) return;
  // Without its key the table cannot be.
  if (kind === "partition key") {
    needCascade(run, words, owner);
    if (run.cascade) dropRelations(run, [relation]);
    return;
  }
  const part = callerWords(caller);
  const policy = kind === "policy" ? relation.policies.find((one) => one.name === name) : undefined;
  if (!run.cascade && policy !== undefined)
    doubtPart(ledger, { part, from: relation, mayBeGone: ledger.world.schema.mayBeGone(policy) });
  if (kind !== "generated column" || ledger.world.version >= keepsGenerated)
    needCascade(run, words, `${part} of ${owner}`);
  lock(ledger, relation, "ACCESS EXCLUSIVE", `its ${part} calls the function`);
}
