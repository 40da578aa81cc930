import { endLine, nextFolderVersion, slugOf } from "../following.ts";
import { findPackage, packageVersion } from "../manifests.ts";
import { baseName, compareText, folderOf, hasPath, isDigit, joinPath } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import { dropsIndexConcurrently, statementHeads } from "../statements.ts";
import type { Profile, ProjectView, TransactionMode } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { evidence, isInOwnFolder, share } from "./shared.ts";

function isScript(path: string): boolean {
  return isInOwnFolder(path, ["migration.sql"]);
}

/** `20240101120000_words/migration.sql`, or `0_init` where a project began otherwise: a query may be called migration too. */
function isDated(path: string): boolean {
  return isScript(path) && isDigit(baseName(folderOf(path))[0]);
}

/**
 * Up to 7.3 the file is one message. Since 7.4 it is split and every statement is sent by itself; what the splitter cannot
 * read, DROP INDEX CONCURRENTLY for one, is still one message.
 */
function transactionOf(text: string, path: string, project: ProjectView): TransactionMode {
  const version = packageVersion(project, path, "prisma") ?? packageVersion(project, path, "@prisma/client");
  if (version === null) return "message";
  const [major, minor] = version;
  if (major < 7 || (major === 7 && minor < 4)) return "message";
  if (!/concurrently/i.test(text)) return "none";
  return statementHeads(text, wholeText(text)).some(({ words }) => dropsIndexConcurrently(words))
    ? "message"
    : "none";
}

/** Not its own: programs that stand in for it fill them in. */
const styles = ["marks"] as const;

export const prisma: Profile = {
  name: "prisma",
  title: "Prisma Migrate",
  source:
    "https://github.com/prisma/prisma-engines/blob/main/schema-engine/connectors/sql-schema-connector/src/flavour/postgres/connector/native/mod.rs",
  placeholders: styles,
  leaving: {
    by: "itself",
    text: "",
    alone: true,
    words:
      "give it a migration of its own: Prisma sends a file as one message, which is a transaction if it holds more than one statement",
  },
  // The connection of the schema engine lives as long as its state (flavour/postgres.rs, with_connection).
  keepsSession: true,
  comparesText:
    "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/migration-histories",
  recursive: false,
  detect(folder) {
    if (share(folder, isScript) < 0.5 || !folder.files.some(isDated)) return null;
    const lock = joinPath(folder.root, "migration_lock.toml");
    if (hasPath(folder.project, lock)) return evidence(1, lock);
    const dependency = findPackage(folder, "prisma") ?? findPackage(folder, "@prisma/client");
    return dependency === null ? evidence(0.8, "folders with a migration.sql") : evidence(0.95, dependency);
  },
  isMigration: isScript,
  order: (folder) => folder.files.filter(isScript).sort((a, b) => compareText(folderOf(a), folderOf(b))),
  parse: (text, path, project) => [
    createUnit(path, wholeText(text), transactionOf(text, path, project), { name: baseName(folderOf(path)) }),
  ],
  fill: (text) => fillPlaceholders(text, styles),
  following: (folder, { name, sql }) => [
    {
      path: joinPath(folder.root, `${nextFolderVersion(folder)}_${slugOf(name)}/migration.sql`),
      text: endLine(sql),
    },
  ],
};
