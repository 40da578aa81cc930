import type { QualifiedName } from "../../model/name.ts";
import { isRoutineType } from "../../model/object-types.ts";
import type { Statement } from "../../model/statement.ts";
import { isMark, tokensIn } from "../../sql/tokens.ts";
import type { Gone } from "../schema/gone-names.ts";
import type { NameLike } from "../schema.ts";
import { failNowhere, spell } from "./gone-lookup.ts";
import { failGone, type Ledger } from "./ledger.ts";
import { nameBehind } from "./words.ts";

/** DROP, ALTER and the triggers that run one: 42883. */
export function refuseGoneFunctions(ledger: Ledger, statement: Statement): void {
  for (const name of neededFunctions(ledger, statement)) {
    const gone = goneFunction(ledger, name);
    if (gone !== undefined && isOther(ledger, statement, name, gone)) continue;
    if (gone !== undefined && !failNowhere(ledger, name, "3F000"))
      failGone(ledger, "42883", `${spell(name)}()`, gone);
  }
}

/** Whether the statement names one by another number of arguments than the one that is gone had. */
function isOther({ world: { text } }: Ledger, statement: Statement, name: NameLike, gone: Gone): boolean {
  if (gone.argumentCount === undefined || !("span" in name)) return false;
  const tokens = tokensIn(text, (name as QualifiedName).span.end, statement.span.end);
  if (!isMark(text, tokens[0], "(")) return false;
  let depth = 0;
  let commas = 0;
  for (const token of tokens) {
    if (isMark(text, token, "(") || isMark(text, token, "[")) depth += 1;
    else if (isMark(text, token, ")") || isMark(text, token, "]")) depth -= 1;
    else if (depth === 1 && isMark(text, token, ",")) commas += 1;
    if (depth === 0) break;
  }
  return gone.argumentCount !== (isMark(text, tokens[1], ")") ? 0 : commas + 1);
}

/** The function that bore the name last, where none bears it now. */
export function goneFunction({ world }: Ledger, name: NameLike): Gone | undefined {
  if (!world.schema.hasGone || world.schema.findFunctions(name).length > 0) return undefined;
  return world.schema.findGone("function", name, world.searchPath);
}

function neededFunctions(ledger: Ledger, statement: Statement): readonly NameLike[] {
  switch (statement.kind) {
    case "create trigger": {
      const [name, schema] = [statement.function.at(-1), statement.function.at(-2) ?? null];
      return name === undefined ? [] : [{ schema, name }];
    }
    case "drop":
      return isRoutineType(statement.object) && !statement.ifExists ? statement.names : [];
    case "rename":
    case "set schema":
    case "alter owner":
      return isRoutineType(statement.object) ? [statement.target] : [];
    case "comment":
      return isRoutineType(statement.object) && statement.target !== null ? [statement.target] : [];
    case "grant":
    case "revoke":
      return isRoutineType(statement.object) ? statement.names : [];
    case "other": {
      const [word, object = ""] = statement.command.split(" ");
      const name =
        word === "alter" && isRoutineType(object) ? nameBehind(ledger, statement.span, object) : null;
      return name === null ? [] : [name];
    }
    default:
      return [];
  }
}
