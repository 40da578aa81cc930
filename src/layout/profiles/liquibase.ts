import { endLine, hasBody, lastFolder, numberedPath, rollbackLines, slugOf } from "../following.ts";
import { findDelimiters, isFormattedSql, readChangelog } from "../liquibase-changesets.ts";
import { changelogOf, findMention, orderByMaster, shareMaster } from "../liquibase-order.ts";
import { baseName, isDigit, isSqlFile, joinPath } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import { applySameLength } from "../replacements.ts";
import type { Profile, ProjectView, Unit } from "../types.ts";
import { createUnit } from "../units.ts";
import { evidence, someText } from "./shared.ts";

/** Each changeset is a unit; the statements are sent one by one, cut at semicolons or at the changeset's own delimiter. */
function parse(text: string, path: string, project: ProjectView): Unit[] {
  const { changesets, rollbacks } = readChangelog(text);
  if (changesets.length === 0 && !isFormattedSql(text)) return parsePlain(text, path, project);
  const units: Unit[] = [];
  let next = 0;
  for (const changeset of changesets) {
    if (changeset.isForeign) continue;
    const { name, mark, runsInTransaction, splits, delimiter } = changeset;
    // What the driver gets in one piece is one message.
    const alone = splits && delimiter === null ? "none" : "message";
    units.push(
      createUnit(path, changeset, runsInTransaction ? "file" : alone, {
        name,
        marker: runsInTransaction ? null : mark,
        breaks: findDelimiters(text, changeset).map(({ start }) => start),
      }),
    );
    for (; (rollbacks[next]?.start ?? Number.POSITIVE_INFINITY) < changeset.end; next++) {
      const span = rollbacks[next];
      if (span === undefined || span.start < changeset.start) continue;
      units.push(createUnit(path, span, runsInTransaction ? "file" : alone, { name, direction: "down" }));
    }
  }
  return units;
}

/** A file without the first line is a changeset of its own, whole, where a changelog names it (SqlChangeLogParser). */
function parsePlain(text: string, path: string, project: ProjectView): Unit[] {
  const mention = findMention(path, project);
  if (mention === "none") return [];
  return [createUnit(path, { start: 0, end: text.length }, mention.runsInTransaction ? "file" : "none")];
}

const styles = ["dollar"] as const;

/** Placeholders, ignored lines and delimiters other than the semicolon are no SQL. */
function fill(text: string): string {
  const { changesets, ignored } = readChangelog(text);
  const marks = [...ignored, ...changesets.flatMap((changeset) => findDelimiters(text, changeset))];
  const blanks = marks.sort((a, b) => a.start - b.start).map((span) => ({ name: "", ...span }));
  return fillPlaceholders(applySameLength(text, blanks), styles);
}

export const liquibase: Profile = {
  name: "liquibase",
  title: "Liquibase",
  source: "https://docs.liquibase.com/concepts/changelogs/sql-format.html",
  placeholders: styles,
  leaving: {
    by: "line",
    text: "--changeset author:id runInTransaction:false",
    forBody: "--changeset author:id runInTransaction:false splitStatements:false",
    alone: false,
    words: "give it a changeset of its own with runInTransaction:false",
  },
  // One JDBC connection runs all changesets of an update (ChangeSet.execute).
  keepsSession: true,
  comparesText: "https://docs.liquibase.com/concepts/changelogs/changeset-checksums.html",
  recursive: true,
  joins: (first, second) => shareMaster(first, second) || null,
  detect(folder) {
    if (someText(folder, /liquibase\s*formatted/i, isFormattedSql))
      return evidence(1, "--liquibase formatted sql");
    const changelog = changelogOf(folder);
    return changelog === null ? null : evidence(0.97, changelog);
  },
  isMigration: isSqlFile,
  isForOthers(text) {
    const { changesets } = readChangelog(text);
    return changesets.length > 0 && changesets.every(({ isForeign }) => isForeign);
  },
  hasList: true,
  order: orderByMaster,
  parse,
  fill,
  following(folder, { name, sql, transaction, down }) {
    const head = `--liquibase formatted sql\n\n--changeset lockwise:${slugOf(name, "-")}`;
    // Liquibase cuts at every semicolon, those inside of bodies too, unless it is told to cut nowhere.
    const cut = hasBody(sql) ? " splitStatements:false" : "";
    const text = `${head}${transaction ? "" : " runInTransaction:false"}${cut}\n${endLine(sql)}${rollbackLines(down)}`;
    const isCounted = isDigit(baseName(folder.files.at(-1) ?? "")[0]);
    const path = isCounted ? numberedPath(folder, name) : joinPath(lastFolder(folder), `${slugOf(name)}.sql`);
    return [{ path, text }];
  },
};
