import { findUp } from "../paths.ts";
import type { Folder, Profile } from "../types.ts";
import { createUnit } from "../units.ts";
import { psql } from "./psql.ts";
import { evidence } from "./shared.ts";

/** What calls psql over a folder of migrations, more often than not. */
const scripts = ["Makefile", "justfile", "package.json"];

const call = /^.*\bpsql\b.*(?:\s-[a-zA-Z]*1\b|--single-transaction).*$/gm;

/** psql with -1: each file in one transaction. Any runner of one's own that does the same can be named so. */
export const psqlSingleTransaction: Profile = {
  ...psql,
  name: "psql-single-transaction",
  title: "psql --single-transaction",
  source: "https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-OPTION-SINGLE-TRANSACTION",
  leaving: {
    by: "nothing",
    text: "",
    alone: false,
    words: "psql --single-transaction has no way out of its transaction: run the file by a psql without it",
  },
  detect(folder) {
    const path = scripts.map((name) => findUp(folder.project, folder.root, [name])).find(isCalledIn(folder));
    return path === undefined || path === null ? null : evidence(0.5, path);
  },
  parse: (text, path, project) =>
    psql.parse(text, path, project).map((unit) => ({
      ...unit,
      ...createUnit(path, unit, "file", { direction: unit.direction, pair: unit.pair }),
    })),
  following: (folder, migration) => psql.following(folder, { ...migration, transaction: false }),
};

/** Whether a line of the script runs psql so, and says that it is for migrations. */
function isCalledIn({ project }: Folder) {
  return (path: string | null) => {
    const lines = path === null ? null : (project.read(path)?.match(call) ?? null);
    return lines?.some((line) => /migrat/i.test(line)) === true;
  };
}
