import { effort } from "../../src/analysis/effort.ts";
import { holdLocks, noLocks } from "../../src/analysis/held-locks.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { isAtLeast, type LockMode, strongest } from "../../src/model/locks.ts";
import { hold } from "./checks.ts";
import { someOptions } from "./engine-targets.ts";
import type { Random } from "./random.ts";
import { type Replayed, replay } from "./replay.ts";
import { holdSchema } from "./schema-checks.ts";
import { mixed, policyStatement, rowTypeStatement } from "./statements.ts";

/*
 * A statement that the server refuses may take a name from under what uses it, and leave ids behind that nothing bears: only
 * what runs has to keep the schema whole.
 */
const serverLike = { onlyWhatRuns: true };

/** Policies, and what they read, follow every drop and rename: nothing points at what is gone. */
export async function checkPolicies(text: string, random: Random): Promise<void> {
  await replay(mixed(text, policyStatement, random), random, holdWorld, serverLike);
}

/** Columns of row types, of domains and of composites: who uses a type is found as if all tables were looked through. */
export async function checkRowTypes(text: string, random: Random): Promise<void> {
  await replay(mixed(text, rowTypeStatement, random), random, holdWorld, serverLike);
}

function holdWorld({ world }: Replayed): void {
  holdSchema(world.schema);
}

/** Locks that are held: of each relation the strongest, in the order in which they came. */
export async function checkHeldLocks(text: string, random: Random): Promise<void> {
  let held = noLocks;
  const own = new Map<string, LockMode>();
  await replay(text, random, ({ effects: { locks } }) => {
    const before = held;
    held = holdLocks(held, locks, () => true);
    for (const { relation, mode } of locks) {
      const known = own.get(relation);
      own.set(relation, known === undefined ? mode : strongest(known, mode));
    }
    hold(before !== held || locks.every(({ relation }) => before.has(relation)), "new locks are held");
    hold(held.size === own.size, "as many locks as relations");
    hold([...held.values()].map((one) => one.relation).join() === [...own.keys()].join(), "in their order");
    for (const [relation, mode] of own) hold(held.get(relation)?.mode === mode, "the strongest counts");
    const strong = [...held.values()].filter(
      ({ mode, kind }) => kind !== "index" && isAtLeast(mode, "SHARE ROW EXCLUSIVE"),
    );
    const same = strong.map((one) => one.relation).join() === held.strong.map((one) => one.relation).join();
    hold(same, "the strong ones are all of them, in their order");
  });
}

/** How much effort a text takes is the same each time; with less of it, what is read is a part of what was, and it is told. */
export async function checkEffort(text: string, random: Random): Promise<void> {
  const sources = [{ path: "migrations/1_a.sql", text }];
  const options = { ...someOptions(random), runner: "psql" };
  const measure = async (most: number) => {
    const before = effort.spent;
    const report = await lintSources(sources, { ...options, mostEffort: most });
    return { report, spent: effort.spent - before };
  };
  const whole = await measure(Number.MAX_SAFE_INTEGER);
  hold(Number.isSafeInteger(whole.spent) && whole.spent >= 0, `effort is a number: ${whole.spent}`);
  const again = await measure(Number.MAX_SAFE_INTEGER);
  hold(again.spent === whole.spent, `the same effort: ${whole.spent}, then ${again.spent}`);
  // Each statement may take a thousand more: so less than nothing is needed to run short of it.
  const short = await measure(random.below(whole.spent + 2000) - 2000);
  const isCut = short.report.complaints.some(({ message }) => /reach too many relations/.test(message));
  const isTold = short.report.files.some(({ notUnderstood }) =>
    notUnderstood.some(({ reason }) => /reach too many relations/.test(reason)),
  );
  hold(isCut === isTold, "what was not read is told in both places");
  if (!isCut)
    hold(
      short.report.diagnostics.length === whole.report.diagnostics.length,
      "what was read whole has all findings",
    );
}
