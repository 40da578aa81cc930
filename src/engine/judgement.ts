import type { Finding } from "../rule.ts";
import type { Span } from "../text/span.ts";
import type { ActiveRule } from "./active-rules.ts";
import type { Impact } from "./report.ts";

/** A finding with the rule that made it, not yet tied to lines and suppressions. */
export interface RawFinding {
  readonly active: ActiveRule;
  readonly finding: Finding;
  readonly path: string;
  readonly statement: Span;
  readonly impact: Impact | null;
}

/** A rule that threw: a defect of the rule, told with its place; the other rules go on. */
interface RuleFailure {
  readonly rule: string;
  readonly path: string;
  readonly offset: number;
  readonly message: string;
}

export interface Judgement {
  readonly findings: RawFinding[];
  readonly failures: RuleFailure[];
  /** Of findings in loops over written lists: the round that said it, by rule and place. The others say it for other names. */
  readonly ofRounds: Map<string, number>;
  readonly notUnderstood: { readonly path: string; readonly offset: number; readonly reason: string }[];
}

/** What has been found so far: nothing. */
export function newJudgement(): Judgement {
  return { findings: [], failures: [], ofRounds: new Map(), notUnderstood: [] };
}

/** Whether another round of the loop around it has said the same; notes it if none has. */
export function isOfOtherRound({ ofRounds }: Judgement, key: string, round: number): boolean {
  const told = ofRounds.get(key);
  if (told === undefined) ofRounds.set(key, round);
  return told !== undefined && told !== round;
}
