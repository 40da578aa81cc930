import type { Action, ColumnAction } from "../../model/action.ts";
import type { Column, ColumnSetting } from "../entities.ts";
import type { Draft } from "./draft.ts";
import { changeColumn } from "./tables.ts";

const kinds: ReadonlySet<Action["kind"]> = new Set([
  "set statistics",
  "set storage",
  "set compression",
  "set column options",
  "reset column options",
]);

/** Whether the action is one of STATISTICS, STORAGE, COMPRESSION and options, which a copy of the column has to carry. */
export function isSetting(action: Action): action is ColumnAction {
  return kinds.has(action.kind);
}

/** What was set before of the same kind is no more; options are many, and are kept one behind the other. */
export function setOfColumn(draft: Draft, tables: Iterable<number>, action: ColumnAction): void {
  const { kind, column, span } = action;
  const text = draft.context.text.slice(column.span.end, span.end).trim();
  const isKept = (one: ColumnSetting) => one.kind !== kind || kind.endsWith("options");
  for (const table of tables) {
    changeColumn(draft, table, column.name, ({ settings = [] }) => ({
      settings: [...settings.filter(isKept), { kind, text }],
    }));
  }
}

/** With its type a column gets the storage and the compression of the new one. */
export function settingsOfType({ settings }: Column): Partial<Column> {
  if (settings === undefined) return {};
  return { settings: settings.filter(({ kind }) => kind !== "set storage" && kind !== "set compression") };
}
