import { nameOf } from "../../sql/names.ts";
import { isMark, isWord } from "../../sql/tokens.ts";
import { evaluate } from "./dynamic.ts";
import { assign } from "./knowledge.ts";
import {
  embedExpression,
  embedStatement,
  expectSemicolon,
  fail,
  findEnd,
  isDone,
  looksAt,
  type Reader,
  spanOf,
  takes,
} from "./reader.ts";
import type { BodyStep } from "./step.ts";
import { writtenStrings } from "./written-list.ts";

/** The declarations behind DECLARE, up to BEGIN: cursors are remembered, defaults are evaluated. */
export function readDeclarations(reader: Reader): BodyStep[] {
  const steps: BodyStep[] = [];
  while (!isDone(reader) && !looksAt(reader, "begin")) {
    if (takes(reader, "declare")) continue;
    const name = reader.tokens[reader.at];
    if (name?.kind !== "word" && name?.kind !== "quoted") {
      fail(reader, "expected a declaration");
      break;
    }
    const variable = nameOf(reader.text, name);
    reader.variables.add(variable);
    const start = reader.at;
    const end = findEnd(reader);
    const value = findValue(reader, start + 1, end);
    assign(reader.knowledge, variable, null);
    if (value.kind === "query") {
      reader.cursors.set(variable, embedStatement(reader, value.from, end));
    } else if (value.kind === "default") {
      const sql = embedExpression(reader, value.from, end);
      steps.push({ kind: "expression", span: spanOf(reader, start, end), sql });
      const isRegclass = isWord(reader.text, reader.tokens[value.from - 2], "regclass");
      const pieces = evaluate(reader, value.from, end)?.map((piece) =>
        isRegclass ? { ...piece, isRegclass } : piece,
      );
      assign(reader.knowledge, variable, pieces ?? null);
      const list = writtenStrings(reader, value.from, end);
      // What DECLARE gives is not counted: its := stands behind the type.
      if (list !== null && !reader.assignments.has(variable)) reader.lists.set(variable, list);
    }
    reader.at = end;
    expectSemicolon(reader);
  }
  return steps;
}

function findValue(
  reader: Reader,
  from: number,
  to: number,
): { kind: "query" | "default"; from: number } | { kind: "none" } {
  const { text, tokens } = reader;
  const isCursor = ["cursor", "scroll", "no"].some((word) => isWord(text, tokens[from], word));
  let depth = 0;
  for (let k = from; k < to; k++) {
    const token = tokens[k];
    if (isMark(text, token, "(")) depth++;
    else if (isMark(text, token, ")")) depth--;
    if (depth > 0) continue;
    if (isCursor) {
      if (isWord(text, token, "for") || isWord(text, token, "is")) return { kind: "query", from: k + 1 };
    } else if (isMark(text, token, ":=") || isMark(text, token, "=") || isWord(text, token, "default")) {
      return { kind: "default", from: k + 1 };
    }
  }
  return { kind: "none" };
}
