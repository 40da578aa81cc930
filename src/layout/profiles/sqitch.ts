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
  /**
   * The tags between an earlier version and its rework, from the first to before the last of these: the script bears one of
   * them, `<change>@<tag>`. Null: the last version, whose script bears none.
   */
  readonly tags: readonly [first: number, end: number] | null;
}

/** The changes of a plan in order; one that was reworked stands there more than once. */
function readPlan(text: string): { readonly steps: readonly Step[]; readonly tags: readonly string[] } {
  const steps: { change: string; tagsBefore: number }[] = [];
  const tags: string[] = [];
  for (const line of text.split("\n")) {
    const [word = ""] = line.trim().split(/\s+/, 1);
    if (word === "" || word.startsWith("%") || word.startsWith("#")) continue;
    if (word.startsWith("@")) tags.push(word);
    else steps.push({ change: word.replace(/^[+-]/, ""), tagsBefore: tags.length });
  }
  const next = new Map<string, number>();
  const read = steps
    .toReversed()
    .map(({ change, tagsBefore }): Step => {
      const until = next.get(change);
      next.set(change, tagsBefore);
      return { change, tags: until === undefined ? null : [tagsBefore, until] };
    })
    .reverse();
  return { steps: read, tags };
}

function order(folder: Folder): readonly string[] {
  const plan = folder.project.read(joinPath(folder.root, "sqitch.plan"));
  if (plan === null) return [...folder.files].sort(compareNatural);
  const { steps, tags } = readPlan(plan);
  const places = new Map(tags.map((tag, place) => [tag, place]));
  const scripts = new Map<string, { readonly path: string; readonly tag: number | null }[]>();
  for (const path of folder.files) {
    const [, name = "", tag] = /^(.*?)(@.*)?\.sql$/.exec(pathBelow(folder.root, path) ?? path) ?? [];
    const place = tag === undefined ? null : places.get(tag);
    if (place === undefined) continue;
    const versions = scripts.get(name) ?? [];
    versions.push({ path, tag: place });
    scripts.set(name, versions);
  }
  const ordered = new Set<string>();
  for (const { change, tags: between } of steps) {
    for (const part of directions.keys()) {
      const own = scripts.get(`${part}/${change}`) ?? [];
      const [first] = own
        .filter(({ tag }) =>
          between === null || tag === null ? between === tag : tag >= between[0] && tag < between[1],
        )
        .sort((a, b) => (a.tag ?? 0) - (b.tag ?? 0));
      if (first !== undefined) ordered.add(first.path);
    }
  }
  return [...ordered];
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
