import { type Expression, walkExpression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import { type ColumnTypes, typeOf } from "../expression-type.ts";
import { isOwnFunction } from "../own-functions.ts";
import type { EffectsWorld } from "./ledger.ts";

/** What needs the zone, or the date, of the session, or its way to write money: pg_proc has these casts as stable. */
const zoned = new Set([
  "timestamptz timestamp",
  "timestamptz date",
  "timestamptz time",
  "timestamptz timetz",
  "timestamp timestamptz",
  "date timestamptz",
  "time timetz",
  "money numeric",
  "numeric money",
  "int4 money",
  "int8 money",
]);
/** How they are written depends on DateStyle or lc_monetary, or on names that can change. */
const dated = new Set(["timestamp", "timestamptz", "date", "money", "regclass", "regproc", "regtype"]);
/** How their text is read depends on the session as well. */
const read = new Set([...dated, "time", "timetz", "interval"]);
const texts = new Set(["text", "varchar", "bpchar"]);
const comparisons = new Set(["=", "<>", "<", ">", "<=", ">="]);
/** Types of points in time that are compared in the zone of the session. */
const points = new Set(["timestamp", "date"]);

/**
 * Of casts, operators and built-in calls, one that follows TimeZone, DateStyle or a configuration of text search: casts
 * between times with and without zone, or between times and text, and what compares or joins these; to_tsvector() without a
 * configuration; parts of a timestamptz.
 */
export function unstableCast(
  world: EffectsWorld,
  expression: Expression,
  columns: ColumnTypes | null,
): string | null {
  let cause: string | null = null;
  const isOwn = (name: string) => isOwnFunction(world.schema, name);
  const of = (one: Expression | null) => {
    const type = one === null ? null : typeOf(one, columns, isOwn);
    return type === null || type.dimensions > 0 ? null : type;
  };
  walkExpression(expression, (node) => {
    if (node.kind === "call") {
      const isBuiltIn = (node.schema === null && !isOwn(node.name)) || node.schema === "pg_catalog";
      if (isBuiltIn && isUnstableCall(world, node.name, node.arguments, of)) cause ??= `${node.name}()`;
    } else if (node.kind === "operator") {
      if (isUnstableOperator(world, node.name, of(node.left), of(node.right)))
        cause ??= `the operator ${node.name}`;
    } else if (node.kind === "cast") {
      const from = node.type.schema !== null || node.type.dimensions > 0 ? null : of(node.argument);
      if (from !== null && isUnstable(world, from, node.type.name)) cause ??= "a cast";
    }
  });
  return cause;
}

function isUnstable(world: EffectsWorld, from: TypeDescription, to: string): boolean {
  if (from.name === to) return false;
  // The labels of an enum can be renamed; the fields of a row are written as they are by themselves.
  const own = world.schema.findType(from)?.kind;
  if ((own === "enum" || own === "composite") && texts.has(to)) return true;
  if (from.schema !== null) return false;
  if (texts.has(from.name)) return read.has(to);
  if (!texts.has(to)) return zoned.has(`${from.name} ${to}`);
  return dated.has(from.name) || (from.name === "interval" && world.version >= 15);
}

/** timestamp against timestamptz, days and months added to a timestamptz, text joined with what has to be written. */
function isUnstableOperator(
  world: EffectsWorld,
  name: string,
  left: TypeDescription | null,
  right: TypeDescription | null,
): boolean {
  if (left === null || right === null) return false;
  const isPair = (one: string, other: string) =>
    left.schema === null && right.schema === null && left.name === one && right.name === other;
  if (name === "||") {
    if (left.schema === null && texts.has(left.name)) return isUnstable(world, right, "text");
    return right.schema === null && texts.has(right.name) && isUnstable(world, left, "text");
  }
  if (name === "+") return isPair("timestamptz", "interval") || isPair("interval", "timestamptz");
  if (name === "-") return isPair("timestamptz", "interval");
  if (!comparisons.has(name) || left.schema !== null || right.schema !== null) return false;
  return (
    (left.name === "timestamptz" && points.has(right.name)) ||
    (right.name === "timestamptz" && points.has(left.name))
  );
}

function isUnstableCall(
  { version }: EffectsWorld,
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
  // There is none of a date: it becomes a timestamptz before.
  if (name === "date_trunc" && given.length === 2) return isAt(1, "timestamptz") || isAt(1, "date");
  if (name === "date_trunc") return given.length === 3 && version < 16;
  // EXTRACT(epoch FROM ...) of it is the same everywhere, but the server has one function for all fields.
  if (name === "date_part" || name === "extract") return given.length === 2 && isAt(1, "timestamptz");
  // `date(created_at)` is the cast, called by the name of the type.
  if (name === "date" && given.length === 1) return ["timestamptz", ...texts].some((type) => isAt(0, type));
  if (name !== "age") return false;
  if (given.length === 2) return isAt(0, "date") && isAt(1, "date");
  return given.length === 1 && (isAt(0, "timestamptz") || isAt(0, "timestamp") || isAt(0, "date"));
}
