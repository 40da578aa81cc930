import { isAggregate, isWindowFunction } from "../analysis/facts/aggregates.ts";
import { findBuiltIn } from "../analysis/facts/built-ins.ts";
import { type Schema, withDoubt, withUnread } from "../analysis/schema.ts";
import type { World } from "../analysis/world.ts";
import { type Call, walkExpression } from "../model/expression.ts";
import type { Statement, StatementOf } from "../model/statement.ts";
import { quoteName } from "../sql/names.ts";
import type { Span } from "../text/span.ts";

/** The world behind something that ran and that nobody could read: which policies, rules and views it left is up to it. */
export function doubtWorld(world: World, isOfViews = true): World {
  return { ...world, schema: withDoubt(world.schema, isOfViews) };
}

/** The world behind a statement for an object that only the server knows: it took nothing away, but may have made something. */
export function leaveUnread(world: World): World {
  return { ...world, schema: withUnread(world.schema) };
}

/** Whether a statement takes parts of tables away, if it is for another object than the one that is known. */
export function mayTakeParts(statement: Statement): boolean {
  switch (statement.kind) {
    case "drop":
      return statement.cascade || !["index", "sequence", "trigger"].includes(statement.object);
    case "alter table":
      return statement.actions.some((action) => action.kind === "drop column" && action.cascade);
    case "alter policy":
    case "drop owned":
      return true;
    default:
      return false;
  }
}

/** Whether such a statement may take a view away. */
export function mayTakeViews(statement: Statement): boolean {
  if (statement.kind !== "drop") return statement.kind !== "alter policy";
  const { object, cascade } = statement;
  if (object === "view" || object === "materialized view") return true;
  return cascade && !["policy", "rule", "trigger"].includes(object);
}

const lookingUp = /\bpg_\w|information_schema|\bto_reg|\bfound\b/i;

/**
 * Whether a block looks up what is there: then its branches make what is missing and take away what is there, so that it is all the
 * same behind them. Whether others were taken, only the server knows.
 */
export function looksUp(text: string, { start, end }: Span): boolean {
  return lookingUp.test(text.slice(start, end));
}

/** Whether a block looks at which server runs it. */
export function asksForVersion(text: string, { start, end }: Span): boolean {
  return /\bserver_version|\bversion\s*\(\s*\)/i.test(text.slice(start, end));
}

/** Whether a statement makes something, gives it another name, or takes it away. */
export function changesNames({ kind }: Statement): boolean {
  return /^(?:create|alter|rename|set schema|drop)\b/.test(kind);
}

/**
 * Whether a call runs what the history has no body of. In a schema of which it knows nothing lie the functions of extensions:
 * they do not touch what others have made.
 */
export function isUnread(call: Call, schema: Schema): boolean {
  const known = schema.findFunctions({ schema: call.schema, name: call.name });
  if (known.length > 0) return known.some(({ body }) => body === null);
  if (call.schema === null || call.schema === "pg_catalog") return !isBuiltIn(call.name);
  return call.schema === "public" || schema.functionsIn(call.schema).length > 0;
}

/** Whether a call of what nobody reads is told what to change, as `run_ddl('ALTER TABLE orders ADD COLUMN note text')` is. */
export function isToldToChange(call: Call, schema: Schema): boolean {
  const isElsewhere = call.schema !== null && call.schema !== "pg_catalog";
  if (!isUnread(call, schema) && (!isElsewhere || schema.findFunctions(call).length > 0)) return false;
  let isTold = false;
  for (const argument of call.arguments)
    walkExpression(argument, (node) => {
      isTold ||= node.kind === "constant" && node.type === "string" && change.test(node.value);
    });
  return isTold;
}

const change = /^(?:\s|\/\*(?:(?!\*\/).)*\*\/)*(?:alter|create|drop|rename)\s/is;

/**
 * The function that a query calls by itself where nobody here knows what it does, as an extension's: `create_hypertable()`;
 * null where there is none.
 */
export function unknownCall({ query }: StatementOf<"select">, schema: Schema): string | null {
  if (query.kind !== "select" || query.from.length > 0) return null;
  for (const { value } of query.targets) {
    if (value.kind !== "call" || schema.findFunctions(value).length > 0) continue;
    const { schema: own, name } = value;
    if (own !== null && own !== "pg_catalog") return `${quoteName(own)}.${quoteName(name)}()`;
    if (!isBuiltIn(name)) return `${quoteName(name)}()`;
  }
  return null;
}

/** Whether PostgreSQL comes with a function of this name. */
export function isBuiltIn(name: string): boolean {
  return findBuiltIn(name) !== undefined || isAggregate(name) || isWindowFunction(name);
}
