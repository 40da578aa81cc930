import { lineComments } from "../comments.ts";
import { downLines, endLine, numberedPath } from "../following.ts";
import { compareText } from "../paths.ts";
import type { Profile, Unit } from "../types.ts";
import { createUnit, type Section, sectionSpans } from "../units.ts";
import { asItIs, evidence, isNumbered, someText } from "./shared.ts";

interface Block extends Section {
  readonly isWithout: boolean;
}

/** The lines `-- migrate:up` and `-- migrate:down`, with their options. There may be several pairs in one file. */
function blocksOf(text: string): Block[] {
  if (!text.includes("migrate:")) return [];
  const blocks: Block[] = [];
  for (const comment of lineComments(text)) {
    if (comment.indent !== 0) continue;
    const [directive, ...options] = comment.body.trim().split(/\s+/);
    const isWithout = options.includes("transaction:false");
    if (directive === "migrate:up") blocks.push({ mark: comment, direction: "up", isWithout });
    if (directive === "migrate:down") blocks.push({ mark: comment, direction: "down", isWithout });
  }
  return blocks;
}

function parse(text: string, path: string): Unit[] {
  const blocks = blocksOf(text);
  return sectionSpans(text, blocks).map((span, index) => {
    const block = blocks[index];
    const isWithout = block?.isWithout ?? false;
    return createUnit(path, span, isWithout ? "message" : "file", {
      direction: block?.direction ?? "up",
      marker: isWithout ? (block?.mark ?? null) : null,
    });
  });
}

export const dbmate: Profile = {
  name: "dbmate",
  title: "dbmate",
  source: "https://github.com/amacneil/dbmate#migration-options",
  placeholders: [],
  leaving: {
    by: "line",
    text: "-- migrate:up transaction:false",
    alone: true,
    words:
      "write `-- migrate:up transaction:false` in a file of its own: dbmate sends the block as one message, which is a transaction if it holds more than one statement",
  },
  // It runs them over a pool (pkg/dbmate/db.go).
  keepsSession: false,
  comparesText: null,
  recursive: false,
  detect: (folder) =>
    someText(folder, "migrate:", (text) => blocksOf(text).length > 0) ? evidence(1, "-- migrate:up") : null,
  isMigration: (path) => isNumbered(path, ""),
  // As text, not as numbers.
  order: (folder) => folder.files.filter((path) => isNumbered(path, "")).sort(compareText),
  parse,
  fill: asItIs,
  following(folder, { name, sql, transaction, down }) {
    const up = transaction ? "-- migrate:up" : "-- migrate:up transaction:false";
    const text = `${up}\n${endLine(sql)}\n${up.replace("migrate:up", "migrate:down")}\n${downLines(down)}`;
    return [{ path: numberedPath(folder, name), text }];
  },
};
