import { createHash } from "node:crypto";
import { readBytes } from "../config/read-file.ts";
import type { StepFiles } from "../fix/files.ts";
import type { Plan } from "../fix/plan-types.ts";
import type { Layout } from "../layout/index.ts";
import { baseName, compareText, folderOf, joinPath, stemOf } from "../layout/paths.ts";
import { codeOf } from "./output.ts";
import type { Project } from "./project.ts";
import { isThere, replaceFile } from "./write-file.ts";

/** Updates what the tool keeps beside its migrations where that can be right; the lines say what was done, or is to be done. */
export function keepBooks(
  plan: Plan,
  files: readonly StepFiles[],
  layout: Layout,
  project: Project,
): readonly string[] {
  const first = files.flatMap((one) => one.files.slice(0, 1)).map(({ path }) => path);
  switch (layout.profile.name) {
    case "drizzle":
      return keepJournal(first, layout, project);
    case "sqitch":
      return first.map((path) => {
        const change = stemOf(path);
        return `sqitch.plan names who planned a change and when: run \`sqitch add ${change} --note '${baseName(plan.path)}'\`, in this order`;
      });
    case "liquibase":
      return [
        "the root changelog has to include the new files, in this order, unless it includes their folder",
      ];
    default:
      return keepSum(plan, files, layout, project);
  }
}

function keepJournal(paths: readonly string[], { folder }: Layout, project: Project): string[] {
  const journal = joinPath(folder.root, "meta/_journal.json");
  const told = `${project.nameOf(journal)}: add an entry for each new migration, or Drizzle does not run it`;
  const text = project.read(journal);
  if (text === null) return isThere(`${project.base}/${journal}`) ? [told] : [];
  const parsed = parseJournal(text);
  if (parsed === null) return [told];
  const entries = [...parsed.entries];
  for (const path of paths) {
    const last = entries.at(-1);
    entries.push({
      idx: (last?.idx ?? -1) + 1,
      version: last?.version ?? parsed.version,
      // Drizzle runs what is younger than the youngest that has run.
      when: Math.max(Date.now(), (last?.when ?? 0) + 1),
      tag: baseName(path) === "migration.sql" ? baseName(folderOf(path)) : stemOf(path),
      breakpoints: last?.breakpoints ?? true,
    });
  }
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
  const end = text.endsWith("\n") ? "\n" : "";
  replaceFile(
    `${project.base}/${journal}`,
    `${JSON.stringify({ ...parsed, entries }, null, indent)}${end}`,
    project.base,
  );
  return [
    `${project.nameOf(journal)}: ${paths.length} entries added; the snapshots in meta are drizzle-kit's own: bring the schema in TypeScript up to date and compare with \`drizzle-kit generate\``,
  ];
}

interface JournalEntry {
  readonly idx: number;
  readonly version: string;
  readonly when: number;
  readonly tag: string;
  readonly breakpoints: boolean;
}

function parseJournal(text: string): { version: string; entries: JournalEntry[] } | null {
  try {
    const journal = JSON.parse(text) as { version?: unknown; entries?: unknown };
    if (typeof journal.version !== "string" || !Array.isArray(journal.entries)) return null;
    const isWhole = journal.entries.every(
      (entry: Partial<JournalEntry>) => typeof entry?.idx === "number" && typeof entry.when === "number",
    );
    return isWhole ? (journal as { version: string; entries: JournalEntry[] }) : null;
  } catch {
    return null;
  }
}

/** atlas.sum is written again only where the one that is there is what we would have written for the files of then. */
function keepSum(plan: Plan, files: readonly StepFiles[], { folder }: Layout, project: Project): string[] {
  const sum = joinPath(folder.root, "atlas.sum");
  if (!isThere(`${project.base}/${sum}`)) return [];
  const told = `${project.nameOf(sum)}: run \`atlas migrate hash\``;
  try {
    const onDisk = (path: string) => readBytes(`${project.base}/${path}`);
    // The original may have been changed by now: what was read of it counts.
    const asRead = (path: string) => Buffer.from(project.read(path) ?? "", "utf8");
    const counts = (path: string) => folderOf(path) === folder.root && !path.endsWith(".down.sql");
    const before = project.sql.filter(counts);
    const known = before.map((path) => ({ path, bytes: path === plan.path ? asRead(path) : onDisk(path) }));
    if (hashFolder(known) !== onDisk(sum).toString("utf8")) return [told];
    const made = files.flatMap((one) => one.files.map(({ path }) => path)).filter(counts);
    const after = [...before, ...made].map((path) => ({ path, bytes: onDisk(path) }));
    replaceFile(`${project.base}/${sum}`, hashFolder(after), project.base);
    return [`${project.nameOf(sum)}: brought up to date`];
  } catch (error) {
    return [`${told} (${codeOf(error)})`];
  }
}

/** The text of atlas.sum: a running SHA-256 over names and contents, and one over those lines. */
export function hashFolder(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): string {
  const running = createHash("sha256");
  const whole = createHash("sha256");
  const lines: string[] = [];
  for (const { path, bytes } of [...files].sort((a, b) => compareText(baseName(a.path), baseName(b.path)))) {
    running.update(baseName(path));
    running.update(bytes);
    const hash = running.copy().digest("base64");
    lines.push(`${baseName(path)} h1:${hash}`);
    whole.update(baseName(path));
    whole.update(hash);
  }
  return `h1:${whole.digest("base64")}\n${lines.map((line) => `${line}\n`).join("")}`;
}
