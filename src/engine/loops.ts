import type { World } from "../analysis/world.ts";
import { type BodyStep, innerSteps, type StepOf } from "../parse/plpgsql.ts";
import type { Loop } from "../rule.ts";
import { isMark, isWord, tokenize } from "../sql/tokens.ts";

/**
 * Only the body of a statement that runs by itself may commit, and only outside of a block with EXCEPTION; elsewhere the server
 * refuses it. `isCaught`: such a block stands around the loop.
 */
export function loopOf(
  { source, body }: StepOf<"loop">,
  around: Loop,
  world: World,
  isCaught: boolean,
): Loop {
  if (source === null && endsRound(body)) return around;
  const commits = body.flatMap((step) => commitsOf(step, isCaught));
  if (commits.length > 0 && world.session.transaction !== "body") return "refused";
  if (commits.includes("caught")) return "caught";
  if (commits.length > 0) return "commits";
  // What the loop around it commits is let go of with each of its rounds.
  if (around === "commits") return around;
  return around !== "open" && (queryOf(source) !== "" || isWrittenList(source)) ? "rows" : "open";
}

/** Whether each round of a LOOP leaves it, but one that fails and is caught: that one is tried again, and kept nothing. */
function endsRound(steps: readonly BodyStep[]): boolean {
  const last = steps.at(-1);
  if (last?.kind === "block") return endsRound(last.body);
  return last?.kind === "return";
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

/** Each COMMIT of a step: whether it may be, or stands in a block with EXCEPTION, which is a subtransaction. */
function commitsOf(step: BodyStep, isCaught: boolean): ("free" | "caught")[] {
  if (step.kind === "commit") return [isCaught ? "caught" : "free"];
  const isGuarded = step.kind === "block" && step.handlers.length > 0;
  // A handler commits only the rounds that fail.
  const inner = step.kind === "block" ? step.body : innerSteps(step).flat();
  return inner.flatMap((one) => commitsOf(one, isCaught || isGuarded));
}
