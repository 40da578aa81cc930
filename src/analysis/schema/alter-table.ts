import type { Action } from "../../model/action.ts";
import type { Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import { isStandIn } from "../../model/stand-in.ts";
import type { AlterTable } from "../../model/statement.ts";
import { truncateName } from "../../sql/names.ts";
import type { Column, Trigger } from "../entities.ts";
import { addColumn } from "./add-column.ts";
import { alterConstraint } from "./alter-constraint.ts";
import { boundCalls } from "./bound-calls.ts";
import { isSetting, setOfColumn, settingsOfType } from "./column-settings.ts";
import { keptDefault, knownType } from "./columns.ts";
import { addConstraint, addNotNull } from "./constraints.ts";
import { type Draft, findRelation, findType, tableById } from "./draft.ts";
import { dropColumn, dropConstraint, forgetForeignKeys } from "./drop.ts";
import { columnsOf } from "./expressions.ts";
import { noteOwner } from "./held.ts";
import { changeIdentity } from "./identity.ts";
import { setInherits } from "./inherit.ts";
import { foldOfType } from "./of-type.ts";
import { indexesOf } from "./own-indexes.ts";
import { attachIndex, joinPartition, leavePartition } from "./partitions.ts";
import { changeColumn, changeTable, familyOf, noteUnknown, tableFor } from "./tables.ts";

/** ALTER TABLE, and ALTER INDEX, VIEW, SEQUENCE and the like in their general form. */
export function foldAlterTable(draft: Draft, statement: AlterTable): void {
  const found = findRelation(draft, statement.table);
  if (found === undefined && statement.ifExists) return;
  if (statement.object === "index") {
    if (found === undefined) noteUnknown(draft, statement.table);
    else alterIndex(draft, found.id, statement.actions);
    return;
  }
  if (found === undefined && statement.object !== "table" && statement.object !== "foreign table") {
    noteUnknown(draft, statement.table);
    return;
  }
  if (statement.actions.some(dropsUnknown)) forgetForeignKeys(draft, statement.table);
  const table = tableFor(draft, statement.table);
  if (table === undefined) return;
  // The server works in passes, whatever the order of the actions: drops first, new columns before new constraints.
  const actions = [...statement.actions].sort((first, second) => passOf(first) - passOf(second));
  for (const action of actions) foldAction(draft, table.id, action, statement.only);
}

/** A constraint that only the server can name: a body looks for it in the catalogue. */
function dropsUnknown(action: Action): boolean {
  return action.kind === "drop constraint" && isStandIn(action.constraint.name);
}

type Switched = Extract<Action, { kind: "enable trigger" | "disable trigger" }>["trigger"];

function passOf(action: Action): number {
  switch (action.kind) {
    case "drop column":
    case "drop constraint":
    case "drop not null":
    case "drop default":
    case "drop expression":
    case "drop identity":
      return 0;
    case "alter column type":
      return 1;
    case "add column":
      return 2;
    case "set expression":
      return 3;
    case "set not null":
    case "add identity":
    case "set identity":
      return 4;
    case "add constraint":
      return action.constraint.kind === "not null" ? 4 : isKey(action) ? 5 : 6;
    case "set default":
      return 6;
    default:
      return 7;
  }
}

function isKey(action: Extract<Action, { kind: "add constraint" }>): boolean {
  return action.constraint.kind !== "check" && action.constraint.kind !== "foreign key";
}

function alterIndex(draft: Draft, id: number, actions: readonly Action[]): void {
  for (const action of actions) {
    if (action.kind !== "attach partition") continue;
    const child = findRelation(draft, action.partition);
    if (child !== undefined) attachIndex(draft, id, child.id);
  }
}

function foldAction(draft: Draft, id: number, action: Action, only: boolean): void {
  switch (action.kind) {
    case "add column":
      addColumn(draft, id, action, only);
      break;
    case "add constraint":
      addConstraint(draft, id, action.constraint, { isWithTable: false, only });
      break;
    case "drop column":
      draft.cascades = action.cascade;
      dropColumn(draft, id, truncateName(action.column.name), only);
      break;
    case "drop constraint":
      draft.cascades = action.cascade;
      dropConstraint(draft, id, truncateName(action.constraint.name), only);
      break;
    case "validate constraint":
    case "alter constraint":
      alterConstraint(draft, id, action, only);
      break;
    case "owner to":
      noteOwner(draft, id, action.span);
      break;
    case "attach partition": {
      const partition = tableFor(draft, action.partition);
      if (partition !== undefined) joinPartition(draft, partition.id, id, action.bound, false);
      break;
    }
    case "detach partition": {
      const partition = tableFor(draft, action.partition);
      if (partition !== undefined) leavePartition(draft, partition.id, id, action.concurrently);
      break;
    }
    case "inherit":
    case "no inherit": {
      const parent = tableFor(draft, action.parent);
      if (parent !== undefined) setInherits(draft, id, parent.id, action.kind === "inherit");
      break;
    }
    default:
      foldColumnAction(draft, id, action, only);
  }
}

function foldColumnAction(draft: Draft, id: number, action: Action, only: boolean): void {
  switch (action.kind) {
    case "set not null":
      addNotNull(draft, id, truncateName(action.column.name), null, { only, isValid: true });
      break;
    case "drop not null":
      dropNotNull(draft, id, truncateName(action.column.name), only);
      break;
    case "set default":
    case "drop default": {
      const value = action.kind === "set default" ? action.default.value : undefined;
      for (const member of familyOf(draft, id, only)) {
        const change = (column: Column) => ({ default: keptDefault(draft, column.type, value) });
        changeColumn(draft, member, action.column.name, change);
      }
      break;
    }
    case "set expression": {
      const { value } = action.expression;
      const { calls = [] } = boundCalls(draft, value);
      for (const member of familyOf(draft, id, only)) {
        changeColumn(draft, member, action.column.name, (column) => ({
          generated: column.generated ?? "stored",
          generatedFrom: columnsOf(value),
          calls,
        }));
      }
      break;
    }
    case "drop expression":
      for (const member of familyOf(draft, id, only)) {
        changeColumn(draft, member, action.column.name, () => ({
          generated: null,
          generatedFrom: [],
          calls: [],
        }));
      }
      break;
    case "alter column type": {
      const { type, collation } = action;
      for (const member of familyOf(draft, id, only)) {
        changeColumn(draft, member, action.column.name, (column) => ({
          type: knownType(draft, type),
          collation,
          default: convertedDefault(draft, column, type),
          ...settingsOfType(column),
        }));
      }
      break;
    }
    case "add identity":
    case "set identity":
    case "drop identity":
      changeIdentity(draft, id, truncateName(action.column.name), action.kind, action.span);
      break;
    default:
      if (isSetting(action)) setOfColumn(draft, familyOf(draft, id, only), action);
      else foldTableAction(draft, id, action, only);
  }
}

function foldTableAction(draft: Draft, id: number, action: Action, only: boolean): void {
  switch (action.kind) {
    case "enable row security":
    case "disable row security":
      changeTable(draft, id, () => ({ rowSecurity: action.kind === "enable row security" }));
      break;
    case "set logged":
    case "set unlogged":
      changeTable(draft, id, () => ({
        persistence: action.kind === "set logged" ? "permanent" : "unlogged",
      }));
      break;
    case "of type":
    case "not of":
      foldOfType(draft, id, action);
      break;
    case "replica identity":
      identifyBy(draft, id, action.index === null ? null : truncateName(action.index.name), action.identity);
      break;
    case "enable trigger":
    case "disable trigger":
      // Before 15 partitions keep theirs as they are.
      for (const member of familyOf(draft, id, only || draft.context.version < 15))
        switchTriggers(
          draft,
          member,
          action.trigger,
          action.kind === "enable trigger" ? action.firing : "never",
        );
  }
}

function switchTriggers(draft: Draft, id: number, trigger: Switched, fires: Trigger["fires"]): void {
  const isMeant = (name: string) => typeof trigger === "string" || truncateName(trigger.name) === name;
  const isUnchecked = fires === "never" || fires === "replica";
  changeTable(draft, id, (table) => ({
    triggers: table.triggers.map((own) => (isMeant(own.name) ? { ...own, fires } : own)),
    // Foreign keys have triggers too, on both of their tables.
    ...(trigger === "all" && table.isUnchecked !== isUnchecked && { isUnchecked }),
  }));
}

/** The default of an enum column stays a value of the enum, and is cast from there. */
function convertedDefault(draft: Draft, column: Column, type: TypeDescription): Expression | null {
  const { type: from, default: value } = column;
  if (value === null || from === null || findType(draft, from)?.kind !== "enum") return value;
  if (from.name === type.name || value.kind !== "constant") return value;
  return { kind: "cast", argument: value, type: from };
}

function identifyBy(
  draft: Draft,
  id: number,
  name: string | null,
  identity: Extract<Action, { kind: "replica identity" }>["identity"],
): void {
  const index = indexesOf(draft, id).find((one) => one.name === name);
  const table = tableById(draft, id);
  const words = identity === "full" || identity === "nothing" ? identity : undefined;
  if (index === undefined && table?.identityIndex == null && table?.identity === words) return;
  changeTable(draft, id, () => ({ identityIndex: index?.id ?? null, identity: words }));
}

function dropNotNull(draft: Draft, id: number, column: string, only: boolean): void {
  for (const member of familyOf(draft, id, only)) {
    changeColumn(draft, member, column, () => ({ notNull: "no" }));
    changeTable(draft, member, (table) => {
      const kept = table.constraints.filter((own) => own.kind !== "not null" || own.columns[0] !== column);
      return kept.length === table.constraints.length ? {} : { constraints: kept };
    });
  }
}
