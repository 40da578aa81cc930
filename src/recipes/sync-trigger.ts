import { isOwnFunction } from "../analysis/own-functions.ts";
import { type Expression, walkExpression } from "../model/expression.ts";
import type { Statement } from "../model/statement.ts";
import type { Context } from "../rule.ts";
import { nameOf, quoteName } from "../sql/names.ts";
import type { Token } from "../sql/token.ts";
import { isMark, isNameToken, tokenize } from "../sql/tokens.ts";
import { applyEdits } from "../text/edits.ts";
import { dollarQuote } from "./batch-loop.ts";
import { bareName, freshName } from "./text.ts";

/** A trigger that computes a column from the other columns of its row. All parts but `tableName` and `columnName` are SQL. */
interface SyncTrigger {
  readonly table: string;
  readonly tableName: string;
  readonly column: string;
  readonly columnName: string;
  readonly value: string;
  /** What `value` says, where it is more than a column. */
  readonly expression?: Expression;
  /** The tables that inherit from it, as SQL: each needs the trigger itself. */
  readonly heirs?: readonly string[];
}

/**
 * The statements that make it, a function and a trigger, and those that take it away. Triggers run in the order of their
 * names: this one has to see what the others made of the row.
 */
export function syncTrigger(
  trigger: SyncTrigger,
  context: Context,
): { readonly create: string; readonly drop: string } {
  const { table, tableName, column, value, expression, heirs = [] } = trigger;
  const { name, last } = namesOf(trigger, context);
  const quote = dollarQuote(value);
  const tables = [table, ...heirs];
  const make = (one: string) => `CREATE TRIGGER ${last} BEFORE INSERT OR UPDATE ON ${one}
  FOR EACH ROW EXECUTE FUNCTION ${name}();`;
  return {
    create: `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS ${quote}
BEGIN
  NEW.${column} := ${fromNewRow(value, expression) ?? `(SELECT ${value} FROM (SELECT NEW.*) AS ${quoteName(tableName)})`};
  RETURN NEW;
END
${quote};
${tables.map(make).join("\n")}`,
    drop: `${tables.map((one) => `DROP TRIGGER ${last} ON ${one};\n`).join("")}DROP FUNCTION ${name}();`,
  };
}

/** `NEW.net * 1.2`. Null: names in it may be anything, and it is worked out as a query of the row. */
function fromNewRow(value: string, expression: Expression | undefined): string | null {
  return ofNewRow(value) ?? (expression === undefined ? null : withFields(value, expression));
}

/** The value with `NEW.` before each column. Null where a word of it may be a column or something else, such as a type. */
function withFields(value: string, expression: Expression): string | null {
  const columns: string[] = [];
  let isPlain = true;
  walkExpression(expression, (node) => {
    if (node.kind === "subquery") isPlain = false;
    if (node.kind !== "column") return;
    const [name = "*", ...more] = node.path;
    if (name === "*" || more.length > 0) isPlain = false;
    columns.push(name);
  });
  const names = new Set(columns);
  const tokens = tokenize(value);
  const places = tokens.filter((token) => isNameToken(token) && names.has(nameOf(value, token)));
  if (!isPlain || places.length !== columns.length) return null;
  return applyEdits(
    value,
    places.map(({ start }) => ({ start, end: start, text: "NEW." })),
  ).text;
}

/** `NEW.code::integer`, of a value that is a column, or one with a cast. Null: names in it may be anything. */
function ofNewRow(value: string): string | null {
  const [column, cast, ...type] = tokenize(value);
  if (column === undefined || !isNameToken(column)) return null;
  // Reserved words are no columns: CURRENT_DATE.
  const name = value.slice(column.start, column.end);
  if (name[0] !== '"' && quoteName(nameOf(value, column)) !== name.toLowerCase()) return null;
  if (cast === undefined) return `NEW.${name}`;
  const isOfType = (token: Token) =>
    isNameToken(token) ||
    token.kind === "number" ||
    ["(", ")", "[", "]", ",", "."].some((mark) => isMark(value, token, mark));
  if (!isMark(value, cast, "::") || !type.every(isOfType)) return null;
  return `NEW.${value.slice(column.start, type.at(-1)?.end)}`;
}

interface Names {
  readonly name: string;
  readonly last: string;
}

interface Chosen {
  readonly byColumn: Map<string, Names>;
  /** The bare names of all functions, and of all triggers. */
  readonly functions: Set<string>;
  readonly triggers: Set<string>;
}

/** Those of one statement must not be the same when they are cut: its triggers may be there together. */
const chosenNames = new WeakMap<Statement, Chosen>();

function namesOf({ tableName, columnName }: SyncTrigger, context: Context): Names {
  const nothing = { byColumn: new Map(), functions: new Set<string>(), triggers: new Set<string>() };
  const chosen = chosenNames.get(context.statement) ?? nothing;
  chosenNames.set(context.statement, chosen);
  const known = chosen.byColumn.get(columnName);
  if (known !== undefined) return known;
  const isThere = (name: string) => isOwnFunction(context.schema, name);
  const names = {
    name: freshName([tableName, columnName, "sync"], (one) => isThere(one) || chosen.functions.has(one)),
    last: freshName(["zz", tableName, columnName, "sync"], (one) => chosen.triggers.has(one)),
  };
  chosen.byColumn.set(columnName, names);
  chosen.functions.add(bareName(names.name));
  chosen.triggers.add(bareName(names.last));
  return names;
}
