import type { Schema } from "../analysis/schema.ts";
import type { LooseEnd } from "../rule.ts";
import type { Judgement, RawFinding } from "./judgement.ts";

/** Findings that wait to see whether a later statement ties up what theirs left open. */
export interface LooseEnds {
  add(raw: RawFinding, looseEnd: LooseEnd): void;
  /** How many wait. */
  count(): number;
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

/** Findings that hold only if nothing mends them later in the file or in the history wait here. */
export function createLooseEnds(judgement: Judgement): LooseEnds {
  const waiting: Record<LooseEnd["by"], Waiting[]> = { file: [], history: [] };
  /** Those for which nobody has told yet what came behind the statement. */
  let fresh: Waiting[] = [];
  return {
    add(raw, looseEnd) {
      const item = { raw, looseEnd, after: null };
      waiting[looseEnd.by].push(item);
      fresh.push(item);
    },
    count: () => waiting.file.length + waiting.history.length,
    moved(schema) {
      for (const item of fresh) item.after = schema;
      fresh = [];
    },
    settle(by, end) {
      for (const item of waiting[by].splice(0)) {
        if (!isSettled(item, end, judgement)) judgement.findings.push(item.raw);
      }
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
