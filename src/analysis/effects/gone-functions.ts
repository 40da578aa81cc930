import { isRoutineType } from "../../model/object-types.ts";
import type { Statement } from "../../model/statement.ts";
import { argumentsListed } from "../drop-arguments.ts";
import type { Gone } from "../schema/gone-names.ts";
import type { NameLike } from "../schema.ts";
import { failNowhere, spell } from "./gone-lookup.ts";
import { failGone, type Ledger } from "./ledger.ts";
import { nameBehind } from "./words.ts";

/** DROP, ALTER and the triggers that run one: 42883. */
export function refuseGoneFunctions(ledger: Ledger, statement: Statement): void {
  const names = neededFunctions(ledger, statement);
  for (const [k, name] of names.entries()) {
    const gone = goneFunction(ledger, name);
    if (gone !== undefined && isOther(ledger, name, startOf(names[k + 1]) ?? statement.span.end, gone))
      continue;
    if (gone !== undefined && !failNowhere(ledger, name, "3F000"))
      failGone(ledger, "42883", `${spell(name)}()`, gone);
  }
}

/** Whether the statement names one by another number of arguments than the one that is gone had. */
function isOther({ world: { text } }: Ledger, name: NameLike, end: number, gone: Gone): boolean {
  if (gone.argumentCount === undefined || !("span" in name)) return false;
  const listed = argumentsListed(text, name.span.end, end);
  return listed !== null && gone.argumentCount !== listed.length;
}

function startOf(name: NameLike | undefined): number | undefined {
  return name !== undefined && "span" in name ? name.span.start : undefined;
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
