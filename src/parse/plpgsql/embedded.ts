import { splitStatements } from "../../sql/split.ts";
import { statementTokens } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import type { ParseResult, Parser } from "../parser.ts";
import type { EmbeddedSql } from "./step.ts";

/**
 * Parses SQL of a body. All spans of the results are places in the file. A dynamic string may hold several
 * statements, or none.
 */
export function parseEmbedded(parser: Parser, embedded: EmbeddedSql): readonly ParseResult[] {
  const { sql, toFile } = embedded;
  const place = (inner: Span): Span => {
    const start = toFile(inner.start);
    // The end belongs to the unit before it: what follows may come from somewhere else.
    return { start, end: inner.end > inner.start ? Math.max(start, toFile(inner.end - 1) + 1) : start };
  };
  return splitStatements(sql)
    .statements.filter((statement) => statement.kind === "sql")
    .map((statement) => {
      const tokens = statementTokens(sql, statement);
      return relocate(parser.parse({ text: sql, statement, tokens }), place);
    });
}

/** A copy of a parser's answer whose spans are moved. */
function relocate<Node>(node: Node, place: (span: Span) => Span): Node {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map((item) => relocate(item, place)) as Node;
  if (isSpan(node)) return { ...node, ...place(node) };
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, relocate(value, place)]),
  ) as Node;
}

function isSpan(node: object): node is Span {
  return "start" in node && typeof node.start === "number" && "end" in node && typeof node.end === "number";
}
