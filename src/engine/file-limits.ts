import type { EngineOptions } from "./options.ts";

/** How long a file may take, in seconds, where nobody says otherwise: a hundred megabytes need less. */
export const defaultTimeLimit = 120;

/** Nobody reads so many findings of one file; with what they hold each is a kilobyte or two. */
export const mostFindings = 200_000;

/** Between two looks at the memory, in statements: a look takes as long as a short one. */
const statementsPerLook = 200;

/** Watches how much time and room the file takes that is being read. */
export interface FileLimits {
  /** Seconds for each file. */
  readonly seconds: number;
  readonly hasRoom: () => boolean;
  path: string | null;
  /** In milliseconds since 1970. */
  until: number;
  /** How many findings the run had before the file. */
  foundBefore: number;
  untilLook: number;
  /** Whether the file has used up what it may take, and why: it stays so to its end. */
  reached: string | null;
}

export function openLimits({ timeLimit, hasRoom }: EngineOptions): FileLimits {
  return {
    seconds: timeLimit ?? defaultTimeLimit,
    hasRoom: hasRoom ?? (() => true),
    path: null,
    until: Number.POSITIVE_INFINITY,
    foundBefore: 0,
    untilLook: statementsPerLook,
    reached: null,
  };
}

/**
 * Why the file must not be read on, in words; null where it may. Its time begins when its path is first asked for; asked
 * between statements, also those of bodies. `found` counts the findings of the run so far.
 */
export function limitReached(limits: FileLimits, path: string, found: number): string | null {
  // To load the finer clock takes Node as long as to lint a small file.
  const now = Date.now();
  if (limits.path !== path) {
    limits.path = path;
    limits.until = now + limits.seconds * 1000;
    limits.foundBefore = found;
    limits.reached = null;
  }
  limits.reached ??= findReached(limits, now, found);
  return limits.reached;
}

function findReached(limits: FileLimits, now: number, found: number): string | null {
  const end = "from here on it was not read";
  if (now > limits.until)
    return `the time limit of ${limits.seconds} s for a file was reached: ${end} (timeLimit in the configuration)`;
  if (found - limits.foundBefore > mostFindings)
    return `the file has more than ${mostFindings.toLocaleString("en")} findings: ${end}`;
  if (limits.untilLook-- > 0) return null;
  limits.untilLook = statementsPerLook;
  return limits.hasRoom() ? null : `the memory of the process is nearly used up: ${end}`;
}
