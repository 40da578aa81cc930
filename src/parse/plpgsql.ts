import { splitStatements } from "../sql/split.ts";
import { statementSql } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";
import { type BodyText, readBodyText } from "./plpgsql/body-text.ts";
import { assign, givenText } from "./plpgsql/knowledge.ts";
import { createReader, fail, isDone, looksAtMark, type Reader } from "./plpgsql/reader.ts";
import { readBlock, skipLabel, tellFailure } from "./plpgsql/statements.ts";
import type { BodyStep } from "./plpgsql/step.ts";

export { type EmbeddedStatement, parseEmbedded } from "./plpgsql/embedded.ts";
export {
  type BodyStep,
  type EmbeddedSql,
  innerSteps,
  leaves,
  mayLeave,
  type StepOf,
} from "./plpgsql/step.ts";

const nothing: ReadonlyMap<string, string> = new Map();

/**
 * Reads the body of a DO block, function or procedure: what it does, in order, with places in the file.
 * `body` is what lies inside the quotes, `given` what arguments are called with, by their names, as far as that is
 * known. A language other than plpgsql and sql is one opaque step.
 */
export function parseBody(
  text: string,
  body: Span,
  language: string,
  given: ReadonlyMap<string, string> = nothing,
): readonly BodyStep[] {
  switch (language.toLowerCase()) {
    case "plpgsql":
      return parsePlpgsql(text, body, given);
    case "sql":
      return parseSqlBody(text, body, given);
    default:
      return [{ kind: "opaque", span: body, reason: `a body in ${language}` }];
  }
}

/**
 * Reads a PL/pgSQL body from our own tokens, as PL/pgSQL's own parser does: it knows its statements by their
 * first word and their ends by words outside of parentheses, and leaves SQL to the SQL grammar. Always
 * returns; what does not fit becomes an opaque step up to the end. Linear in the body.
 */
export function parsePlpgsql(
  text: string,
  body: Span,
  given: ReadonlyMap<string, string> = nothing,
): readonly BodyStep[] {
  const reader = createReader(readBodyText(text, body));
  for (const [name, value] of given) assign(reader.knowledge, name, givenText(value));
  skipOptions(reader);
  skipLabel(reader);
  const block = { ...readBlock(reader), variables: reader.variables };
  if (reader.failure === null && !isDone(reader)) fail(reader, "expected the end");
  const steps: BodyStep[] = [block];
  if (reader.failure !== null && !reader.isTold) steps.push(tellFailure(reader, reader.at, reader.failure));
  return steps;
}

/** `#variable_conflict use_column` and its kin, each on a line of its own. */
function skipOptions(reader: Reader): void {
  while (looksAtMark(reader, "#")) reader.at += 3;
}

/** The statements of a body in SQL. */
function parseSqlBody(text: string, body: Span, values: ReadonlyMap<string, string>): readonly BodyStep[] {
  const inner: BodyText = readBodyText(text, body);
  return splitStatements(inner.text, inner.from, inner.limit).statements.map((statement) => {
    const span = { start: inner.toFile(statement.start), end: inner.toFile(statement.end) };
    const toFile = (offset: number) => inner.toFile(statement.start + offset);
    return {
      kind: "sql",
      span,
      sql: { sql: statementSql(inner.text, statement), span, toFile, values },
      into: false,
    };
  });
}
