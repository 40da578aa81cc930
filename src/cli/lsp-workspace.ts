import { folderOf, relativeTo, resolveFrom } from "../config/paths.ts";
import { readFile } from "../config/read-file.ts";
import { type Baseline, parseBaseline } from "../engine/baseline.ts";
import { matchesGlob } from "../engine/glob.ts";
import type { HistoryStore } from "../engine/kept-history.ts";
import type { Source } from "../engine/options.ts";
import { findLayout, findProfile, isOtherDialect } from "../layout/index.ts";
import type {
  EditorSettings,
  OpenText,
  PlannedDocument,
  SkippedDocument,
  Workspace,
} from "../lsp/workspace.ts";
import { usageError } from "./failure.ts";
import { gather } from "./gather.ts";
import { hasRoom } from "./heap-growth.ts";
import { openHistoryStore } from "./history-store.ts";
import { codeOf } from "./output.ts";
import { isWithin, type Project } from "./project.ts";
import { planRuns, type Run } from "./runs.ts";
import { loadSettings, type Settings } from "./settings.ts";

/** What was read from the disk for a document: looked at again only when something changed there. */
interface Around {
  readonly settings: Settings;
  readonly settingsKey: string;
  readonly project: Project;
  /** The document as the project calls it. */
  readonly path: string;
  readonly run: Run;
  readonly layout: PlannedDocument["layout"];
  readonly baseline: Baseline | null;
  /** When it has to be read again at the latest. */
  readonly validUntil: number;
}

/**
 * An editor may not tell of changes on the disk: what was read is believed for this long, and for so many times as long as
 * the reading took.
 */
const believed = { milliseconds: 5_000, times: 50 };

/** The documents of an editor, seen as the command line would see them. */
export function openWorkspace(): Workspace {
  const known = new Map<string, Around>();
  const stores = new Map<string, HistoryStore | null>();
  const storeOf = (base: string): HistoryStore | null => {
    const store = stores.get(base) ?? openHistoryStore(base);
    stores.set(base, store);
    return store;
  };
  return {
    async plan(document, open, folders, settings) {
      const key = document.path ?? "";
      const settingsKey = JSON.stringify([settings, folders]);
      let around = known.get(key);
      if (
        around === undefined ||
        around.settingsKey !== settingsKey ||
        performance.now() > around.validUntil ||
        document.path === null
      ) {
        const looked = await lookAround(document, folders, settings, settingsKey);
        if ("skipped" in looked) return looked;
        around = looked;
        known.set(key, around);
      }
      return planDocument(around, document, open, settings, storeOf(around.project.base));
    },
    forget: () => known.clear(),
    close(path) {
      known.delete(path);
    },
  };
}

async function lookAround(
  { path, text }: OpenText,
  folders: readonly string[],
  settings: EditorSettings,
  settingsKey: string,
): Promise<Around | SkippedDocument> {
  const started = performance.now();
  const root = path === null ? folders[0] : folders.find((folder) => isWithin(folderOf(path), folder));
  const cwd = root ?? (path === null ? "/" : folderOf(path));
  const config = settings.config === null ? undefined : resolveFrom(cwd, settings.config);
  const loaded = await loadSettings(path === null ? cwd : folderOf(path), config);
  const why = path === null ? null : whyNot(path, loaded);
  if (why !== null) return { skipped: why };
  const stdin = { bytes: new TextEncoder().encode(text), name: path ?? undefined };
  const { project, judged, named } = gather({ paths: [], cwd, stdin }, loaded);
  const name = settings.runner ?? loaded.loaded.options.runner;
  const runner = name === undefined ? null : findProfile(name);
  const [own = ""] = judged;
  const { runs, layouts } = planRuns(project, judged, named, runner);
  const run = runs.find(({ sources }) => sources.some((source) => source.path === own));
  const layout = findLayout(layouts, own);
  const now = performance.now();
  return {
    settings: loaded,
    settingsKey,
    project,
    path: own,
    run: run ?? { profile: runner, sources: [{ path: own, text, role: "lint" }] },
    layout: path === null ? null : layout,
    baseline: readBaseline(loaded.loaded.baseline),
    validUntil: now + Math.max(believed.milliseconds, believed.times * (now - started)),
  };
}

/** Why a file of the editor is none to check: an editor opens files that nobody would hand to the command line. */
function whyNot(path: string, { loaded }: Settings): string | null {
  const relative = loaded.folder === null ? path : relativeTo(loaded.folder, path);
  if (loaded.ignore.some((glob) => matchesGlob(glob, relative))) return "ignored by the configuration";
  const { migrations } = loaded;
  if (migrations !== null && !migrations.some((glob) => matchesGlob(glob, relative))) {
    return "none of the migrations that the configuration names";
  }
  return isOtherDialect(relative) ? "SQL for another database" : null;
}

/** The document as it is now, with what else is open instead of what is on the disk. */
function planDocument(
  { settings, project, path, run, layout, baseline }: Around,
  document: OpenText,
  open: readonly OpenText[],
  { postgresVersion, runner }: EditorSettings,
  store: HistoryStore | null,
): PlannedDocument {
  const texts = new Map<string, string>();
  for (const other of open) {
    if (other.path !== null) texts.set(relativeTo(project.base, other.path), other.text);
  }
  texts.set(path, document.text);
  const isKnown = run.sources.some((source) => source.path === path);
  let isEdited = false;
  const sources = run.sources.map((source): Source => {
    const text = texts.get(source.path);
    if (text === undefined || text === source.text) return source;
    if (source.role === "history") isEdited = true;
    return { ...source, text };
  });
  const read = (one: string) => texts.get(one) ?? project.read(one);
  const name = run.profile?.name ?? runner ?? undefined;
  return {
    path,
    sources: isKnown ? sources : [...sources, { path, text: document.text, role: "lint" }],
    options: {
      ...settings.loaded.options,
      catalogue: settings.catalogue,
      hasRoom,
      project: { paths: project.paths, read },
      ...(name !== undefined && { runner: name }),
      // A history that is being edited is another one with every key, and none of them is worth keeping.
      ...(store !== null && !isEdited && { historyStore: store }),
      ...(postgresVersion !== null && { postgresVersion }),
    },
    baseline,
    layout,
    base: project.base,
  };
}

function readBaseline(path: string | null): Baseline | null {
  if (path === null) return null;
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    // One that is yet to be written hides nothing.
    if (codeOf(error) === "ENOENT") return null;
    throw usageError(`${path}:1:1: the baseline cannot be read (${codeOf(error)})`);
  }
  try {
    return parseBaseline(text);
  } catch (error) {
    throw usageError(`${path}:1:1: ${error instanceof Error ? error.message : String(error)}`);
  }
}
