import type { Statement } from "../model/statement.ts";
import type { Parser } from "../parse/parser.ts";
import { parseEmbedded } from "../parse/plpgsql.ts";

/** What a string says of these to its end decides how many rows they are for. */
const ofRows: ReadonlySet<Statement["kind"]> = new Set(["insert", "update", "delete", "merge", "select"]);

/**
 * A string that a body puts together, with numbers, or nothing, in the place of what only the server knows; every unit of it stands
 * where it stood. Null where it is SQL with names in these places, and where nothing makes it SQL. `open` are the stand-ins.
 */
export function fillOpen(sql: string, open: readonly string[], parser: Parser): string | null {
  if (kindsOf(sql, parser) !== null) return null;
  const places = new RegExp(`(?:${open.join("|")})(?!\\d)`, "g");
  for (const fill of ["1", ""]) {
    const filled = sql.replaceAll(places, (place) => fill.padEnd(place.length));
    const kinds = kindsOf(filled, parser);
    if (kinds !== null) return kinds.some((kind) => ofRows.has(kind)) ? null : filled;
  }
  return null;
}

/** What the statements are; null where one of them is none. */
function kindsOf(sql: string, parser: Parser): readonly Statement["kind"][] | null {
  const kinds: Statement["kind"][] = [];
  for (const { result } of parseEmbedded(parser, sql)) {
    if (result.outcome !== "statement") return null;
    kinds.push(result.statement.kind);
  }
  return kinds;
}
