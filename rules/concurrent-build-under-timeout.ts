import { comesToNothing } from "../src/analysis/refusal.ts";
import { timeoutSeconds } from "../src/analysis/session.ts";
import type { Statement } from "../src/model/statement.ts";
import { withFix } from "../src/recipes/alone.ts";
import { liftInPlace } from "../src/recipes/lifted.ts";
import { terminated } from "../src/recipes/text.ts";
import { type Context, defineRule, type Migration } from "../src/rule.ts";

/** A lock_timeout of at least this many seconds gives a concurrent build time to wait for older transactions. */
const longEnough = 60;

/** A statement_timeout of at least this many seconds is no query's. */
const generous = 600;

export default defineRule({
  id: "concurrent-build-under-timeout",
  severity: "error",
  category: "transaction",
  summary: "A concurrent index build, or VALIDATE CONSTRAINT, that a timeout is bound to cancel",
  why: `
CREATE INDEX CONCURRENTLY reads the table twice and waits for every older transaction. A statement_timeout cancels it in the
middle, and so does a lock_timeout, which counts its waits for other transactions as well. What is left is an INVALID index:
no query uses it, writes maintain it where the build had got that far, and IF NOT EXISTS takes it for done. REINDEX CONCURRENTLY leaves one with a name
that ends in _ccnew or _ccold, and a DROP INDEX CONCURRENTLY that is cancelled leaves its index INVALID.

VALIDATE CONSTRAINT reads the whole table; when a statement_timeout cancels it, the work was for nothing.`,
  instead: `
Set statement_timeout and lock_timeout to 0 around it, and put them back afterwards. No read or write waits for these
statements, so that they can take their time; VACUUM and other changes of the table's schema do.`,
  references: [
    "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    "runtime-config-client.html#GUC-STATEMENT-TIMEOUT",
    "runtime-config-client.html#GUC-LOCK-TIMEOUT",
  ],
  on: ["create index", "reindex", "drop", "validate constraint"],

  *check(node, context) {
    const isValidation = node.kind === "validate constraint";
    // Nothing is read, so there is nothing to lose.
    if (isValidation && context.table !== null && context.hasNoRows(context.table.table)) return;
    if (!isValidation && !node.concurrently) return;
    const { effects, session, runner } = context;
    if (comesToNothing(effects)) return;
    // It is refused before any timeout could end it, and what else is set here stays behind when it moves.
    if (effects.refusesTransaction && session.transaction !== "autocommit") return;
    const timeouts = timeoutsInForce(context, isValidation);
    const [first] = timeouts;
    if (first === undefined) return;
    const seconds = timeoutSeconds(context.session, first) ?? 0;
    const left = isValidation ? "its work is lost" : "an INVALID index is left behind";
    yield {
      at: node.head,
      message: `${first} ends this after ${renderSeconds(seconds)}, and ${left}`,
      // Who allows so long has a build in mind, which may well be done by then.
      ...(seconds < generous ? {} : { severity: "warning" as const }),
      showsImpact: false,
      ...withFix(liftInPlace(lift(timeouts, context), restore(timeouts, context), context)),
      ...(effects.refusesTransaction && runner.leaving.alone && runner.wraps
        ? { advice: adviceAlone(timeouts, context) }
        : { rewrite: lifted(timeouts, context.statement, context) }),
    };
  },
});

function timeoutsInForce(context: Context, isValidation: boolean): string[] {
  const timeouts: string[] = [];
  if ((timeoutSeconds(context.session, "statement_timeout") ?? 0) > 0) timeouts.push("statement_timeout");
  const lock = timeoutSeconds(context.session, "lock_timeout") ?? 0;
  // VALIDATE asks for its lock once, at the start: giving up there costs nothing.
  if (!isValidation && lock > 0 && lock < longEnough) timeouts.push("lock_timeout");
  return timeouts;
}

/** The statement with its timeouts lifted, and what was in force before restored. */
function lifted(timeouts: readonly string[], statement: Statement, context: Context): Migration[] {
  const own = terminated(context.text(statement.span));
  const sql = [...lift(timeouts, context), own, ...restore(timeouts, context)].join("\n");
  return [
    {
      title: "Lift the timeouts for as long as it runs",
      sql,
      transaction: !context.effects.refusesTransaction,
    },
  ];
}

/** It has to be the only statement of its file: beside a SET the server would refuse it. */
function adviceAlone(timeouts: readonly string[], { runner }: Context): string {
  const options = timeouts.map((name) => `-c ${name}=0`).join(" ");
  return `Have ${runner.title} connect without ${timeouts.length > 1 ? "them" : "it"} for this migration (${options} among the options of its connection): it has to stay the only statement of its file`;
}

function lift(timeouts: readonly string[], context: Context): string[] {
  return timeouts.map((name) => `SET ${scopeOf(context)}${name} = 0;`);
}

function restore(timeouts: readonly string[], context: Context): string[] {
  return timeouts.map((name) => {
    const setting = context.session.settings.get(name);
    const isOwn = setting !== undefined && setting.at !== null;
    return isOwn ? `SET ${scopeOf(context)}${name} = '${setting.value}';` : `RESET ${name};`;
  });
}

function scopeOf({ session }: Context): string {
  return session.transaction === "autocommit" ? "" : "LOCAL ";
}

function renderSeconds(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds === 1) return "1 second";
  return seconds < 120 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
}
