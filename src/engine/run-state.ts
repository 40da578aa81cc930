import { emptySchema, type Schema } from "../analysis/schema.ts";
import type { Setting } from "../analysis/session.ts";
import type { World } from "../analysis/world.ts";
import type { Parser } from "../parse/parser.ts";
import type { LineIndex } from "../text/lines.ts";
import type { Span } from "../text/span.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { UnitFacts } from "./facts.ts";
import { type FileLimits, limitReached, openLimits } from "./file-limits.ts";
import { parserAsOf } from "./later-keywords.ts";
import type { Source } from "./options.ts";
import type { PlannedUnit } from "./units.ts";
import type { Visitor } from "./visit.ts";

/** What goes on from unit to unit. */
export interface RunState {
  readonly version: number;
  readonly parser: Parser;
  schema: Schema;
  transactionNumber: number;
  /** Settings that a session begins with: the configuration's, and ALTER ROLE / DATABASE ... SET of the history. */
  readonly defaults: Map<string, Setting>;
  /** What the unit before left to those behind it. */
  left: Left | undefined;
  readonly limits: FileLimits;
  /** Files that were not read to their end, and why. */
  readonly cutShort: Map<string, string>;
  /** The paths of all files that are read. */
  readonly files: ReadonlySet<string>;
}

/** What all statements of a unit share on their way through the loop. */
export interface UnitRun {
  readonly run: RunState;
  readonly facts: UnitFacts;
  readonly visitor: Visitor | null;
  /** The text that the spans of the unit's own statements refer to. */
  readonly fileText: string;
  /** The same before placeholders were filled. */
  readonly shownText: string;
  readonly lines: LineIndex;
  /** The bodies of routines that this unit creates, by `schema.name`: their calls are judged in place. */
  readonly routines: Map<string, Span>;
  /** The statement of the file that runs, how many routines it has run, and their bodies. */
  readonly followed: { by: Span | null; count: number; readonly routines: Set<string> };
  /** Whether a statement of the unit used what the history says is gone. */
  readonly usedGone: { is: boolean };
  /** Whether the server refuses a statement of the unit, and those of the unit behind it were told so. */
  readonly hasRefused: { is: boolean };
  /** Where the last statement of the unit begins; null where there is none. */
  readonly lastStart: number | null;
}

/** `sources`: the files that are read, in whichever role. */
export function startRun(
  options: EngineOptions,
  version: number,
  parser: Parser,
  sources: readonly Source[],
): RunState {
  const defaults = new Map<string, Setting>();
  const configure = (name: string, value: string | undefined) => {
    if (value !== undefined) defaults.set(name, { value, scope: "configured", at: null });
  };
  configure("lock_timeout", options.session?.lockTimeout);
  configure("statement_timeout", options.session?.statementTimeout);
  const schema = emptySchema();
  return {
    version,
    parser: parserAsOf(parser, version),
    schema,
    transactionNumber: 0,
    defaults,
    left: undefined,
    limits: openLimits(options),
    cutShort: new Map(),
    files: new Set(sources.map(({ path }) => path)),
  };
}

/**
 * Whether the file must not be read on; asked before each statement. A file that was not read to its end must not pass: what
 * hides behind the limit is nobody's to decide. It is told once.
 */
export function isCutShort(
  { run, facts, visitor, shownText }: UnitRun,
  world: World,
  { start, end }: Span,
): boolean {
  const reason = limitReached(run.limits, facts.path, shownText.length, visitor?.told?.() ?? 0);
  if (reason === null) return false;
  if (!run.cutShort.has(facts.path)) {
    run.cutShort.set(facts.path, reason);
    visitor?.notUnderstood({ start, end }, reason, world, facts);
  }
  return true;
}

/** What a unit leaves to the one behind it, where the connection goes on. */
export interface Left {
  readonly planned: PlannedUnit;
  readonly release: number;
  /** The world at its end, with what it left open. */
  readonly world: World;
}
