import type { Unit } from "../layout/types.ts";
import type { Runner } from "../rule.ts";
import type { EngineOptions, Source } from "./options.ts";

/** A unit in the order in which it runs, with all that the loop needs to know of it. */
export interface PlannedUnit {
  readonly unit: Unit;
  readonly source: Source;
  /** The text to read: the source's, with placeholders filled in place. */
  readonly text: string;
  readonly isJudged: boolean;
  readonly runner: Runner;
}

export interface Plan {
  readonly units: readonly PlannedUnit[];
  /** For the summary: the runners' titles. */
  readonly runner: string;
}

const psql: Runner = {
  title: "psql",
  mode: "none",
  leaving: { by: "itself", text: "", alone: false, words: "psql does not wrap it" },
};

export function planUnits(sources: readonly Source[], options: EngineOptions): Plan {
  const units = sources.map((source) => ({
    unit: {
      path: source.path,
      name: source.path,
      direction: "up" as const,
      start: 0,
      end: source.text.length,
      transaction: "none" as const,
      marker: null,
      breaks: [],
      refused: null,
    },
    source,
    text: source.text,
    isJudged: source.role !== "history",
    runner: psql,
  }));
  return { units, runner: options.runner ?? psql.title };
}
