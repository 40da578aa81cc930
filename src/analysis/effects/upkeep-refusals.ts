import type { QualifiedName } from "../../model/name.ts";
import type { Cluster, LockTable, Reindex, StatementOf, Vacuum } from "../../model/statement.ts";
import { nameOf, quoteName } from "../../sql/names.ts";
import { isMark, isNameToken, isWord, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import { isSureOfKind } from "../assumed.ts";
import { isTable, type Relation, type Table } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import { isSystemColumn } from "./expression-refusals.ts";
import { isPartitioned } from "./family.ts";
import type { Ledger, Target } from "./ledger.ts";
import { fail, failEvident, findRelation, needVersion, targetOf } from "./ledger.ts";
import { withStatistics } from "./statistics.ts";
import { hasMark, hasWords, lastName, listHeads, numberAfter, tokensOutside } from "./words.ts";

/** Options of VACUUM, each with the version that brought it. */
const options: ReadonlyMap<string, number> = new Map([
  ["parallel", 13],
  ["process_toast", 14],
  ["process_main", 16],
  ["skip_database_stats", 16],
  ["only_database_stats", 16],
  ["buffer_usage_limit", 16],
]);

/** VACUUM and ANALYZE: options that the server does not know or that exclude one another, columns that are not there. */
export function refuseVacuum(ledger: Ledger, statement: Vacuum): void {
  const { version } = ledger.world;
  const first = statement.tables[0];
  const head = { start: statement.span.start, end: first?.span.start ?? statement.span.end };
  const has = (word: string) => hasWords(ledger, head, word);
  if (statement.kind === "vacuum") {
    for (const [word, from] of options)
      if (version < from && has(word)) needVersion(ledger, from, word.toUpperCase());
    // Nothing in parallel is what FULL does anyway.
    if (statement.full && has("parallel") && numberAfter(ledger, head, "parallel") !== 0)
      fail(ledger, "0A000", "VACUUM FULL cannot be performed in parallel");
    if (version >= 13 && has("parallel") && (numberAfter(ledger, head, "parallel") ?? -1) < 0)
      fail(ledger, "42601", "PARALLEL needs a number of workers, 0 to 1024");
    if (statement.full && has("buffer_usage_limit") && !has("analyze"))
      fail(ledger, "0A000", "BUFFER_USAGE_LIMIT cannot be used with FULL");
    if (statement.full && has("disable_page_skipping"))
      fail(ledger, "0A000", "DISABLE_PAGE_SKIPPING cannot be used with FULL");
    const isOff = (word: string) => ["false", "off"].some((no) => hasWords(ledger, head, word, no));
    if (statement.full && isOff("process_toast"))
      fail(ledger, "0A000", "VACUUM FULL has to process the table that holds long values");
    if (first !== undefined && has("only_database_stats"))
      fail(ledger, "0A000", "ONLY_DATABASE_STATS is for the whole database");
  } else if (version < 16 && has("buffer_usage_limit")) needVersion(ledger, 16, "BUFFER_USAGE_LIMIT");
  const isAnalyzed = statement.kind === "analyze" || has("analyze");
  for (const [k, name] of statement.tables.entries()) {
    const end = statement.tables[k + 1]?.span.start ?? statement.span.end;
    const [mark] = tokensIn(ledger.world.text, name.span.end, end);
    if (mark === undefined || !isMark(ledger.world.text, mark, "(")) continue;
    const columns = listHeads(ledger, { start: mark.start, end });
    if (columns.length === 0) continue;
    if (!isAnalyzed) fail(ledger, "0A000", "ANALYZE has to be given where columns are");
    const table = findRelation(ledger.world, name);
    if (!isTable(table) || !table.isComplete) continue;
    for (const [at, column] of columns.entries())
      if (column !== null && columns.indexOf(column) !== at)
        failEvident(ledger, "42701", `column ${quoteName(column)} is given twice`);
      else if (column !== null && !table.columns.some((one) => one.name === column))
        fail(ledger, "42703", `column ${quoteName(column)} of ${quoteName(table.name)} does not exist`);
  }
}

/** CLUSTER: an index of the table, of all its rows, that has an order. */
export function refuseCluster(ledger: Ledger, statement: Cluster): void {
  const { world } = ledger;
  if (statement.table === null) return;
  const head = { start: statement.span.start, end: statement.table.span.start };
  if (world.version < 14 && hasMark(ledger, head, "(")) needVersion(ledger, 14, "CLUSTER with options");
  const table = targetOf(world, statement.table).known;
  const name = hasWords(ledger, statement.span, "using") ? lastName(ledger, statement.span) : null;
  if (table !== null && name !== null) refuseOrder(ledger, table, name);
}

/** An index that rows can be sorted by: of the table, of all its rows, of a method that has an order. */
export function refuseOrder(ledger: Ledger, table: Relation, name: string): void {
  const index = findRelation(ledger.world, { schema: table.schema, name });
  if (index?.kind !== "index") return;
  if (index.table !== table.id)
    fail(ledger, "42809", `${quoteName(name)} is not an index of ${quoteName(table.name)}`);
  if (index.isPartial)
    fail(ledger, "0A000", `${quoteName(name)} is partial: a table cannot be clustered by it`);
  if (!["btree", "gist"].includes(index.method))
    fail(ledger, "0A000", `an index of method ${index.method} has no order to cluster by`);
}

/** REINDEX of what it does not name. */
export function refuseReindex(ledger: Ledger, statement: Reindex): void {
  const { target, object } = statement;
  if (target === null) return;
  const known = targetOf(ledger.world, target).known;
  const isCatalog =
    known === null &&
    target.name.name.startsWith("pg_") &&
    (target.schema?.name ?? "pg_catalog") === "pg_catalog";
  if (isCatalog && statement.concurrently && (object === "table" || object === "index"))
    fail(ledger, "0A000", "system catalogs cannot be reindexed concurrently");
  if (known === null) return;
  if (object === "index" && known.kind !== "index" && isSureOfKind(known))
    fail(ledger, "42809", `${quoteName(known.name)} is not an index`);
  if (object === "table" && known.kind !== "materialized view" && known.kind !== "table")
    fail(ledger, "42809", `${quoteName(known.name)} is not a table or materialized view`);
  if (object !== "index" || !statement.concurrently || known.kind !== "index") return;
  const table = ledger.world.schema.tableById(known.table);
  if (table?.constraints.some((one) => one.kind === "exclusion" && one.name === known.constraint) === true)
    fail(ledger, "0A000", "the index of an exclusion constraint cannot be built concurrently");
}

/** LOCK is for tables and views. */
export function refuseLock(ledger: Ledger, statement: LockTable): void {
  for (const name of statement.tables) {
    const known = targetOf(ledger.world, name).known;
    if (known !== null && known.kind !== "table" && known.kind !== "view")
      fail(ledger, "42809", `${quoteName(known.name)} is not a table or view`);
  }
}

/** CREATE STATISTICS is about more than one column of a table. */
export function refuseStatistics(ledger: Ledger, statement: StatementOf<"create statistics">): void {
  if (statement.name === null) needVersion(ledger, 16, "CREATE STATISTICS without a name");
  if (statement.name !== null) refuseTaken(ledger, statement, statement.name);
  if (statement.table === null) return;
  const known = targetOf(ledger.world, statement.table).known;
  if (known !== null && !isTable(known) && known.kind !== "materialized view")
    fail(ledger, "42809", `${quoteName(known.name)} is not a table, foreign table or materialized view`);
  const start = statement.name?.span.end ?? statement.span.start;
  const list = { start, end: statement.table.span.start };
  refuseListed(ledger, list, isTable(known) ? known : null);
  const behind = { start: statement.table.span.end, end: statement.span.end };
  if (hasMark(ledger, behind, ",")) fail(ledger, "0A000", "statistics are about one table");
  if (!hasMark(ledger, list, ",") && !hasMark(ledger, list, "("))
    fail(ledger, "42P17", "extended statistics need at least two columns");
}

/** The kinds in parentheses and the columns behind ON. */
function refuseListed(ledger: Ledger, list: Span, table: Table | null): void {
  const { text, version } = ledger.world;
  const tokens = tokensIn(text, list.start, list.end);
  const on = tokens.findIndex((token) => isWord(text, token, "on"));
  const opening = tokens.slice(0, Math.max(on, 0)).findIndex((token) => isMark(text, token, "("));
  const kinds = opening === -1 ? [] : tokens.slice(opening, on).filter(({ kind }) => kind === "word");
  for (const token of kinds)
    if (!["ndistinct", "dependencies", "mcv"].some((word) => isWord(text, token, word)))
      fail(ledger, "42601", `${nameOf(text, token)} is no kind of statistics`);
  const columns = tokens.slice(on + 1);
  const isAlone =
    on !== -1 &&
    isMark(text, columns[0], "(") &&
    !tokensOutside(text, columns).some((token) => isMark(text, token, ","));
  if (kinds.length > 0 && isAlone && version >= 14)
    fail(ledger, "0A000", "statistics on a single expression have no kinds");
  // Expressions are another matter.
  if (on === -1 || tokens.slice(on).some((token) => isMark(text, token, "("))) return;
  const seen = new Set<string>();
  for (const token of tokens.slice(on + 1)) {
    if (!isNameToken(token)) continue;
    const name = nameOf(text, token);
    if (isWord(text, token, "from")) return;
    if (seen.has(name)) failEvident(ledger, "42701", `column ${quoteName(name)} is given twice`);
    seen.add(name);
    const column = table === null ? undefined : itemNamed(table.columns, name);
    if (table?.isComplete === true && column === undefined && !isSystemColumn(name))
      fail(ledger, "42703", `column ${quoteName(name)} of ${quoteName(table.name)} does not exist`);
    if (column?.generated === "virtual" && version >= 18)
      fail(ledger, "0A000", "statistics on virtual generated columns are not supported");
  }
}

function refuseTaken(
  ledger: Ledger,
  { span, table }: StatementOf<"create statistics">,
  name: QualifiedName,
): void {
  const head = { start: span.start, end: table?.span.start ?? span.end };
  const home = { ...name.name, name: ledger.world.searchPath[0] ?? "public" };
  const isTaken = withStatistics(ledger.world, { ...name, schema: name.schema ?? home }) !== undefined;
  if (isTaken && !hasWords(ledger, head, "if", "not", "exists"))
    fail(ledger, "42710", `statistics ${quoteName(name.name.name)} already exist`);
}

/** What can be published. */
export function refusePublished(ledger: Ledger, { known, label }: Target): void {
  if (known === null) {
    if (label.startsWith("pg_catalog.")) fail(ledger, "22023", "the server's own tables cannot be published");
    return;
  }
  const isPlain = known.kind === "table" && (known.persistence === "permanent" || isPartitioned(known));
  if (!isPlain) fail(ledger, "22023", `${quoteName(known.name)} cannot be published`);
}
