import type { Publication } from "../../model/statement.ts";
import { nameOf, quoteName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isNameToken, isWord, tokensIn } from "../../sql/tokens.ts";
import type { Relation, Table } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import { isPartitioned, lockDescendants } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { depend, fail, lock, lockTarget, needVersion, shortName, tableTarget, targetOf } from "./ledger.ts";
import { refuseFilter, refuseParameters } from "./publication-refusals.ts";
import { refusePublished } from "./upkeep-refusals.ts";
import { hasWords, isOnly } from "./words.ts";

/** CREATE and ALTER PUBLICATION: gentle to the tables that it names. */
export function publication(ledger: Ledger, statement: Publication): void {
  const { world } = ledger;
  if (world.version < 13 && hasWords(ledger, statement.span, "publish_via_partition_root"))
    needVersion(ledger, 13, "publish_via_partition_root");
  if (world.version < 15 && hasWords(ledger, statement.span, "tables", "in", "schema"))
    needVersion(ledger, 15, "TABLES IN SCHEMA");
  if (world.version < 15 && statement.tables.length > 0 && hasListOrFilter(ledger, statement))
    needVersion(ledger, 15, "a list of columns or a condition of a published table");
  refuseParameters(ledger, statement);
  const published = world.schema.usersOf("published in", statement.name.name);
  const isSet = statement.kind === "alter publication" && hasWords(ledger, statement.span, "set", "table");
  if (isSet) replaceAll(ledger, published);
  else if (statement.kind === "create publication" && published.length > 0)
    fail(ledger, "42710", `publication ${quoteName(statement.name.name)} already exists`);
  const isAdding = hasWords(ledger, statement.span, "add", "table");
  const isDropping =
    statement.kind === "alter publication" && hasWords(ledger, statement.span, "drop", "table");
  if (statement.tables.length > 0 && world.schema.hasMade(`all tables\0${statement.name.name}`))
    fail(ledger, "55000", `publication ${quoteName(statement.name.name)} is of all tables already`);
  const isByRoot = hasWords(ledger, statement.span, "publish_via_partition_root");
  const held = new Set(published.map(({ id }) => id));
  const isHeld = (table: Relation | null) => table !== null && held.has(table.id);
  for (const [k, name] of statement.tables.entries()) {
    const target = tableTarget(world, name);
    const part = isPartitioned(target.known) && world.version >= 15 ? partOfRows(ledger, statement, k) : null;
    if (part !== null && statement.kind === "create publication" && !isByRoot)
      fail(
        ledger,
        "22023",
        `${shortName(world, target.label)} is partitioned: ${part} needs publish_via_partition_root`,
      );
    if (isPartitioned(target.known) && world.version < 13)
      fail(ledger, "0A000", `${shortName(world, target.label)} is partitioned and cannot be published`);
    refusePublished(ledger, targetOf(world, name));
    if (isAdding && isHeld(target.known))
      fail(ledger, "42710", `${shortName(world, target.label)} is in the publication already`);
    // What a publication holds is known where it holds something that the history knows.
    if (isDropping && !isHeld(target.known) && target.known?.isComplete === true && published.length > 0)
      fail(ledger, "42704", `${shortName(world, target.label)} is not part of the publication`);
    refuseList(ledger, statement, k, target.known);
    if (world.version >= 15) refuseFilter(ledger, tokensBehind(ledger, statement, k), target.known);
    lockTarget(ledger, target, "table", "SHARE UPDATE EXCLUSIVE");
    const table = target.known;
    const hasBelow = table !== null && world.schema.childrenOf(table.id).length > 0;
    if (hasBelow && !isOnly(ledger, statement.span, name))
      lockDescendants(ledger, table, "SHARE UPDATE EXCLUSIVE");
  }
}

/** SET TABLE takes out what it does not name. */
function replaceAll(ledger: Ledger, published: readonly Relation[]): void {
  if (published.length === 0) depend(ledger, "the tables that the publication has so far");
  for (const table of published) lock(ledger, table, "SHARE UPDATE EXCLUSIVE");
}

/** The columns in parentheses behind a table are there, and have values to send. */
function refuseList(ledger: Ledger, statement: Publication, place: number, table: Table | null): void {
  const { world } = ledger;
  const tokens = tokensBehind(ledger, statement, place);
  if (world.version < 15 || table === null || !isMark(world.text, tokens[0], "(")) return;
  // With whole schemas a list would say two things of one table.
  if (hasWords(ledger, statement.span, "tables", "in", "schema"))
    fail(ledger, "22023", "a list of columns does not go with TABLES IN SCHEMA");
  if (!table.isComplete) return;
  const end = tokens.findIndex((token) => isMark(world.text, token, ")"));
  const seen = new Set<string>();
  for (const token of tokens.slice(1, end).filter(isNameToken)) {
    const name = nameOf(world.text, token);
    if (seen.has(name)) fail(ledger, "42710", `column ${quoteName(name)} is listed twice`);
    seen.add(name);
    const column = itemNamed(table.columns, name);
    if (column === undefined)
      fail(ledger, "42703", `column ${quoteName(name)} of ${quoteName(table.name)} does not exist`);
    else if (column.generated !== null && (column.generated === "virtual" || world.version < 18))
      fail(ledger, "42P10", `the generated column ${quoteName(name)} cannot be published`);
  }
}

/** Which words send on a part of the rows or columns: of a table they may hold, of its partitions they may not. */
function partOfRows(ledger: Ledger, statement: Publication, place: number): string | null {
  const { text } = ledger.world;
  const tokens = tokensBehind(ledger, statement, place);
  const isList = isMark(text, tokens[0], "(");
  const close = isList ? tokens.findIndex((token) => isMark(text, token, ")")) : -1;
  if (isWord(text, tokens[close + 1], "where")) return "WHERE";
  return isList ? "a list of columns" : null;
}

/** What stands between the name of a table and the next one. */
function tokensBehind({ world }: Ledger, { tables, span }: Publication, place: number): readonly Token[] {
  const start = tables[place]?.span.end ?? span.end;
  const end = tables[place + 1]?.span.start ?? span.end;
  return tokensIn(world.text, start, end);
}

function hasListOrFilter(ledger: Ledger, statement: Publication): boolean {
  const { text } = ledger.world;
  return statement.tables.some((_, k) => {
    const [next] = tokensBehind(ledger, statement, k);
    return isMark(text, next, "(") || isWord(text, next, "where");
  });
}
