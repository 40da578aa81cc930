import { isDeepStrictEqual } from "node:util";
import type { Statement } from "../../src/model/statement.ts";
import type { Parser } from "../../src/parse/parser.ts";
import { nameOf } from "../../src/sql/names.ts";
import { tokenize } from "../../src/sql/tokens.ts";
import type { Span } from "../../src/text/span.ts";
import { readAll, walkModel } from "./reading.ts";

function isSpan(value: unknown): value is Span {
  return typeof value === "object" && value !== null && "start" in value && "end" in value;
}

/**
 * What is wrong with the spans of a model: each lies inside its statement; that of a name spells the name; that of
 * an expression, read on its own, gives the same expression again.
 */
export function spanFaults(parser: Parser, text: string, statement: Statement): string[] {
  const faults: string[] = [];
  const within = statement.span;
  walkModel(statement, (object) => {
    const { span } = object;
    if (!isSpan(span)) return;
    const slice = text.slice(span.start, span.end);
    if (span.start < within.start || span.end > within.end || span.end <= span.start)
      faults.push(`outside: ${slice}`);
    if (slice !== slice.trim()) faults.push(`white space: ${slice}`);
    if (typeof object.quoted === "boolean" && !isSpelt(slice, String(object.name)))
      faults.push(`name: ${slice}`);
    if (
      typeof object.value === "object" &&
      object.value !== null &&
      !saysTheSame(parser, slice, object.value)
    )
      faults.push(`expression: ${slice}`);
  });
  return faults;
}

function isSpelt(slice: string, name: string): boolean {
  const [token, ...rest] = tokenize(slice);
  if (token === undefined) return false;
  if (token.kind === "number") return slice === name;
  return nameOf(slice, token) === name || rest.length > 0;
}

function saysTheSame(parser: Parser, slice: string, value: unknown): boolean {
  const [reading] = readAll(parser, `SELECT 1 WHERE ${slice}`);
  if (reading?.result.outcome !== "statement" || reading.result.statement.kind !== "select") {
    return slice === "default" || slice === "DEFAULT" || slice.toLowerCase().startsWith("current of");
  }
  const { query } = reading.result.statement;
  return query.kind === "select" && isDeepStrictEqual(query.where, value);
}
