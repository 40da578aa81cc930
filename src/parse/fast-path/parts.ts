import { readFunctionCall } from "./calls.ts";
import { DOT, QUOTED } from "./codes.ts";
import { type Kind, readExpression } from "./expressions.ts";
import { COLUMN_NAME, FUNCTION_NAME, keyword, LABEL, PLAIN_NAME } from "./keywords.ts";
import type { Matcher } from "./matchers.ts";
import { takeDirection } from "./order.ts";
import { readQuery } from "./queries.ts";
import { peek, type Reader, take, takeName, textAt } from "./reader.ts";
import { takeFunctionType, takeType } from "./types.ts";

/** Reads an expression for the shared readers to ask for. */
function takeExpression(kind: Kind): Matcher {
  return (reader) => {
    const value = readExpression(reader, 0, kind);
    if (value === null) return false;
    reader.pieces.push({ kind: "expression", value });
    return true;
  };
}

function takeCall(reader: Reader): boolean {
  const value = readFunctionCall(reader);
  if (value === null) return false;
  reader.pieces.push({ kind: "expression", value });
  return true;
}

function takeQuery(reader: Reader): boolean {
  const value = readQuery(reader);
  if (value === null) return false;
  reader.pieces.push({ kind: "query", value });
  return true;
}

/** A name with at most two others before it. */
function takeDotted(use: number): Matcher {
  return (reader) => {
    if (!takeName(reader, use)) return false;
    for (let parts = 1; peek(reader) === DOT; parts++) {
      reader.at++;
      if (parts === 3 || !takeName(reader, LABEL)) return false;
    }
    return true;
  };
}

const none = keyword("none");

/** Who owns or gets something. The grammar refuses `none`. */
function takeRole(reader: Reader): boolean {
  const code = peek(reader);
  if (code === none || (code === QUOTED && textAt(reader, reader.at) === '"none"')) return false;
  if (takeName(reader, PLAIN_NAME)) return true;
  return (
    take(reader, keyword("current_user")) ||
    take(reader, keyword("session_user")) ||
    take(reader, keyword("current_role"))
  );
}

/** A function is named by a name that can be one, or by any with a schema before it. */
function takeFunctionName(reader: Reader): boolean {
  const isDotted = peek(reader, 1) === DOT;
  return takeDotted(isDotted ? COLUMN_NAME : FUNCTION_NAME)(reader);
}

/** What synopses of many statements speak of. */
export const commonParts: readonly (readonly [string, string | Matcher])[] = [
  ["expr", takeExpression("full")],
  ["bexpr", takeExpression("restricted")],
  ["call", takeCall],
  ["query", takeQuery],
  ["type", takeType],
  ["function_type", takeFunctionType],
  ["direction", takeDirection],
  ["any_name", takeDotted(COLUMN_NAME)],
  ["type_name", takeDotted(FUNCTION_NAME)],
  ["function_name", takeFunctionName],
  ["role", takeRole],
  ["relation", "ONLY any_name | any_name [ * ]"],
  ["behavior", "[ CASCADE | RESTRICT ]"],
  ["columns", "( name,... )"],
  ["number", "[ + | - ] { integer | float }"],
  ["collate", "[ COLLATE any_name ]"],
  ["option_value", "number | string | TRUE | FALSE | ON | function"],
  ["option", "label [ . label ] [ = option_value ]"],
  ["options", "( option,... )"],
  ["option_names", "( { label [ . label ] },... )"],
];
