import type { Table } from "../analysis/entities.ts";
import { itemNamed } from "../analysis/schema/places.ts";
import type { Action, ActionKind } from "../model/action.ts";
import type { AlterTable, Statement } from "../model/statement.ts";
import { replacedBy } from "../recipes/alter-table.ts";

/**
 * The actions of an ALTER TABLE as statements of their own, in the order in which the server carries them out: drops, then
 * types, then what is added, then attributes (tablecmds.c, AlterTablePass). A key that goes stays with the one that takes its
 * place, so that the table is never without. Any other statement is one piece. `table` is it before the statement.
 */
export function piecesOf(statement: Statement, text: string, table: Table | undefined): readonly string[] {
  const whole = `${text.slice(statement.span.start, statement.span.end)};`;
  if (statement.kind !== "alter table" || statement.actions.length < 2) return [whole];
  const head = text.slice(statement.span.start, statement.table.span.end);
  const replaced = replacedKeys(statement, table);
  const gone = new Set([...replaced.values()].flat());
  return [...statement.actions]
    .map((action, index) => ({ action, index }))
    .filter(({ action }) => !gone.has(action))
    .map(({ action, index }) => ({ parts: [...(replaced.get(action) ?? []), action], index }))
    .map(({ parts, index }) => ({ parts, index, pass: passOfPiece(parts, statement.actions) }))
    .sort((a, b) => a.pass - b.pass || a.index - b.index)
    .map(({ parts }) => `${head} ${parts.map(({ span }) => text.slice(span.start, span.end)).join(", ")};`);
}

/** What each key that is added takes the place of, where nothing else of the statement needs the old key to be gone. */
function replacedKeys(
  statement: AlterTable,
  table: Table | undefined,
): ReadonlyMap<Action, readonly Action[]> {
  const replaced = new Map<Action, readonly Action[]>();
  for (const action of statement.actions) {
    if (action.kind !== "add constraint") continue;
    const { constraint } = action;
    if (constraint.kind !== "primary key" && constraint.kind !== "unique") continue;
    const drops = replacedBy(constraint, constraint.name?.name ?? "", statement, table);
    if (drops.length > 0 && !drops.some((drop) => isNeededFirst(drop, statement, table)))
      replaced.set(action, drops);
  }
  return replaced;
}

/** Whether a drop has to come before other actions: a column of its name, or one that may be null once its key is gone. */
function isNeededFirst(drop: Action, { actions }: AlterTable, table: Table | undefined): boolean {
  if (drop.kind === "drop column") return isMadeAgain(drop.column.name, actions);
  if (drop.kind !== "drop constraint") return true;
  const { columns = [] } = itemNamed(table?.constraints ?? [], drop.constraint.name) ?? {};
  return actions.some(
    (one) =>
      (one.kind === "drop not null" || one.kind === "drop column") &&
      (columns.length === 0 || columns.includes(one.column.name)),
  );
}

function isMadeAgain(column: string, actions: readonly Action[]): boolean {
  return actions.some((one) => one.kind === "add column" && one.column.name.name === column);
}

const drops: readonly ActionKind[] = [
  "drop column",
  "drop constraint",
  "drop default",
  "drop not null",
  "drop expression",
  "drop identity",
];

/** A key that takes the place of another comes with the columns that it goes with. */
function passOfPiece(parts: readonly Action[], all: readonly Action[]): number {
  const dropped = parts.find(({ kind }) => kind === "drop column") ?? parts.at(-1);
  return dropped === undefined ? 0 : passIn(dropped, all);
}

/** A column is dropped last, since that waits for a deployment, unless another action makes one of its name. */
function passIn(action: Action, all: readonly Action[]): number {
  if (action.kind !== "drop column") return passOf(action);
  return isMadeAgain(action.column.name, all) ? 0 : 9;
}

function passOf(action: Action): number {
  if (drops.includes(action.kind)) return 0;
  if (action.kind === "alter column type") return 1;
  if (action.kind === "add column") return 2;
  // A key needs its columns to be NOT NULL, and everything else the columns to be there.
  if (action.kind === "set not null") return 3;
  if (action.kind === "add constraint") return action.constraint.kind === "foreign key" ? 6 : 5;
  return action.kind === "set default" || action.kind === "add identity" ? 4 : 7;
}
