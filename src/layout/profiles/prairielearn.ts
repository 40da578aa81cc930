import { findMark } from "../comments.ts";
import { endLine, numberedPath } from "../following.ts";
import { findPackage } from "../manifests.ts";
import type { Profile } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { asItIs, byNumber, evidence, isNumbered, share, someText } from "./shared.ts";

const mark = "prairielearn:migrations NO TRANSACTION";

export const prairielearn: Profile = {
  name: "prairielearn",
  title: "@prairielearn/migrations",
  source:
    "https://github.com/PrairieLearn/PrairieLearn/blob/master/packages/migrations/src/migrations/migrations.ts",
  placeholders: [],
  leaving: {
    by: "line",
    text: `-- ${mark}`,
    alone: true,
    words: `add the line \`-- ${mark}\` to a file of its own: the file is sent as one message, which is a transaction if it holds more than one statement`,
  },
  // It runs them over a pool.
  keepsSession: false,
  comparesText: null,
  recursive: false,
  detect(folder) {
    if (someText(folder, mark, (text) => findMark(text, mark) !== null)) return evidence(1, `-- ${mark}`);
    if (share(folder, (path) => isNumbered(path)) < 0.5) return null;
    const dependency = findPackage(folder, "@prairielearn/migrations");
    return dependency === null ? null : evidence(0.93, dependency);
  },
  isMigration: (path) => isNumbered(path),
  order: (folder) => byNumber(folder, (path) => isNumbered(path)),
  parse(text, path) {
    const marker = findMark(text, mark);
    return [createUnit(path, wholeText(text), marker === null ? "file" : "message", { marker })];
  },
  fill: asItIs,
  following(folder, { name, sql, transaction }) {
    const text = transaction ? endLine(sql) : `-- ${mark}\n${endLine(sql)}`;
    return [{ path: numberedPath(folder, name), text }];
  },
};
