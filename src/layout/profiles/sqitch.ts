import { hasMark } from "../comments.ts";
import { downLines, endLine, slugOf } from "../following.ts";
import { compareNatural, hasPath, isSqlFile, joinPath, pathBelow } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Direction, Folder, Profile } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { evidence, someText } from "./shared.ts";

const directions: ReadonlyMap<string, Direction> = new Map([
  ["deploy", "up"],
  ["revert", "down"],
  ["verify", "verify"],
]);

/** `deploy`, `revert` or `verify`, wherever in the path it stands last. */
function partOf(path: string): string | null {
  const parts = path.split("/");
  return parts.findLast((part, index) => index < parts.length - 1 && directions.has(part)) ?? null;
}

interface Step {
  readonly change: string;
  /** Tags that the script of an earlier version may bear, `<change>@<tag>`: all between it and its rework. */
  readonly tags: readonly string[];
}

/** The changes of a plan in order; one that was reworked stands there more than once. */
function readPlan(text: string): Step[] {
  const steps: { change: string; tagsBefore: number }[] = [];
  const tags: string[] = [];
  for (const line of text.split("\n")) {
    const [word = ""] = line.trim().split(/\s+/, 1);
    if (word === "" || word.startsWith("%") || word.startsWith("#")) continue;
    if (word.startsWith("@")) tags.push(word);
    else steps.push({ change: word.replace(/^[+-]/, ""), tagsBefore: tags.length });
  }
  const next = new Map<string, number>();
  return steps
    .toReversed()
    .map(({ change, tagsBefore }) => {
      const until = next.get(change);
      next.set(change, tagsBefore);
      return { change, tags: until === undefined ? [] : tags.slice(tagsBefore, until) };
    })
    .reverse();
}

function order(folder: Folder): readonly string[] {
  const plan = folder.project.read(joinPath(folder.root, "sqitch.plan"));
  if (plan === null) return [...folder.files].sort(compareNatural);
  const files = new Set(folder.files);
  const ordered: string[] = [];
  for (const { change, tags } of readPlan(plan)) {
    for (const part of directions.keys()) {
      const names = [...tags.map((tag) => `${change}${tag}`), change];
      const paths = names.map((name) => joinPath(folder.root, `${part}/${name}.sql`));
      const path = paths.find((candidate) => files.has(candidate));
      if (path !== undefined) ordered.push(path);
    }
  }
  return ordered;
}

const styles = ["colon"] as const;

export const sqitch: Profile = {
  name: "sqitch",
  title: "sqitch",
  source: "https://sqitch.org/docs/manual/sqitchtutorial/",
  placeholders: styles,
  leaving: {
    by: "itself",
    text: "",
    alone: false,
    words: "give it a deploy script of its own, without BEGIN and COMMIT",
  },
  // Each script is run by a psql of its own.
  keepsSession: false,
  comparesText: null,
  recursive: true,
  detect(folder) {
    const plan = joinPath(folder.root, "sqitch.plan");
    if (hasPath(folder.project, plan)) return evidence(1, plan);
    const isDeployed = someText(
      folder,
      /Deploy /i,
      (text, path) => partOf(path) === "deploy" && hasMark(text, /Deploy /i),
    );
    return isDeployed ? evidence(0.9, "-- Deploy") : null;
  },
  isMigration: (path) => isSqlFile(path) && partOf(path) !== null,
  hasList: true,
  order,
  parse(text, path) {
    const part = partOf(path) ?? "deploy";
    const name = path.slice(path.lastIndexOf(`${part}/`) + part.length + 1, -".sql".length);
    return [
      createUnit(path, wholeText(text), "none", {
        name,
        pair: name,
        direction: directions.get(part) ?? "up",
      }),
    ];
  },
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction, down }) {
    const change = slugOf(name);
    const top = folder.files.some((path) => pathBelow(joinPath(folder.root, "deploy"), path) !== null)
      ? "deploy/"
      : "";
    const text = transaction ? `BEGIN;\n\n${endLine(sql)}\nCOMMIT;\n` : endLine(sql);
    const files = [
      { path: joinPath(folder.root, `${top}${change}.sql`), text: `-- Deploy ${change}\n\n${text}` },
    ];
    if (top === "" || down === undefined) return files;
    const back = transaction ? `BEGIN;\n\n${downLines(down)}\nCOMMIT;\n` : downLines(down);
    return [
      ...files,
      { path: joinPath(folder.root, `revert/${change}.sql`), text: `-- Revert ${change}\n\n${back}` },
    ];
  },
};
