import type { Schema } from "../analysis/schema.ts";
import type { Setting } from "../analysis/session.ts";
import type { AskedFiles } from "./asked-files.ts";
import type { Source } from "./options.ts";

/** The world behind a history, for whoever lints one file behind the same history again and again: an editor. */
export interface HistoryCache {
  known: KnownHistory | null;
}

/** A history that was replayed: the sources, all else that it depends on, and what it left behind. */
export interface KnownHistory {
  readonly settings: string;
  readonly sources: readonly Source[];
  readonly facts: HistoryFacts;
}

/** What is kept of histories from one process to the next. What it gives back was given to it before, to the letter. */
export interface HistoryStore {
  /** In milliseconds: what was replayed in less is replayed again sooner than it is written and read. */
  readonly worthKeeping: number;
  /** The facts of the longest known beginning of the sources, and how many of them that is. */
  load(
    settings: string,
    sources: readonly Source[],
  ): { readonly count: number; readonly text: string } | null;
  save(settings: string, sources: readonly Source[], text: string): void;
}

/** All that a history leaves behind for what runs after it. */
export interface HistoryFacts {
  /** The places of the sources in which nothing runs. */
  readonly silent: readonly number[];
  readonly units: number;
  readonly schema: Schema;
  readonly transactionNumber: number;
  readonly defaults: ReadonlyMap<string, Setting>;
  readonly asked: AskedFiles;
}

/** A cache that knows nothing yet. */
export function createHistoryCache(): HistoryCache {
  return { known: null };
}
