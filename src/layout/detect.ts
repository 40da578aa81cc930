import { backwardTwins, isBackwards } from "./backwards.ts";
import { isOtherDialect } from "./dialects.ts";
import { groupFiles, isRunnable } from "./folders.ts";
import { withoutForeign } from "./foreign.ts";
import { type Chosen, type Group, mergeGroups } from "./join-groups.ts";
import { withoutOthers } from "./no-migrations.ts";
import { baseName, folderOf, pathBelow } from "./paths.ts";
import { profiles, psql } from "./profiles/index.ts";
import { setAside } from "./set-aside.ts";
import type { Folder, Layout, Profile, ProjectView } from "./types.ts";
import { joinVersions, orderOf } from "./versions.ts";

export interface LayoutOptions {
  /** The tool that a person named: nothing is guessed. */
  readonly runner?: Profile;
  /** The SQL files to lay out; all of the project where nothing is said. */
  readonly paths?: readonly string[];
  /** Told of the files that are in none of the layouts, and why: `not run by sqitch`. */
  readonly leave?: (paths: readonly string[], why: string) => void;
}

const forOthers = "for another database";
/** Why a file is left out that no tool was found for. */
export const byNoTool = "not run by a migration tool";

/**
 * The migration folders of a project, each with the tool that runs it and its files in the order in which they run. Files for
 * other databases are left out, and so is what a tool runs on the same one. Files that no tool claims are psql's, by name,
 * with a confidence of 0.1.
 */
export function layOut(project: ProjectView, options: LayoutOptions = {}): Layout[] {
  const view = remember(project);
  const { leave } = options;
  /** Tells of what is in `all` and not in `kept`. */
  const without = (all: readonly string[], kept: readonly string[], why: string) => {
    if (leave === undefined || all.length === kept.length) return;
    const rest = new Set(kept);
    const left = all.filter((path) => !rest.has(path));
    leave(left, why);
  };
  const asked = options.paths ?? project.paths;
  const others = new Set(asked.filter((path) => isOtherDialect(path, view)));
  leave?.([...others], forOthers);
  const paths = asked.filter((path) => !others.has(path) && isRunnable(path));
  const folders: Folder[] = [];
  const foreign: Folder[] = [];
  for (const folder of groupFiles(view, paths)) {
    const own = withoutForeign(folder);
    without(folder.files, own?.files ?? [], forOthers);
    if (own === null) foreign.push(folder);
    else {
      const migrations = withoutOthers(own);
      without(own.files, migrations.files, byNoTool);
      folders.push(migrations);
    }
  }
  const groups = folders.map((folder) => ({ folder, ...choose(folder, options.runner) }));
  const here = groups
    .filter((group) => !foreign.some((other) => isSameDatabase(group, other)))
    .filter(({ profile, folder }) => options.runner !== undefined || profile.isElsewhere?.(folder) !== true);
  without(filesOf(groups), filesOf(here), forOthers);
  const aside = options.runner === undefined ? setAside(here) : new Set<string>();
  const current = here.filter(({ folder }) => !aside.has(folder.root));
  without(filesOf(here), filesOf(current), byNoTool);
  const joined = joinVersions(mergeGroups(current));
  const run = runByTool(joined);
  without(filesOf(joined), filesOf(run), byNoTool);
  return run.map(({ series, folder, ...chosen }) => {
    const { profile } = chosen;
    const files = orderOf(profile, series ?? [folder]);
    const given = (series ?? [folder]).flatMap((one) => one.files);
    without(given, files, profile === psql ? byNoTool : `not run by ${profile.title}`);
    return { folder: { ...folder, files }, ...chosen };
  });
}

function filesOf(groups: readonly Group[]): readonly string[] {
  return groups.flatMap(({ folder, series }) => (series ?? [folder]).flatMap(({ files }) => files));
}

/** Whether the tool runs the group on the database of another folder. */
function isSameDatabase({ folder, profile }: Group, other: Folder): boolean {
  return profile.joinsOneDatabase === true && profile.joins?.(other, folder) === true;
}

/**
 * The layout that a path belongs to, whether or not the file is there yet: the one that runs it, or else the one with the
 * nearest folder above it whose tool would run it.
 */
export function findLayout(layouts: readonly Layout[], path: string): Layout | null {
  const running = layouts.find(({ folder }) => folder.files.includes(path));
  if (running !== undefined) return running;
  const around = layouts.filter(
    ({ folder, profile }) => pathBelow(folder.root, path) !== null && profile.isMigration(path, folder),
  );
  return around.sort((a, b) => b.folder.root.length - a.folder.root.length)[0] ?? null;
}

/** Every tool wants to see the texts: each is read once. */
function remember(project: ProjectView): ProjectView {
  const texts = new Map<string, string | null>();
  return {
    paths: project.paths,
    read(path) {
      let text = texts.get(path);
      if (text === undefined) {
        text = project.read(path);
        texts.set(path, text);
      }
      return text;
    },
  };
}

function choose(folder: Folder, runner: Profile | undefined): Chosen {
  if (runner !== undefined) return { profile: runner, confidence: 1, because: "named" };
  let best: Chosen = { profile: psql, confidence: 0, because: "" };
  for (const profile of profiles) {
    const evidence = profile.detect(folder);
    if (evidence !== null && evidence.confidence > best.confidence) best = { profile, ...evidence };
    // Nobody can be surer than sure.
    if (best.confidence >= 1) break;
  }
  return best;
}

/** Files that no tool claims inside of a folder that one runs, such as templates and scripts for hand, do not run. */
function runByTool(groups: readonly Group[]): Group[] {
  const claimed = groups.filter(({ profile }) => profile !== psql).map(({ folder }) => folder.root);
  const all = new Set(groups.map(({ folder }) => folder.root));
  const twins = backwardTwins(all);
  // Beside an `up.sql` in a folder of its own lie its notes and its tests.
  const steps = new Set(groups.flatMap(({ folder }) => ownFolders(folder)));
  // No tool runs what is to go back, for hand, when it has other files.
  const goesBack = ({ profile, folder }: Group) =>
    profile !== psql &&
    isBackwards(folder.root) &&
    groups.some((other) => other.profile === profile && !isBackwards(other.folder.root));
  const isLeftOut = ({ profile, folder }: Group) =>
    profile === psql &&
    (steps.has(folder.root) ||
      claimed.some((root) => root !== folder.root && isBelow(root, folder.root)) ||
      (isBackwards(folder.root) && (all.has(folderOf(folder.root)) || mirrorsOther(folder, groups))) ||
      twins.has(folder.root));
  return groups.filter((group) => !isLeftOut(group) && !goesBack(group));
}

/** The folders below a root in which the files of its sequence lie. */
function ownFolders({ root, files }: Folder): readonly string[] {
  return files.map(folderOf).filter((folder) => folderOf(folder) === root && folder !== root);
}

/** Whether most files of a folder have their namesakes in one beside it: `downgrade/1_a.sql` of `sql/1_a.sql`. */
function mirrorsOther({ root, files }: Folder, groups: readonly Group[]): boolean {
  return groups.some(({ folder: other }) => {
    if (other.root === root || folderOf(other.root) !== folderOf(root)) return false;
    const names = new Set(other.files.map(baseName));
    return files.filter((path) => names.has(baseName(path))).length * 2 > files.length;
  });
}

/** At the top of a project a sub-folder may be anything; one for going back is none to run either way. */
function isBelow(root: string, folder: string): boolean {
  return root === "" ? isBackwards(folder) : pathBelow(root, folder) !== null;
}
