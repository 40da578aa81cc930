import type { ProjectView } from "../layout/types.ts";
import type { Rule } from "../rule.ts";
import type { HistoryCache, HistoryStore } from "./kept-history.ts";
import type { Options } from "./options.ts";

/** What the engine is handed: the configuration, the rules themselves, and what is around the run. */
export interface EngineOptions extends Options {
  readonly catalogue: readonly Rule[];
  /** The files around the sources, from which the runner is told. Default: the sources themselves. */
  readonly project?: ProjectView;
  /** Whether there is memory left for more. Where it is not, what is left of a file is given up, and told. */
  readonly hasRoom?: () => boolean;
  /**
   * How much effort goes into a file before what it takes for each statement. Default: what a file of any project needs many
   * times over.
   */
  readonly mostEffort?: number;
  /** Kept from one run to the next: a history that has not changed is not replayed. */
  readonly history?: HistoryCache;
  /** Kept from one process to the next; asked where `history` knows nothing. */
  readonly historyStore?: HistoryStore;
}
