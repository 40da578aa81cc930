import type { World } from "../analysis/world.ts";
import type { BodyStep, StepOf } from "../parse/plpgsql.ts";
import type { Loop } from "../rule.ts";
import { isMark, isWord, tokenize } from "../sql/tokens.ts";

/** Only the body of a statement that runs by itself may commit; elsewhere the server refuses it. */
export function loopOf({ source, body }: StepOf<"loop">, around: Loop, world: World): Loop {
  if (body.some(doesCommit)) return world.session.transaction === "body" ? "commits" : "refused";
  // What the loop around it commits is let go of with each of its rounds.
  if (around === "commits") return around;
  return around !== "open" && (queryOf(source) !== "" || isWrittenList(source)) ? "rows" : "open";
}

/** The query that a loop runs over; empty for other loops. */
export function queryOf(source: BodyStep | null): string {
  return source?.kind === "sql" || source?.kind === "execute" ? (source.sql?.sql ?? " ") : "";
}

/** `FOREACH name IN ARRAY ARRAY['a', 'b']`. */
function isWrittenList(source: BodyStep | null): boolean {
  const sql = source?.kind === "expression" ? (source.sql?.sql ?? "") : "";
  const tokens = tokenize(sql);
  const isArray = tokens.findIndex((token) => isWord(sql, token, "array"));
  return isArray !== -1 && isArray < 2 && isMark(sql, tokens[isArray + 1], "[");
}

/** The queries of nested loops, the outer one first. */
export function joinQueries(outer: string, inner: string): string {
  return outer === "" || inner === "" ? outer + inner : `${outer}\n${inner}`;
}

function doesCommit(step: BodyStep): boolean {
  switch (step.kind) {
    case "commit":
      return true;
    case "branch":
      return step.arms.some((arm) => arm.some(doesCommit));
    case "loop":
    case "block":
      return step.body.some(doesCommit);
    default:
      return false;
  }
}
