import type { World } from "../analysis/world.ts";
import type { Statement } from "../model/statement.ts";
import { type BodyStep, type EmbeddedSql, isUnknownName, parseBody } from "../parse/plpgsql.ts";
import { splitStatements } from "../sql/split.ts";
import { statementTokens, textOf } from "../sql/tokens.ts";
import type { Place } from "./place.ts";
import { isCutShort, type UnitRun } from "./run-state.ts";

const off = new Set(["off", "false", "no", "0"]);

/**
 * CREATE FUNCTION fails where the SQL of the body is none: PostgreSQL puts it through its grammar when the routine is made, not
 * when it is called. A string that EXECUTE runs is read then only.
 */
export function tellBrokenBody(unitRun: UnitRun, world: World, statement: Statement, place: Place): void {
  if (statement.kind !== "create function" || statement.body === null || place.depth > 0) return;
  if (unitRun.visitor?.brokenBody === undefined) return;
  const isChecked = world.session.settings.get("check_function_bodies")?.value?.toLowerCase() ?? "on";
  if (off.has(isChecked)) return;
  for (const sql of staticSql(parseBody(place.text, statement.body, statement.language))) {
    if (isCutShort(unitRun, world, place.outer)) return;
    tellBroken(unitRun, world, sql, place);
  }
}

function tellBroken(unitRun: UnitRun, world: World, embedded: EmbeddedSql, place: Place): void {
  const { sql } = embedded;
  for (const statement of splitStatements(sql).statements) {
    if (statement.kind !== "sql") continue;
    const tokens = statementTokens(sql, statement);
    const result = unitRun.run.parser.parse({ text: sql, statement, tokens });
    if (result.outcome !== "syntax error") continue;
    if (tokens.some((token) => isUnknownName(textOf(sql, token)))) continue;
    const toFile = (offset: number) => place.toFile(embedded.toFile(offset));
    const start = toFile(statement.start);
    const span = { start, end: Math.max(start, toFile(Math.max(statement.start, statement.end - 1)) + 1) };
    const { message, at } = result;
    unitRun.visitor?.brokenBody?.(
      { kind: "syntax error", message, at, span, tokens, text: sql },
      world,
      unitRun.facts,
      { ...place, text: sql, shown: sql, span, toFile, depth: 1 },
    );
  }
}

/** The SQL that stands in a body as it is, wherever it stands. */
function* staticSql(steps: readonly BodyStep[]): Iterable<EmbeddedSql> {
  for (const step of steps) {
    switch (step.kind) {
      case "sql":
      case "perform":
      case "call":
        yield step.sql;
        break;
      case "branch":
        for (const arm of step.arms) yield* staticSql(arm);
        break;
      case "loop":
        if (step.source !== null) yield* staticSql([step.source]);
        yield* staticSql(step.body);
        break;
      case "block":
        yield* staticSql(step.body);
        for (const handler of step.handlers) yield* staticSql(handler.body);
        break;
      default:
        break;
    }
  }
}
