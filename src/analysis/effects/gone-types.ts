import type { Action } from "../../model/action.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { Statement } from "../../model/statement.ts";
import { isKnownType } from "../facts/casts.ts";
import type { NameLike } from "../schema.ts";
import { failNowhere, spell } from "./gone-lookup.ts";
import { failGone, findRelation, type Ledger, nameParts } from "./ledger.ts";
import { actionsOf } from "./needed-relations.ts";
import { hasColumn } from "./needed-values.ts";

/** Refuses types that the history has dropped or given another name. */
export function refuseGoneTypes(ledger: Ledger, statement: Statement, only: Action | null): void {
  for (const type of neededTypes(statement, only, ledger)) refuseGoneType(ledger, type);
}

/** The types that a statement names where a type has to stand, or that it is about. */
export function neededTypes(statement: Statement, only: Action | null, ledger: Ledger): readonly NameLike[] {
  switch (statement.kind) {
    case "create table":
      return [...(statement.ofType === null ? [] : [statement.ofType]), ...columnTypes(statement.columns)];
    case "create type":
      return columnTypes(statement.attributes);
    case "create domain":
      return [statement.type].filter(isNamed);
    case "create function":
      return [...statement.argumentTypes, ...(statement.returns === null ? [] : [statement.returns])].filter(
        isNamed,
      );
    case "alter table":
      return statement.ifExists
        ? []
        : actionsOf(statement, only).flatMap((action) =>
            action.kind === "add column"
              ? // From 13 ADD COLUMN looks for the column before it looks for the type.
                ledger.world.version >= 13 && hasColumn(ledger, statement, action)
                ? []
                : columnTypes([action.column])
              : action.kind === "alter column type"
                ? [action.type].filter(isNamed)
                : [],
          );
    case "alter enum":
      return [statement.type];
    case "alter domain":
      return [statement.domain];
    case "drop": {
      const isType = statement.object === "type" || statement.object === "domain";
      return isType && !statement.ifExists ? statement.names : [];
    }
    case "alter owner":
      return statement.object === "type" || statement.object === "domain" ? [statement.target] : [];
    case "rename":
    case "set schema": {
      const isType = ["type", "domain", "enum value", "domain constraint"].includes(statement.object);
      return isType ? [statement.target] : [];
    }
    case "comment":
      return statement.target !== null && (statement.object === "type" || statement.object === "domain")
        ? [statement.target]
        : [];
    case "grant":
    case "revoke":
      return statement.object === "type" || statement.object === "domain" ? statement.names : [];
    default:
      return [];
  }
}

function columnTypes(
  columns: readonly { readonly type: TypeDescription | null }[],
): readonly TypeDescription[] {
  return columns.flatMap(({ type }) => (type !== null && isNamed(type) ? [type] : []));
}

/** The type of a column is told by the column. */
function isNamed({ isReference }: TypeDescription): boolean {
  return !isReference;
}

export function refuseGoneType(ledger: Ledger, name: NameLike): void {
  const { world } = ledger;
  const parts = nameParts(name);
  if (parts.schema === null && isKnownType(parts.name)) return;
  if (world.schema.findType(name) !== undefined || findRelation(world, name) !== undefined) return;
  const gone =
    world.schema.findGone("type", name, world.searchPath) ??
    world.schema.findGone("relation", name, world.searchPath);
  if (gone !== undefined && !failNowhere(ledger, name, "3F000"))
    failGone(ledger, "42704", `type ${spell(name)}`, gone);
}
