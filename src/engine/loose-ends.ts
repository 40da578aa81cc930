import type { Schema } from "../analysis/schema.ts";
import type { LooseEnd } from "../rule.ts";
import type { Judgement, RawFinding } from "./judge.ts";

/** Findings that wait to see whether a later statement ties up what theirs left open. */
export interface LooseEnds {
  add(raw: RawFinding, looseEnd: LooseEnd): void;
  /** The schema just behind the statement whose findings were added last. */
  moved(schema: Schema): void;
  /** Decides those that are due: what is settled goes, the rest are findings. */
  settle(by: LooseEnd["by"], end: Schema): void;
}

interface Waiting {
  readonly raw: RawFinding;
  readonly looseEnd: LooseEnd;
  after: Schema | null;
}

export function createLooseEnds(judgement: Judgement): LooseEnds {
  let waiting: Waiting[] = [];
  /** From here on nobody has told what came behind the statement. */
  let fresh = 0;
  return {
    add(raw, looseEnd) {
      waiting.push({ raw, looseEnd, after: null });
    },
    moved(schema) {
      for (const item of waiting.slice(fresh)) item.after = schema;
      fresh = waiting.length;
    },
    settle(by, end) {
      const isDue = ({ looseEnd }: Waiting) => by === "history" || looseEnd.by === by;
      for (const item of waiting.filter(isDue)) {
        if (!isSettled(item, end, judgement)) judgement.findings.push(item.raw);
      }
      waiting = waiting.filter((item) => !isDue(item));
      fresh = waiting.length;
    },
  };
}

/** A rule that throws here has failed as if it had thrown in its check. */
function isSettled({ raw, looseEnd, after }: Waiting, end: Schema, judgement: Judgement): boolean {
  try {
    return looseEnd.isSettled(end, after ?? end);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    judgement.failures.push({
      rule: raw.active.rule.id,
      path: raw.path,
      offset: raw.statement.start,
      message,
    });
    return true;
  }
}
