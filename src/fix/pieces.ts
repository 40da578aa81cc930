import type { Action, ActionKind } from "../model/action.ts";
import type { Statement } from "../model/statement.ts";

/**
 * The actions of an ALTER TABLE as statements of their own, in the order in which the server carries them out: drops, then
 * types, then what is added, then attributes (tablecmds.c, AlterTablePass). Any other statement is one piece.
 */
export function piecesOf(statement: Statement, text: string): readonly string[] {
  const whole = `${text.slice(statement.span.start, statement.span.end)};`;
  if (statement.kind !== "alter table" || statement.actions.length < 2) return [whole];
  const head = text.slice(statement.span.start, statement.table.span.end);
  return [...statement.actions]
    .map((action, index) => ({ action, index }))
    .sort(
      (a, b) =>
        passIn(a.action, statement.actions) - passIn(b.action, statement.actions) || a.index - b.index,
    )
    .map(({ action }) => `${head} ${text.slice(action.span.start, action.span.end)};`);
}

const drops: readonly ActionKind[] = [
  "drop column",
  "drop constraint",
  "drop default",
  "drop not null",
  "drop expression",
  "drop identity",
];

/** A column is dropped last, since that waits for a deployment, unless another action makes one of its name. */
function passIn(action: Action, all: readonly Action[]): number {
  if (action.kind !== "drop column") return passOf(action);
  const isAgain = all.some((one) => one.kind === "add column" && one.column.name.name === action.column.name);
  return isAgain ? 0 : 9;
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
