import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { rules } from "../../rules/index.ts";
import { readKept, writeKept } from "../../src/cli/kept-text.ts";
import { packReport, unpackReport } from "../../src/cli/packed-report.ts";
import type { EngineOptions } from "../../src/engine/engine-options.ts";
import { explainSources } from "../../src/engine/explain.ts";
import type { HistoryStore } from "../../src/engine/kept-history.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Source } from "../../src/engine/options.ts";
import { layOut } from "../../src/layout/index.ts";
import { actionsAt } from "../../src/lsp/actions.ts";
import { checkDocument } from "../../src/lsp/check.ts";
import { hoverAt } from "../../src/lsp/hover.ts";
import { renderExplanation } from "../../src/reporters/explain.ts";
import { renderJson } from "../../src/reporters/json.ts";
import { indexLines } from "../../src/text/lines.ts";
import { hold, holdPrintable, holdWords } from "./checks.ts";
import { someOptions } from "./engine-targets.ts";
import type { Random } from "./random.ts";

/** A text as a series of migrations: all but the last have run. */
function seriesOf(text: string, random: Random): Source[] {
  const cuts = Array.from({ length: 1 + random.below(4) }, () => random.below(text.length + 1));
  const edges = [0, ...cuts.sort((a, b) => a - b), text.length];
  return edges.slice(1).map((end, k) => ({
    path: `migrations/${k + 1}_a.up.sql`,
    text: text.slice(edges[k], end),
    ...(k < edges.length - 2 && { role: "history" as const }),
  }));
}

/** A store that keeps everything. */
function openStore(): HistoryStore & { kept: { count: number; settings: string; text: string } | null } {
  return {
    worthKeeping: -1,
    kept: null,
    load(settings, sources) {
      return this.kept !== null && this.kept.settings === settings && this.kept.count <= sources.length
        ? this.kept
        : null;
    },
    save(settings, sources, text) {
      this.kept = { settings, text, count: sources.length };
    },
  };
}

/** What is kept of a history from one process to the next changes no finding. */
export async function checkKeptHistory(text: string, random: Random): Promise<void> {
  const options = someOptions(random);
  const sources = seriesOf(text, random);
  const historyStore = openStore();
  const fresh = await lintSources(sources, options);
  const lint = () => lintSources(sources, { ...options, historyStore });
  const same = (report: typeof fresh, words: string) =>
    hold(isDeepStrictEqual(report.diagnostics, fresh.diagnostics), words);
  same(await lint(), "the same findings while a history is kept");
  same(await lint(), "the same findings behind a history that was kept");
  const explained = await explainSources(sources, { ...options, historyStore });
  const freshly = await explainSources(sources, options);
  hold(isDeepStrictEqual(explained, freshly), "the same explanation behind a history that was kept");
}

/** A file of the cache whose bytes are others is none. */
export function checkKeptFile(text: string, random: Random): void {
  const path = join(keptFolder(), "file");
  hold(
    writeKept(path, JSON.stringify(text)) && JSON.parse(readKept(path) ?? "") === text,
    "a text comes back",
  );
  const bytes = readFileSync(path);
  const at = random.below(bytes.length);
  const torn = random.pick([
    bytes.subarray(0, at),
    Buffer.concat([bytes.subarray(0, at), Buffer.from("x"), bytes.subarray(at)]),
    Buffer.from(bytes.map((byte, k) => (k === at ? byte ^ (1 << random.below(8)) : byte))),
    Buffer.concat([bytes, bytes]),
    Buffer.from(text),
  ]);
  writeFileSync(path, torn, { mode: 0o600 });
  hold(readKept(path) === null, `what is torn at ${at} is none`);
}

let folder: string | undefined;

function keptFolder(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "lockwise-fuzz-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/** A report that is kept is the report. */
export async function checkKeptReport(text: string, random: Random): Promise<void> {
  const sources = seriesOf(text, random);
  const report = await lintSources(sources, someOptions(random));
  const again = unpackReport(JSON.parse(JSON.stringify(packReport(report))), sources);
  hold(renderJson(again) === renderJson(report), "a report that was kept says the same");
}

/** Files of other databases among those of ours: each file is laid out, or left out, once. */
export function checkForeign(text: string, random: Random): void {
  const folder = random.pick(["", "db/", "migrations/"]);
  const paths = ["1_a", "2_b", "3_c"].map(
    (name) => `${folder}${name}${random.pick([".sql", ".up.sql", ".pgsql"])}`,
  );
  const texts = new Map(paths.map((path) => [path, random.oneIn(2) ? text : "CREATE TABLE t (a int);\n"]));
  const project = { paths, read: (path: string) => texts.get(path) ?? null };
  const files = layOut(project, { paths }).flatMap((layout) => [...layout.folder.files]);
  hold(new Set(files).size === files.length, "no file is laid out twice");
  for (const file of files) hold(texts.has(file), "what is laid out is there");
}

/** What `explain` says of one migration does not depend on whether those before it are explained as well. */
export async function checkExplainedBehind(text: string, random: Random): Promise<void> {
  const options: EngineOptions = { ...someOptions(random), release: "file", runner: "psql" };
  const sources = seriesOf(text, random);
  const last = sources[sources.length - 1]?.path;
  const behind = await explainSources(sources, options);
  const all = await explainSources(
    sources.map(({ path, text: own }) => ({ path, text: own })),
    options,
  );
  hold(
    isDeepStrictEqual(
      behind.statements,
      all.statements.filter(({ path }) => path === last),
    ),
    "the same explanation, whoever explains what comes before",
  );
  for (const width of [40, 100]) {
    const output = renderExplanation(all, { width });
    holdPrintable(output, "explain");
    holdWords(output, text, "explain");
  }
}

const abilities = { documentChanges: true, createsFiles: true, resolves: true, snippets: true };

/** An editor may point anywhere. */
export async function checkEditor(text: string, random: Random): Promise<void> {
  const path = "migrations/1_a.sql";
  const project = { paths: [path], read: () => text };
  const [layout = null] = layOut(project, { paths: [path] });
  const planned = {
    path,
    sources: [{ path, text }],
    options: someOptions(random),
    baseline: null,
    layout,
    base: "/p",
  };
  const uri = "file:///p/migrations/1_a.sql";
  const checked = await checkDocument({ uri, version: 1, text }, planned, new Map());
  const lines = indexLines(text);
  const target = { uri, checked, lines, abilities, uriOf: (one: string) => `file:///p/${one}` };
  const somewhere = () => ({ line: random.below(lines.starts.length + 3), character: random.below(200) });
  for (let k = 0; k < 3; k++) {
    const hover = await hoverAt(checked, random.below(text.length + 2), rules);
    if (hover !== null) holdWords(JSON.stringify(hover.contents), text, "hover");
    const range = { start: somewhere(), end: somewhere() };
    const actions = await actionsAt(target, { range, context: { diagnostics: [] } });
    for (const { title } of actions) holdWords(title, text, "action");
  }
}
