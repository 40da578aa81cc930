import { COMMA, EQUALS, NAME } from "./codes.ts";
import { COLUMN_NAME, keyword } from "./keywords.ts";
import type { Matcher } from "./matchers.ts";
import { readTargets, readWith } from "./queries.ts";
import { isName, peek, type Reader, take, takeName, textAt } from "./reader.ts";
import { readSources } from "./sources.ts";
import { readBracketedQuery, startsQuery } from "./subqueries.ts";
import { word } from "./words.ts";

const events = [keyword("insert"), keyword("delete"), keyword("update"), keyword("truncate")];

/** INSERT OR UPDATE OF a, b: the grammar refuses the same event twice. */
function takeEvents(reader: Reader): boolean {
  const seen = new Set<number>();
  do {
    const event = peek(reader);
    if (!events.includes(event) || seen.has(event)) return false;
    seen.add(event);
    reader.at++;
    if (event !== word.update || !take(reader, word.of)) continue;
    do if (!takeName(reader, COLUMN_NAME)) return false;
    while (take(reader, COMMA));
  } while (take(reader, word.or));
  return true;
}

/** A word that the grammar knows by its spelling alone. */
function spelt(...words: readonly string[]): Matcher {
  return (reader) => {
    const code = peek(reader);
    const isWord = code === NAME || code >= 256;
    return isWord && words.includes(textAt(reader, reader.at++).toLowerCase());
  };
}

/** The tables of a WITH clause that hold queries. */
function takeWith(reader: Reader): boolean {
  if (peek(reader) !== word.with) return false;
  const tables = readWith(reader, (each) => {
    const query = startsQuery(each) ? readBracketedQuery(each) : null;
    if (query !== null) each.pieces.push({ kind: "common", value: query });
    return query;
  });
  return tables !== null;
}

function takeSources(reader: Reader): boolean {
  const value = readSources(reader);
  if (value === null) return false;
  reader.pieces.push({ kind: "sources", value });
  return true;
}

/** SET begins the next clause of UPDATE. */
function takeBareAlias(reader: Reader): boolean {
  if (peek(reader) === word.set || !isName(reader, COLUMN_NAME)) return true;
  reader.at++;
  return true;
}

/** An operator alone, as an exclusion constraint has it. */
function takeOperator(reader: Reader): boolean {
  const code = peek(reader);
  const isOperator = code === EQUALS || code === 60 || code === 62 || (code >= 7 && code <= 13 && code !== 8);
  if (!isOperator || code === 9 || code === 10) return false;
  reader.at++;
  return true;
}

/** Forms that have a rule which no synopsis can tell. */
export const specialParts: readonly (readonly [string, string | Matcher])[] = [
  ["trigger_events", takeEvents],
  ["permissiveness", spelt("permissive", "restrictive")],
  ["strategy", spelt("list", "range", "hash")],
  ["with", takeWith],
  ["sources", takeSources],
  ["targets", (reader) => readTargets(reader) !== null],
  ["bare_alias", takeBareAlias],
  ["any_operator", takeOperator],
  ["empty", () => true],
];
