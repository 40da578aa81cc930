import type { ProjectView } from "../layout/types.ts";
import { answersTheSame, joinAsked, watchProject } from "./asked-files.ts";
import type { EngineOptions } from "./engine-options.ts";
import { factsOf } from "./facts.ts";
import { parseFacts, renderFacts } from "./history-text.ts";
import type { HistoryCache, HistoryFacts, HistoryStore, KnownHistory } from "./kept-history.ts";
import type { Source } from "./options.ts";
import { runUnit } from "./run.ts";
import type { RunState } from "./run-state.ts";
import type { Planner } from "./units.ts";

/** The part of a run that is over. */
interface Past {
  readonly sources: number;
  readonly units: number;
  /** The paths of the sources in which something ran. */
  readonly files: ReadonlySet<string>;
}

/**
 * Replays the history with which a run begins. What `options.history` or `options.historyStore` know of its beginning,
 * behind the same settings, is taken from there: it is not even cut into units. Schemas never change in place.
 */
export function replayHistory(
  sources: readonly Source[],
  planner: Planner,
  run: RunState,
  options: EngineOptions,
): Past {
  const firstJudged = sources.findIndex(({ role }) => role !== "history");
  const past = firstJudged === -1 ? sources : sources.slice(0, firstJudged);
  const { history: cache } = options;
  // The other parser is a package of its own: it may become another one while nothing that we know of changes.
  const store = run.parser.name === "postgres" ? options.historyStore : undefined;
  if (past.length === 0) return { sources: 0, units: 0, files: new Set() };
  const settings = cache || store ? settingsOf(past, planner, run, options) : "";
  const known = recall(past, planner.project, settings, cache, store);
  if (known !== null) restore(run, known.facts);
  const count = known?.sources.length ?? 0;
  // Finer clocks take Node as long to load as a small file to lint.
  const started = Date.now();
  const facts =
    count === past.length && known ? known.facts : goOn(past, count, known, planner, run, options);
  // What took too long to be read to its end has to be told each time, and may not take so long the next time.
  if (run.cutShort.size === 0) {
    if (cache && cache.known?.facts !== facts) cache.known = { settings, sources: past, facts };
    if (store && count < past.length && Date.now() - started >= store.worthKeeping) {
      const text = renderFacts(facts);
      if (text !== null) store.save(settings, past, text);
    }
  }
  const silent = new Set(facts.silent);
  const files = past.flatMap(({ path }, k) => (silent.has(k) ? [] : [path]));
  return { sources: past.length, units: facts.units, files: new Set(files) };
}

/** Replays what is not known yet. */
function goOn(
  past: readonly Source[],
  count: number,
  known: KnownHistory | null,
  planner: Planner,
  run: RunState,
  options: EngineOptions,
): HistoryFacts {
  const { view, asked } = watchProject(planner.project);
  const planned = planner.unitsOf(past.slice(count), view);
  const before = known?.facts.units ?? 0;
  planned.forEach((unit, k) => {
    runUnit(run, unit, factsOf(unit, before + k, options, run), null);
  });
  const heard = new Set(planned.map(({ source }) => source));
  const silent = past.flatMap((source, k) => (k < count || heard.has(source) ? [] : [k]));
  return {
    silent: known === null ? silent : [...known.facts.silent, ...silent],
    units: before + planned.length,
    schema: run.schema,
    transactionNumber: run.transactionNumber,
    defaults: new Map(run.defaults),
    asked: known === null ? asked() : joinAsked(known.facts.asked, asked()),
  };
}

function restore(run: RunState, { schema, transactionNumber, defaults }: HistoryFacts): void {
  run.schema = schema;
  run.transactionNumber = transactionNumber;
  run.defaults.clear();
  for (const [name, setting] of defaults) run.defaults.set(name, setting);
}

/** Whatever else the world behind a history depends on, besides its sources and the files around them. */
function settingsOf(
  past: readonly Source[],
  planner: Planner,
  run: RunState,
  options: EngineOptions,
): string {
  const { session, maxLockTimeout, tables } = options;
  const runners = past.map((source) => planner.profileOf(source).name);
  const runner = new Set(runners).size === 1 ? runners[0] : runners;
  return JSON.stringify([
    run.version,
    run.parser.name,
    run.limits.seconds,
    runner,
    session,
    maxLockTimeout,
    tables,
  ]);
}

/** The longest beginning of the history that is known. */
function recall(
  past: readonly Source[],
  project: ProjectView,
  settings: string,
  cache: HistoryCache | undefined,
  store: HistoryStore | undefined,
): KnownHistory | null {
  const known = cache?.known ?? null;
  if (known?.settings === settings && isBeginning(known.sources, past) && isTrue(known.facts, project)) {
    return known;
  }
  const kept = store?.load(settings, past) ?? null;
  const facts = kept === null ? null : parseFacts(kept.text);
  if (kept === null || facts === null || !isTrue(facts, project)) return null;
  return { settings, sources: past.slice(0, kept.count), facts };
}

function isTrue({ asked }: HistoryFacts, project: ProjectView): boolean {
  return answersTheSame(project, asked);
}

function isAlike(before: Source, now: Source): boolean {
  return (
    (before.behindGap === true) === (now.behindGap === true) &&
    (before.isFirst === true) === (now.isFirst === true)
  );
}

function isBeginning(known: readonly Source[], sources: readonly Source[]): boolean {
  if (known.length > sources.length) return false;
  return known.every((before, k) => {
    const now = sources[k];
    return before === now || (before.path === now?.path && before.text === now.text && isAlike(before, now));
  });
}
