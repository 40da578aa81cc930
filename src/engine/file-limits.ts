import { effort } from "../analysis/effort.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { Complaint } from "./report.ts";

/** How long a file may take, in seconds, where nobody says otherwise: thirty times what ten megabytes need on a slow machine. */
export const defaultTimeLimit = 120;

/** A larger file may take so many seconds for each million UTF-16 units: twice what it needs where others use the machine too. */
const secondsPerMillion = 4;

/** Nobody reads so many findings of one file; with what they hold each is a kilobyte or two. */
export const mostFindings = 50_000;

/**
 * How much effort goes into a file, with so much more for each of its statements: half a minute's. A statement that reaches ten
 * thousand relations is nothing to it, ten thousand of them are more than anybody waits for.
 */
const mostEffort = 30_000_000;
const effortOfStatement = 1000;

/** Between two looks at the memory, in statements: a look takes as long as a short one. */
const statementsPerLook = 200;
const effortPerLook = 200_000;

/** Watches how much time and room the file takes that is being read. */
export interface FileLimits {
  /** Seconds for each file, where somebody says so. */
  readonly timeLimit: number | undefined;
  readonly effort: number;
  readonly hasRoom: () => boolean;
  path: string | null;
  /** Seconds for the file that is being read. */
  seconds: number;
  /** In milliseconds since 1970. */
  until: number;
  /** How many findings the run had before the file. */
  foundBefore: number;
  /** How much effort the file may take, as {@link effort} counts. */
  effortUntil: number;
  /** As far as it had been spent at the last look at the memory. */
  effortSeen: number;
  untilLook: number;
  /** Whether the file has used up what it may take, and why: it stays so to its end. */
  reached: string | null;
}

/** The limits of one run; none of them is reached before a file starts. */
export function openLimits(options: EngineOptions): FileLimits {
  const { timeLimit, hasRoom } = options;
  return {
    timeLimit,
    effort: options.mostEffort ?? mostEffort,
    hasRoom: hasRoom ?? (() => true),
    path: null,
    seconds: timeLimit ?? defaultTimeLimit,
    until: Number.POSITIVE_INFINITY,
    foundBefore: 0,
    effortUntil: Number.POSITIVE_INFINITY,
    effortSeen: effort.spent,
    untilLook: statementsPerLook,
    reached: null,
  };
}

/**
 * Why the file must not be read on, in words; null where it may. Its time begins when its path is first asked for; asked
 * between statements, also those of bodies. `length` is that of the file, in UTF-16 units; `found` counts the findings of the
 * run so far.
 */
export function limitReached(limits: FileLimits, path: string, length: number, found: number): string | null {
  // To load the finer clock takes Node as long as to lint a small file.
  const now = Date.now();
  if (limits.path !== path) {
    limits.path = path;
    limits.seconds =
      limits.timeLimit ?? Math.max(defaultTimeLimit, Math.ceil((length / 1_000_000) * secondsPerMillion));
    limits.until = now + limits.seconds * 1000;
    limits.foundBefore = found;
    limits.effortUntil = effort.spent + limits.effort;
    limits.reached = null;
  }
  limits.effortUntil += effortOfStatement;
  limits.reached ??= findReached(limits, now, found);
  return limits.reached;
}

/** What is left out of a judged file is shown with it; of a file of the history nothing else would tell. */
export function tellCutShort(reasons: ReadonlyMap<string, string>): Complaint[] {
  return [...reasons].map(([path, message]) => ({ path, line: null, message }));
}

function findReached(limits: FileLimits, now: number, found: number): string | null {
  const end = "from here on it was not read";
  if (now > limits.until)
    return `the time limit of ${limits.seconds} s for a file was reached: ${end} (timeLimit in the configuration)`;
  if (found - limits.foundBefore > mostFindings)
    return `the file has more than ${mostFindings.toLocaleString("en")} findings: ${end}`;
  if (effort.spent > limits.effortUntil) return `its statements reach too many relations together: ${end}`;
  // One statement may make as much as hundreds do.
  if (limits.untilLook-- > 0 && effort.spent - limits.effortSeen < effortPerLook) return null;
  limits.untilLook = statementsPerLook;
  limits.effortSeen = effort.spent;
  return limits.hasRoom() ? null : `the memory of the process is nearly used up: ${end}`;
}
