import type { Schema } from "../analysis/schema.ts";
import type { Finding, LooseEnd } from "../rule.ts";
import type { Judgement, RawFinding } from "./judgement.ts";

/** Findings that wait to see whether a later statement ties up what theirs left open. */
export interface LooseEnds {
  add(raw: RawFinding, looseEnd: NonNullable<Finding["looseEnd"]>): void;
  /** How many wait. */
  count(): number;
  /** The schema just behind the statement whose findings were added last. */
  moved(schema: Schema): void;
  /** Decides those that are due: what is settled goes, the rest are findings. `end` is the schema of then. */
  settle(by: LooseEnd["by"], end: Schema): void;
}

interface Waiting {
  readonly raw: RawFinding;
  readonly looseEnd: LooseEnd;
}

/** Those for which nobody has told yet what came behind the statement. */
interface Fresh {
  readonly raw: RawFinding;
  readonly follow: (after: Schema) => LooseEnd;
}

/**
 * Findings that hold only if nothing mends them later in the file or in the history wait here. What they look for at the end is
 * asked for at once: the schema behind each statement is not kept for it.
 */
export function createLooseEnds(judgement: Judgement): LooseEnds {
  const waiting: Record<LooseEnd["by"], Waiting[]> = { file: [], history: [] };
  let fresh: Fresh[] = [];
  const wait = (raw: RawFinding, looseEnd: LooseEnd) => waiting[looseEnd.by].push({ raw, looseEnd });
  const moved = (schema: Schema) => {
    const known = fresh;
    fresh = [];
    for (const { raw, follow } of known) guarded(raw, judgement, () => wait(raw, follow(schema)));
  };
  return {
    add(raw, looseEnd) {
      if (typeof looseEnd === "function") fresh.push({ raw, follow: looseEnd });
      else wait(raw, looseEnd);
    },
    count: () => fresh.length + waiting.file.length + waiting.history.length,
    moved,
    settle(by, end) {
      moved(end);
      for (const { raw, looseEnd } of waiting[by].splice(0)) {
        guarded(raw, judgement, () => {
          if (!looseEnd.isSettled(end)) judgement.findings.push(raw);
        });
      }
    },
  };
}

/** A rule that throws here has failed as if it had thrown in its check. */
function guarded({ active, path, statement }: RawFinding, { failures }: Judgement, ask: () => void): void {
  try {
    ask();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    failures.push({ rule: active.rule.id, path, offset: statement.start, message });
  }
}
