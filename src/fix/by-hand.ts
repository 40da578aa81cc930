import type { PlanStep } from "./plan-types.ts";

/** Why somebody runs the step with psql; null where the runner runs it. */
export function byHandWords({ byHand, phase }: PlanStep): string | null {
  if (!byHand) return null;
  return phase === "check"
    ? "By hand, with psql: go on if the count is 0."
    : "By hand, with psql: the runner cannot do it.";
}
