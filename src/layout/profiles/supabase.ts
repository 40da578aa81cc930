import type { Span } from "../../text/span.ts";
import { endLine, numberedPath } from "../following.ts";
import { findConfig } from "../manifests.ts";
import { baseName, compareText, leadingDigits } from "../paths.ts";
import {
  controlsTransaction,
  createsIndexConcurrently,
  dropsIndexConcurrently,
  type StatementHead,
  statementHeads,
} from "../statements.ts";
import type { Profile, Unit } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { asItIs, evidence, isNumbered, share } from "./shared.ts";

/** The statements that the command line tool runs by themselves, between two batches. */
function runsAlone(words: readonly string[]): boolean {
  const [first, second] = words;
  if (first === "vacuum" || first === "cluster") return true;
  if (first === "alter") return second === "system";
  if (first === "reindex") return words.includes("concurrently");
  return createsIndexConcurrently(words) || dropsIndexConcurrently(words);
}

/** A text without any of these is not worth a closer look. */
const signs = /concurrently|vacuum|cluster|system|begin|commit|rollback|transaction/i;

/**
 * A file is one transaction, cut where a statement cannot be in one: what stands before is committed, the statement runs
 * alone, and a new transaction holds the rest. A file with transactions of its own runs one statement after another.
 */
function parse(text: string, path: string): Unit[] {
  const whole = wholeText(text);
  const heads = signs.test(text) ? statementHeads(text, whole) : [];
  if (heads.some(({ words }) => controlsTransaction(words))) return [createUnit(path, whole, "none")];
  const alone = new Set(heads.filter(({ words }) => runsAlone(words)));
  if (alone.size === 0) return [createUnit(path, whole, "file")];
  return pieces(text, heads, alone).map(({ start, end, isAlone }, index) =>
    createUnit(path, { start, end }, isAlone ? "none" : "file", { goesOn: index > 0 }),
  );
}

interface Piece extends Span {
  readonly isAlone: boolean;
}

/** Cuts the text between the statements, so that comments stay with what follows them. */
function pieces(text: string, heads: readonly StatementHead[], alone: ReadonlySet<StatementHead>): Piece[] {
  const result: Piece[] = [];
  let start = 0;
  heads.forEach((head, index) => {
    const isAlone = alone.has(head);
    const next = heads[index + 1];
    const isLast = next === undefined || isAlone || alone.has(next);
    if (!isLast) return;
    const semicolon = text.indexOf(";", head.end);
    const end = next === undefined ? text.length : semicolon === -1 ? head.end : semicolon + 1;
    result.push({ start, end, isAlone });
    start = end;
  });
  return result;
}

export const supabase: Profile = {
  name: "supabase",
  title: "Supabase CLI",
  source: "https://github.com/supabase/cli/blob/develop/apps/cli/src/legacy/shared/legacy-migration-apply.ts",
  placeholders: [],
  leaving: {
    by: "itself",
    text: "",
    alone: false,
    sees: (sql) => statementHeads(sql, wholeText(sql)).some(({ words }) => runsAlone(words)),
    unseen: "the Supabase CLI keeps it in its transaction: run it with psql",
    words:
      "the Supabase CLI runs it by itself from version 2.109 on; for an older one give it a migration of its own, as the first statement",
  },
  // RESET ALL goes before each file (pkg/migration/apply.go).
  keepsSession: false,
  comparesText: null,
  recursive: false,
  detect(folder) {
    if (share(folder, (path) => isNumbered(path)) < 0.5) return null;
    if (`/${folder.root}`.endsWith("/supabase/migrations")) return evidence(0.96, folder.root);
    const config = findConfig(folder, ["supabase/config.toml"]);
    const isNear = config !== null && folder.root === `${config.slice(0, -"config.toml".length)}migrations`;
    return isNear ? evidence(0.96, config) : null;
  },
  isMigration: (path) => isNumbered(path),
  order: (folder) => folder.files.filter((path) => isNumbered(path)).sort(compareText),
  parse: (text, path) =>
    parse(text, path).map((unit) => ({ ...unit, name: leadingDigits(baseName(path)) || unit.name })),
  fill: asItIs,
  // The platform's own set-up says so for the role that runs migrations (supabase/postgres, 00000000000003-post-setup.sql).
  searchPath: () => ["public", "extensions"],
  following: (folder, { name, sql }) => [{ path: numberedPath(folder, name), text: endLine(sql) }],
};
