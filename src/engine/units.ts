import {
  findProfile,
  layOut,
  type Profile,
  type ProjectView,
  profiles,
  psql,
  type Unit,
} from "../layout/index.ts";
import { isNumbered } from "../layout/paths.ts";
import type { Down, Runner } from "../rule.ts";
import { holdsStatement } from "../sql/split.ts";
import type { EngineOptions } from "./engine-options.ts";
import { nearestWord } from "./nearest.ts";
import type { Source } from "./options.ts";

/** A unit in the order in which it runs, with all that the loop needs to know of it. */
export interface PlannedUnit {
  readonly unit: Unit;
  readonly source: Source;
  /** The text to read: the source's, with placeholders filled in place. */
  readonly text: string;
  /**
   * `judge`: shown to the rules. `history`: replayed. `baseline`: a dump of a schema that is there already, replayed and only
   * read for syntax. `syntax`: what takes a migration back, or checks it: only read, and
   * the world goes on as if it were not there. `down`: judged, and the world goes on likewise.
   */
  readonly role: "judge" | "history" | "baseline" | "syntax" | "down";
  /** Whether it ran before, if only with another text: what it makes is new to itself alone. */
  readonly hasRun: boolean;
  readonly runner: Runner;
  /** Whether the runner's connection goes on from file to file: see {@link Profile.keepsSession}. */
  readonly keepsSession: boolean;
  /** Whether it is known when it runs; else only what stands in it comes one after the other. */
  readonly isOrdered: boolean;
  readonly down: Down;
  /** The units that take it back, in their order. */
  readonly back: readonly PlannedUnit[];
  /** Whether something may run just before it that nobody reads. */
  readonly isBehindGap: boolean;
  /** Whether a history begins here: nothing ran before, and more follows or the name says so. */
  readonly isBeginning: boolean;
}

/** Cuts sources into what their runners run as one. */
export interface Planner {
  readonly project: ProjectView;
  profileOf(source: Source): Profile;
  /** The units of some of the sources, in their order. Where `project` is given, what lies around them is asked of it. */
  unitsOf(sources: readonly Source[], project?: ProjectView): PlannedUnit[];
  /** The runners' titles, for the summary. */
  readonly runner: string;
}

/** Finds who runs which source. Throws for an unknown runner's name. */
export function openPlanner(sources: readonly Source[], options: EngineOptions): Planner {
  const project = options.project ?? projectOf(sources);
  const found = findProfiles(sources, project, options);
  const profileOf = (source: Source): Profile => {
    const known = found.get(source.path);
    if (known !== undefined) return known;
    const profile = profileByMarks(source);
    found.set(source.path, profile);
    return profile;
  };
  const titles = new Set(sources.map((source) => profileOf(source).title));
  const isFirst =
    sources[0]?.isFirst === true ||
    sources.some(({ path }) => path !== sources[0]?.path && !/[./]down\.(?:pg|p)?sql$/i.test(path));
  return {
    project,
    profileOf,
    unitsOf(some, view = project) {
      const drafts = some.flatMap((source) => cut(source, profileOf(source), view, options));
      const units = withDowns(options.release === "run" ? joinRuns(drafts, profileOf, view) : drafts);
      return some[0] === sources[0] ? withBeginning(units, isFirst) : units;
    },
    runner: titles.size === 0 ? psql.title : [...titles].join(", "),
  };
}

/** Cuts all sources. Throws for an unknown runner's name. */
export function planUnits(sources: readonly Source[], options: EngineOptions): PlannedUnit[] {
  return openPlanner(sources, options).unitsOf(sources);
}

function cut(source: Source, profile: Profile, project: ProjectView, options: EngineOptions): Draft[] {
  const text = profile.fill(source.text, source.path, project);
  let isBehindGap = source.behindGap === true;
  const ran = source.before === undefined ? null : ranBefore(source, source.before, profile, project);
  return profile.parse(source.text, source.path, project).flatMap((unit): Draft[] => {
    const own = roleOf(unit, source, options);
    if (own === null) return [];
    const state = ran?.get(unit.name);
    // A changeset that is what it was is as old as one in a file of its own.
    const role = own === "judge" && state === "same" ? "history" : own;
    const { keepsSession } = profile;
    const runner = runnerOf(unit, profile, project);
    const hasRun = state !== undefined;
    const isOrdered = profile.hasList === true || isNumbered(source.path);
    const rest = { keepsSession, isBehindGap, isOrdered, isBeginning: false };
    isBehindGap = false;
    return [{ unit, source, text, role, hasRun, runner, ...rest }];
  });
}

/**
 * What of an edited file has run before, by the names of its units: with the same text, where the file has several, or with another.
 * What is repeatable runs again.
 */
export function ranBefore(
  { path, text }: Pick<Source, "path" | "text">,
  before: string,
  profile: Profile,
  project: ProjectView,
): ReadonlyMap<string, "same" | "other"> {
  const forwards = (from: string) =>
    profile.parse(from, path, project).filter(({ direction }) => direction === "up");
  const old = new Map(forwards(before).map((unit) => [unit.name, before.slice(unit.start, unit.end).trim()]));
  const now = forwards(text);
  const hasSeveral = old.size > 1 || now.length > 1;
  const isSame = ({ name, start, end }: Unit) =>
    hasSeveral && old.get(name) === text.slice(start, end).trim();
  const known = now.filter(({ name }) => old.has(name));
  return new Map(known.map((unit) => [unit.name, isSame(unit) ? "same" : "other"]));
}

function runnerOf(
  { transaction, refused, path, cuts }: Unit,
  profile: Profile,
  project: ProjectView,
): Runner {
  return {
    title: profile.title,
    mode: transaction,
    wraps: wrapsUnasked(profile),
    refused,
    cuts,
    leaving: profile.leavingOf?.(path, project) ?? profile.leaving,
    bodyMarks: profile.bodyMarks ?? null,
    searchPath: profile.searchPath?.(path, project) ?? null,
  };
}

const wrapping = new WeakMap<Profile, boolean>();

/** Told by what it makes of a migration of two statements that is written for it. */
function wrapsUnasked(profile: Profile): boolean {
  const known = wrapping.get(profile);
  if (known !== undefined) return known;
  const project = { paths: [], read: () => null };
  const migration = { name: "x", sql: "SELECT 1;\nSELECT 2;", transaction: true };
  const [file] = profile.following({ root: "", files: [], project }, migration);
  const [unit] = file === undefined ? [] : profile.parse(file.text, file.path, project);
  const wraps = unit !== undefined && unit.transaction !== "none";
  wrapping.set(profile, wraps);
  return wraps;
}

/** What is deployed together is pending together: its runner may run it otherwise than each unit by itself. */
function joinRuns(
  drafts: readonly Draft[],
  profileOf: (source: Source) => Profile,
  project: ProjectView,
): Draft[] {
  const pending = drafts.filter(({ role }) => role === "judge");
  const joined = new Map<Unit, Unit>();
  for (const profile of new Set(pending.map(({ source }) => profileOf(source)))) {
    const own = pending.filter(({ source }) => profileOf(source) === profile).map(({ unit }) => unit);
    profile.joinRun?.(own, project).forEach((unit, index) => {
      joined.set(own[index] ?? unit, unit);
    });
  }
  return drafts.map((draft) => {
    const unit = joined.get(draft.unit);
    return unit === undefined
      ? draft
      : { ...draft, unit, runner: runnerOf(unit, profileOf(draft.source), project) };
  });
}

type Draft = Omit<PlannedUnit, "down" | "back">;

/** A lone file cannot be told from a beginning, unless somebody knows that it is the first, or it is called so. */
function withBeginning(units: PlannedUnit[], isFirst: boolean): PlannedUnit[] {
  const [first, ...rest] = units;
  if (first === undefined || !(isFirst || isFirstVersion(first.unit.name))) return units;
  return [{ ...first, isBeginning: true }, ...rest];
}

/** `0001_users`, `V1__users`, `000_x`, `20240101_initial_schema`. */
function isFirstVersion(name: string): boolean {
  const [version = "", ...words] = name.toLowerCase().split(/[^a-z0-9]+/);
  return (
    /^v?0*[01]$/.test(version) || [version, ...words].some((word) => word === "init" || word === "initial")
  );
}

/** Tells each unit whether there is a way back: down units that pair with it, where the runner of the sources has such units. */
function withDowns(drafts: readonly Draft[]): PlannedUnit[] {
  const downs = new Map<string, PlannedUnit[]>();
  for (const draft of drafts) {
    if (draft.unit.direction !== "down") continue;
    const back = { down: "none", ...draft, back: [] } as const;
    downs.set(draft.unit.pair, [...(downs.get(draft.unit.pair) ?? []), back]);
  }
  return drafts.map((draft) => {
    // What is repeatable is run again, and never taken back.
    if (downs.size === 0 || draft.unit.direction !== "up") return { down: "none", ...draft, back: [] };
    const back = downs.get(draft.unit.pair) ?? [];
    const down = back.length === 0 ? "missing" : back.every(isEmpty) ? "empty" : "there";
    return { down, ...draft, back };
  });
}

function isEmpty({ text, unit }: PlannedUnit): boolean {
  return !holdsStatement(text, unit.start, unit.end);
}

function roleOf(unit: Unit, source: Source, options: EngineOptions): PlannedUnit["role"] | null {
  const isUp = unit.direction === "up" || unit.direction === "repeatable";
  if (source.role === "history") return isUp ? "history" : null;
  if (isUp) return isDump(source.text) ? "baseline" : "judge";
  return unit.direction === "down" && options.down === true ? "down" : "syntax";
}

/** What pg_dump writes first: nobody waits for what a dump builds in an empty database. */
function isDump(text: string): boolean {
  const start = text.slice(0, 4000);
  if (start.includes("-- PostgreSQL database dump")) return true;
  const preamble = ["SET statement_timeout = 0;", "SET lock_timeout = 0;", "SET client_encoding = 'UTF8';"];
  return preamble.every((line) => start.includes(line));
}

function findProfiles(
  sources: readonly Source[],
  project: ProjectView,
  options: EngineOptions,
): Map<string, Profile> {
  const paths = sources.map((source) => source.path);
  const found = new Map<string, Profile>();
  if (options.runner !== undefined) {
    const named = namedProfile(options.runner);
    for (const path of paths) found.set(path, named);
    return found;
  }
  for (const { profile, folder } of layOut(project, { paths })) {
    for (const path of folder.files) found.set(path, profile);
  }
  return found;
}

/** Of a file that no tool would run under its name: the tool whose marks it bears. */
function profileByMarks({ path, text }: Source): Profile {
  const project: ProjectView = { paths: [path], read: (other) => (other === path ? text : null) };
  const folder = { root: "", files: [path], project };
  const sure = profiles.find((profile) => (profile.detect(folder)?.confidence ?? 0) >= 1);
  return sure ?? psql;
}

function namedProfile(name: string): Profile {
  const profile = findProfile(name);
  if (profile !== null) return profile;
  const near = nearestWord(
    name,
    profiles.map((one) => one.name),
  );
  const hint =
    near === null ? `one of ${profiles.map((one) => one.name).join(", ")}` : `did you mean ${near}?`;
  throw new Error(`unknown runner ${JSON.stringify(name)}: ${hint}`);
}

/** The sources are all there is to see. */
function projectOf(sources: readonly Source[]): ProjectView {
  const texts = new Map(sources.map((source) => [source.path, source.text]));
  return { paths: [...texts.keys()], read: (path) => texts.get(path) ?? null };
}
