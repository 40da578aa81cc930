import type { BodyStatement, RoutineBody } from "../analysis/effects/ledger.ts";
import type { UserFunction } from "../analysis/entities.ts";
import { isStandIn } from "../model/stand-in.ts";
import type { Parser } from "../parse/parser.ts";
import {
  type BodyStep,
  type EmbeddedSql,
  leaves,
  mayLeave,
  parseBody,
  parseEmbedded,
  type StepOf,
} from "../parse/plpgsql.ts";
import type { Span } from "../text/span.ts";
import { variablesOf } from "./body-variables.ts";

/** Of long bodies only so many statements are read. */
const MAX_STATEMENTS = 100;

/** Of each routine: what its body runs, read once, however often it is called. */
const known = new WeakMap<UserFunction, RoutineBody>();

/** What a routine of the history runs; of a body that cannot be read, nothing. */
export function readRoutine(parser: Parser, routine: UserFunction): RoutineBody {
  const found = known.get(routine);
  if (found !== undefined) return found;
  const text = routine.body ?? "";
  const steps = parseBody(text, { start: 0, end: text.length }, routine.language);
  const all = [...sqlOf(steps, false)];
  const read: RoutineBody = {
    statements: all
      .slice(0, MAX_STATEMENTS)
      .flatMap(({ sql, mayBeSkipped }) =>
        sql === null ? [] : statementsOf(parser, sql.sql).map((one) => ({ mayBeSkipped, ...one })),
      ),
    variables: variablesOf(steps, routine),
    isWhole: all.length <= MAX_STATEMENTS && all.every(({ sql }) => sql !== null),
  };
  known.set(routine, read);
  return read;
}

interface Sql {
  /** Null: a string that only the server knows. */
  readonly sql: EmbeddedSql | null;
  readonly mayBeSkipped: boolean;
}

/** The SQL of a body in its order, wherever it stands. */
function* sqlOf(steps: readonly BodyStep[], mayBeSkipped: boolean): Iterable<Sql> {
  let isBehind = mayBeSkipped;
  for (const step of steps) {
    switch (step.kind) {
      case "sql":
      case "perform":
      case "call":
        yield { sql: step.sql, mayBeSkipped: isBehind };
        break;
      case "execute":
        yield { sql: isKnown(step) ? step.sql : null, mayBeSkipped: isBehind };
        break;
      case "expression":
      case "return":
        if (step.sql !== null) yield { sql: step.sql, mayBeSkipped: isBehind };
        break;
      case "branch":
        for (const sql of step.conditions) yield { sql, mayBeSkipped: isBehind };
        for (const arm of step.arms) yield* sqlOf(arm, true);
        break;
      case "loop":
        if (step.source !== null) yield* sqlOf([step.source], isBehind);
        yield* sqlOf(step.body, true);
        break;
      case "block":
        yield* sqlOf(step.body, isBehind || step.handlers.length > 0);
        for (const handler of step.handlers) yield* sqlOf(handler.body, true);
        break;
      case "opaque":
        yield { sql: null, mayBeSkipped: isBehind };
        break;
      default:
        break;
    }
    if (leaves(step)) return;
    isBehind ||= mayLeave(step);
  }
}

/** Whether all of a string that EXECUTE runs is known. */
function isKnown({ sql, isCertain }: StepOf<"execute">): boolean {
  return isCertain && sql !== null && !isStandIn(sql.sql);
}

/** The statements of the body of an SQL function, as far as they can be read; `body` lies inside the quotes. */
export function readSqlBody(parser: Parser, text: string, body: Span): readonly BodyStatement[] {
  return parseBody(text, body, "sql").flatMap((step) => {
    if (step.kind !== "sql") return [];
    return statementsOf(parser, step.sql.sql);
  });
}

function statementsOf(parser: Parser, sql: string): readonly BodyStatement[] {
  return [...parseEmbedded(parser, sql)].flatMap(({ result }) =>
    result.outcome === "statement" ? [{ statement: result.statement, text: sql }] : [],
  );
}
