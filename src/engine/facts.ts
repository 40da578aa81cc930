import { parseDuration } from "../analysis/session.ts";
import type { Parser } from "../parse/parser.ts";
import type { Down, Runner } from "../rule.ts";
import type { Span } from "../text/span.ts";
import type { Emptied } from "./emptied.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { PlannedUnit } from "./units.ts";

/** What every context of a unit shares. */
export interface UnitFacts {
  readonly path: string;
  readonly version: number;
  /** Whether nobody said which version runs. */
  readonly isVersionAssumed: boolean;
  /** For the bodies of SQL functions, which the server reads when they are made. */
  readonly parser: Parser;
  readonly runner: Runner;
  readonly unit: number;
  /** Where the unit stands in the file. */
  readonly span: Span;
  readonly release: number;
  readonly maxLockTimeout: number;
  /** What the configuration declares, by `schema.name` or name. */
  readonly tables: Readonly<Record<string, { readonly rows?: number; readonly hot?: boolean }>>;
  readonly down: Down;
  /** Whether a history begins with this unit. */
  readonly isBeginning: boolean;
  /** Whether the unit runs again whenever it changes: what it makes unless it is there, is there. */
  readonly isRepeatable: boolean;
  /** What the running transaction has emptied, as {@link writtenName} spells it. */
  readonly emptied: Emptied;
  /** Whether something has run in it so far that nobody could read, or that found out at run time what to change. */
  readonly unread: { is: boolean };
  /** What {@link Context.isFirst} has been asked so far. */
  readonly asked: Set<string>;
}

/** What contexts are told of a unit; `unit` is its place in the run, from 0. */
export function factsOf(
  planned: PlannedUnit,
  unit: number,
  options: EngineOptions,
  { version, parser }: Pick<UnitFacts, "version" | "parser">,
): UnitFacts {
  const isOfRelease = planned.role === "judge" && !planned.hasRun;
  return {
    path: planned.source.path,
    version,
    isVersionAssumed: options.postgresVersion === undefined,
    parser,
    runner: planned.runner,
    unit,
    span: planned.unit,
    release: isOfRelease && options.release === "run" ? -1 : unit,
    maxLockTimeout: parseDuration(options.maxLockTimeout ?? "5s") ?? 5,
    tables: options.tables ?? {},
    down: planned.down,
    isBeginning: planned.isBeginning,
    isRepeatable: planned.unit.direction === "repeatable",
    ...freshNotes(),
  };
}

/** What is noted of a unit while it runs, before it does. */
export function freshNotes(): Pick<UnitFacts, "emptied" | "unread" | "asked"> {
  return { emptied: new Map(), unread: { is: false }, asked: new Set() };
}
