import { findNewGrammar } from "../analysis/facts/new-words.ts";
import type { World } from "../analysis/world.ts";
import { isStandIn } from "../model/stand-in.ts";
import type { Statement } from "../model/statement.ts";
import type { ParseResult } from "../parse/parser.ts";
import { type BodyStep, type EmbeddedSql, innerSteps, parseBody, parseEmbedded } from "../parse/plpgsql.ts";
import type { SyntaxErrorNode } from "../rule.ts";
import { textOf } from "../sql/tokens.ts";
import { moveSpan } from "../text/span.ts";
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
  const toFile = (offset: number) => place.toFile(embedded.toFile(offset));
  for (const { source, tokens, result } of parseEmbedded(unitRun.run.parser, sql)) {
    if (tokens.some((token) => isStandIn(textOf(sql, token)))) continue;
    const broken = brokenOf(result, sql, unitRun.facts.version);
    if (broken === null) continue;
    const span = moveSpan(source, toFile);
    unitRun.visitor?.brokenBody?.(
      { kind: "syntax error", ...broken, span, tokens, text: sql },
      world,
      unitRun.facts,
      { ...place, text: sql, shown: sql, span, toFile, depth: 1 },
    );
  }
}

/** What the target's grammar rejects of a statement in a body: what no server can read, or newer ones alone. */
function brokenOf(
  result: ParseResult,
  sql: string,
  version: number,
): Pick<SyntaxErrorNode, "message" | "at" | "lacks"> | null {
  if (result.outcome === "syntax error") return result;
  if (result.outcome !== "statement") return null;
  const [newest] = findNewGrammar(result.statement, sql, version);
  if (newest === undefined) return null;
  const { at, what, since } = newest;
  return { message: `${what} needs PostgreSQL ${since}`, at, lacks: { what, since } };
}

/** The SQL that stands in a body as it is, wherever it stands. */
function* staticSql(steps: readonly BodyStep[]): Iterable<EmbeddedSql> {
  for (const step of steps) {
    if (step.kind === "sql" || step.kind === "perform" || step.kind === "call") yield step.sql;
    for (const inner of innerSteps(step)) yield* staticSql(inner);
  }
}
