import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { HistoryStore } from "../engine/kept-history.ts";
import type { Source } from "../engine/options.ts";
import { openCacheFolder } from "./cache-folder.ts";
import { markUsed, tidy } from "./cache-tidy.ts";
import { digestOf, openDigest } from "./digest.ts";
import { readKept, writeKept } from "./kept-text.ts";
import { buildName } from "./version.ts";

/** The folder of all histories; its number is that of the format. */
const historiesFolder = "histories-1";

/** In UTF-16 units of SQL: a shorter history is replayed sooner than it is looked up. */
const worthLooking = 16 * 1024;

/**
 * Keeps what is known behind the histories of a project, in the user's cache folder: a file for each of the last few. The
 * name of a file tells how many sources it covers, and the hash of them and of all else that the facts depend on. Null
 * where nothing may be kept. Never throws: what is missing, odd or broken is replayed.
 */
export function openHistoryStore(
  base: string,
  build: string | null = buildName,
  env: Readonly<Record<string, string | undefined>> = process.env,
): HistoryStore | null {
  if (build === null) return null;
  let opened: string | null | undefined;
  const folder = () => {
    opened ??= openCacheFolder([historiesFolder, digestOf([base]).slice(0, 32)], env);
    return opened;
  };
  return {
    worthKeeping: 20,
    load(settings, sources) {
      if (!isWorthLooking(sources)) return null;
      const place = folder();
      if (place === null) return null;
      const kept = filesIn(place, seriesOf(sources)).filter(({ count }) => count <= sources.length);
      const names = namesOf(build, settings, sources, new Set(kept.map(({ count }) => count)));
      for (const { name, count } of kept.sort((a, b) => b.count - a.count)) {
        if (names.get(count) !== name) continue;
        const text = readKept(join(place, name));
        if (text === null) continue;
        markUsed(join(place, name));
        return { count, text };
      }
      return null;
    },
    save(settings, sources, text) {
      if (!isWorthLooking(sources)) return;
      const place = folder();
      const name = namesOf(build, settings, sources, new Set([sources.length])).get(sources.length);
      if (place === null || name === undefined) return;
      if (writeKept(join(place, name), text)) tidy(place);
    },
  };
}

function isWorthLooking(sources: readonly Source[]): boolean {
  let length = 0;
  return sources.some(({ text }) => {
    length += text.length;
    return length >= worthLooking;
  });
}

/** What the files of one series of migrations begin with, by its first: a project may have several. */
function seriesOf([first]: readonly Source[]): string {
  return `${digestOf([first?.path ?? ""]).slice(0, 8)}-`;
}

function filesIn(folder: string, series: string): { readonly name: string; readonly count: number }[] {
  try {
    return readdirSync(folder).flatMap((name) => {
      const match = name.startsWith(series) ? /^.{9}(\d{1,9})-[0-9a-f]{64}$/.exec(name) : null;
      return match === null ? [] : [{ name, count: Number(match[1]) }];
    });
  } catch {
    return [];
  }
}

/** The names of the files for beginnings of the sources, by how many sources they cover. */
function namesOf(
  build: string,
  settings: string,
  sources: readonly Source[],
  counts: ReadonlySet<number>,
): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const digest = openDigest();
  digest.add(build);
  digest.add(settings);
  sources.forEach(({ path, text, behindGap = false, isFirst = false }, k) => {
    digest.add(path);
    digest.add(String(behindGap));
    digest.add(String(isFirst));
    digest.add(text);
    if (counts.has(k + 1)) names.set(k + 1, `${seriesOf(sources)}${k + 1}-${digest.value()}`);
  });
  return names;
}
