import { nameOf } from "../../sql/names.ts";
import { isNameToken } from "../../sql/tokens.ts";
import { forget } from "./knowledge.ts";
import {
  embedPerform,
  embedStatement,
  expectSemicolon,
  findEnd,
  looksAt,
  type Reader,
  spanOf,
  takes,
} from "./reader.ts";
import type { BodyStep } from "./step.ts";

/** What touches nothing but variables: FETCH and GET DIAGNOSTICS fill them. */
export function skipStatement(reader: Reader): null {
  const end = findEnd(reader);
  forgetNames(reader, end);
  reader.at = end;
  expectSemicolon(reader);
  return null;
}

/** EXIT and CONTINUE: their condition changes nothing. */
export function passStatement(reader: Reader): null {
  reader.at = findEnd(reader);
  expectSemicolon(reader);
  return null;
}

/** The variables named from here on may hold something else behind the statement. */
function forgetNames(reader: Reader, to: number): void {
  if (reader.knowledge.size === 0) return;
  for (let k = reader.at; k < to; k++) {
    const token = reader.tokens[k];
    if (isNameToken(token)) forget(reader.knowledge, nameOf(reader.text, token));
  }
}

/** `PERFORM query`. */
export function readPerform(reader: Reader): BodyStep {
  const start = reader.at;
  reader.at = findEnd(reader);
  const sql = embedPerform(reader, start, reader.at);
  expectSemicolon(reader);
  return { kind: "perform", span: sql.span, sql };
}

/** `CALL procedure(...)`: what it writes to its variables is not known. */
export function readCall(reader: Reader): BodyStep {
  const start = reader.at;
  const end = findEnd(reader);
  const sql = embedStatement(reader, start, end);
  forgetNames(reader, end);
  reader.at = end;
  expectSemicolon(reader);
  return { kind: "call", span: sql.span, sql };
}

/** `COMMIT` and `ROLLBACK`. */
export function readTransactionEnd(reader: Reader): BodyStep {
  const start = reader.at;
  const kind = looksAt(reader, "commit") ? "commit" : "rollback";
  reader.at++;
  const chain = takes(reader, "and", "chain");
  if (!chain) takes(reader, "and", "no", "chain");
  const span = spanOf(reader, start, reader.at);
  expectSemicolon(reader);
  return { kind, span, chain };
}
