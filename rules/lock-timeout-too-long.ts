import { parseDuration } from "../src/analysis/session.ts";
import { settingsOfQuery } from "../src/analysis/set-config.ts";
import { isAtLeast } from "../src/model/locks.ts";
import type { Statement } from "../src/model/statement.ts";
import { type Context, defineRule } from "../src/rule.ts";

export default defineRule({
  id: "lock-timeout-too-long",
  severity: "warning",
  category: "transaction",
  summary: "A lock_timeout of 0, or above the longest that the configuration allows",
  why: `
For as long as a statement waits for its lock, later queries on the same table queue behind it. lock_timeout is the longest
time that the application can stand still because of a migration; 0 means for ever.

The configuration says what is acceptable (\`maxLockTimeout\`, 5 seconds unless it says otherwise).`,
  instead: "Set a lock_timeout of a few seconds, and run the migration again where it fails.",
  references: ["runtime-config-client.html#GUC-LOCK-TIMEOUT"],
  on: ["statement"],

  *check(node, context) {
    for (const { name, value } of settingsOf(node)) {
      const seconds = name === "lock_timeout" && value !== null ? parseDuration(value) : null;
      if (seconds === null || seconds <= context.maxLockTimeout) continue;
      yield {
        at: node.span,
        message: `With this, every query on a table may queue for ${withUnit(value ?? "")} behind one that waits for its lock`,
        showsImpact: false,
        advice: `Set it to ${limitOf(context)} at most`,
      };
    }
    // A zero matters once something waits with it; dumps begin with one and lock nothing that is in use.
    const setting = context.session.settings.get("lock_timeout");
    if (setting === undefined || setting.at === null || parseDuration(setting.value) !== 0) return;
    const isStrong = context.waitedFor().some(({ mode }) => isAtLeast(mode, "SHARE ROW EXCLUSIVE"));
    if (!isStrong || context.effects.refusesTransaction || !context.isFirst(String(setting.at.start))) return;
    yield {
      at: setting.at,
      message: "A lock_timeout of 0 is none: what follows waits for its locks without end",
      showsImpact: false,
      advice: `Set it to ${limitOf(context)} at most`,
    };
  },
});

interface Assigned {
  readonly name: string;
  readonly value: string | null;
}

/** SET, `SELECT set_config(...)`, and what ALTER ROLE or ALTER DATABASE sets for the sessions to come. */
function settingsOf(statement: Statement): readonly Assigned[] {
  switch (statement.kind) {
    case "set":
    case "alter role set":
    case "alter database set":
      return [statement];
    case "select":
      return settingsOfQuery(statement.query);
    default:
      return [];
  }
}

/** A number without a unit is one of milliseconds, which nobody reads: said in the largest unit that it is a whole number of. */
function withUnit(value: string): string {
  if (!/^\d{1,15}$/.test(value)) return value;
  const milliseconds = Number(value);
  if (milliseconds % 60_000 === 0) return inUnits(milliseconds / 60_000, "minute");
  return milliseconds % 1000 === 0 ? inUnits(milliseconds / 1000, "second") : `${value} ms`;
}

function limitOf(context: Context): string {
  return `${context.maxLockTimeout} seconds`;
}

function inUnits(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
