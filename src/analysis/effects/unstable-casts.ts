import { type Expression, walkExpression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import { type ColumnTypes, typeOf } from "../expression-type.ts";
import { isOwnFunction } from "../own-functions.ts";
import type { EffectsWorld } from "./ledger.ts";

/** What needs the zone, or the date, of the session: pg_proc has these as stable, all other casts between times as immutable. */
const zoned = new Set([
  "timestamptz timestamp",
  "timestamptz date",
  "timestamptz time",
  "timestamptz timetz",
  "timestamp timestamptz",
  "date timestamptz",
  "time timetz",
]);
/** How they are written depends on DateStyle. */
const dated = new Set(["timestamp", "timestamptz", "date"]);
const times = new Set(["timestamp", "timestamptz", "date", "time", "timetz"]);
const texts = new Set(["text", "varchar", "bpchar"]);

/**
 * Of casts and built-in calls, one that follows TimeZone, DateStyle or a configuration of text search: casts between times
 * with and without zone, or between times and text; to_tsvector() without a configuration; parts of a timestamptz.
 */
export function unstableCast(
  world: EffectsWorld,
  expression: Expression,
  columns: ColumnTypes | null,
): string | null {
  let cause: string | null = null;
  const isOwn = (name: string) => isOwnFunction(world.schema, name);
  walkExpression(expression, (node) => {
    if (node.kind === "call") {
      const isBuiltIn = (node.schema === null && !isOwn(node.name)) || node.schema === "pg_catalog";
      if (isBuiltIn && isUnstableCall(node.name, node.arguments, (one) => typeOf(one, columns, isOwn)))
        cause ??= `${node.name}()`;
      return;
    }
    if (node.kind !== "cast" || node.type.schema !== null || node.type.dimensions > 0) return;
    const from =
      node.argument.kind === "cast" || node.argument.kind === "column"
        ? typeOf(node.argument, columns, isOwn)
        : null;
    if (from === null || from.dimensions > 0) return;
    // The labels of an enum can be renamed.
    const isEnum = world.schema.findType(from)?.kind === "enum";
    if ((isEnum && texts.has(node.type.name)) || isUnstable(from, node.type.name)) cause ??= "a cast";
  });
  return cause;
}

function isUnstable(from: TypeDescription, to: string): boolean {
  if (from.schema !== null || from.name === to) return false;
  if (texts.has(from.name)) return times.has(to);
  return texts.has(to) ? dated.has(from.name) : zoned.has(`${from.name} ${to}`);
}

function isUnstableCall(
  name: string,
  given: readonly Expression[],
  of: (one: Expression) => TypeDescription | null,
): boolean {
  const isAt = (at: number, type: string) => {
    const own = given[at] === undefined ? null : of(given[at]);
    return own !== null && own.schema === null && own.dimensions === 0 && own.name === type;
  };
  if (
    ["to_tsvector", "to_tsquery", "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery"].includes(
      name,
    )
  )
    return given.length === 1;
  if (name === "date_trunc") return given.length === 2 && isAt(1, "timestamptz");
  // EXTRACT(epoch FROM ...) of it is the same everywhere, but the server has one function for all fields.
  if (name === "date_part" || name === "extract") return given.length === 2 && isAt(1, "timestamptz");
  return (
    name === "age" &&
    given.length === 1 &&
    (isAt(0, "timestamptz") || isAt(0, "timestamp") || isAt(0, "date"))
  );
}
