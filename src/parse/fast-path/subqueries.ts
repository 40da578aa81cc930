import type { Query } from "../../model/query.ts";
import { CLOSE, OPEN } from "./codes.ts";
import { readQuery } from "./queries.ts";
import { MAX_DEPTH, peek, type Reader, take } from "./reader.ts";
import { word } from "./words.ts";

/** Whether a bracket with a query in it opens at the cursor. More brackets around a query are left to the grammar. */
export function startsQuery(reader: Reader): boolean {
  if (peek(reader) !== OPEN) return false;
  const code = peek(reader, 1);
  return code === word.select || code === word.with || code === word.values;
}

/** The query in the bracket at the cursor, which moves behind it. Null where anything in it raises a doubt. */
export function readBracketedQuery(reader: Reader): Query | null {
  reader.at++;
  reader.depth++;
  const query = reader.depth > MAX_DEPTH ? null : readQuery(reader);
  reader.depth--;
  return query !== null && take(reader, CLOSE) ? query : null;
}
