import type { Diagnostic } from "../engine/report.ts";

/** Findings of one file that say the same, word for word: some are shown in full, of the others only the places. */
export interface Repeat {
  readonly shown: Diagnostic[];
  readonly left: Diagnostic[];
}

/** One slip that was copied: so many of it are read, and no more. */
const worthShowing = 3;
const worthFolding = 8;

/** What is said so often in a file that most of it is not worth its lines. What has a safe way of its own is. */
export function findRepeats(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, Repeat> {
  const counts = new Map<string, number>();
  for (const diagnostic of diagnostics) {
    const key = keyOf(diagnostic);
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const repeats = new Map<string, Repeat>();
  for (const [key, count] of counts) if (count >= worthFolding) repeats.set(key, { shown: [], left: [] });
  return repeats;
}

/** Notes a finding that is shown; true for one that only its place is told of. */
export function isShownBefore(repeats: ReadonlyMap<string, Repeat>, diagnostic: Diagnostic): boolean {
  const repeat = repeats.get(keyOf(diagnostic) ?? "");
  if (repeat === undefined) return false;
  const isKnown = repeat.shown.length >= worthShowing;
  (isKnown ? repeat.left : repeat.shown).push(diagnostic);
  return isKnown;
}

function keyOf({ rule, severity, message, advice, rewrite, fix }: Diagnostic): string | null {
  if ((rewrite ?? []).length > 0 || fix !== null) return null;
  return [rule, severity, message, advice ?? ""].join("\n");
}

export function placeOf({ start }: Diagnostic): string {
  return `${start.line}:${start.column}`;
}
