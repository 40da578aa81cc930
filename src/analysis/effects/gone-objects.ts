import type { Statement } from "../../model/statement.ts";
import { isDatabased } from "../schema/gone.ts";
import type { Databased } from "../schema/gone-names.ts";
import type { NameLike } from "../schema.ts";
import { failNowhere, spell } from "./gone-lookup.ts";
import { failGone, type Ledger } from "./ledger.ts";
import { nameBehind } from "./words.ts";

type Kind = "statistics" | Exclude<Databased, "schema">;

/** Refuses statistics, publications, roles and their like that the history has dropped or given another name. */
export function refuseGoneObjects(ledger: Ledger, statement: Statement): void {
  const { schema, searchPath } = ledger.world;
  for (const { kind, name } of neededObjects(ledger, statement)) {
    const gone = schema.findGone(kind, name, searchPath);
    if (gone !== undefined && !failNowhere(ledger, name, "3F000"))
      failGone(ledger, "42704", `${kind} ${spell(name)}`, gone);
  }
}

function neededObjects(
  ledger: Ledger,
  statement: Statement,
): readonly { readonly kind: Kind; readonly name: NameLike }[] {
  switch (statement.kind) {
    case "drop":
      return statement.ifExists ? [] : statement.names.flatMap((name) => needed(statement.object, name));
    case "rename":
    case "set schema":
    case "alter owner":
      return needed(statement.object, statement.target);
    case "comment":
      return needed(statement.object, statement.target);
    case "alter publication":
      return needed("publication", { schema: null, name: statement.name.name });
    case "other": {
      const [word, object] = statement.command.split(" ");
      return word === "alter" && (object === "statistics" || object === "extension")
        ? needed(object, nameBehind(ledger, statement.span, object))
        : [];
    }
    default:
      return [];
  }
}

function needed(object: string, name: NameLike | null): readonly { kind: Kind; name: NameLike }[] {
  return isKind(object) && name !== null ? [{ kind: object, name }] : [];
}

function isKind(object: string): object is Kind {
  return object === "statistics" || (isDatabased(object) && object !== "schema");
}
