import type { Action } from "../model/action.ts";
import type { AlterTable } from "../model/statement.ts";
import type { KeyConstraint } from "../model/table.ts";

type OfKind<Kind extends Action["kind"]> = Extract<Action, { readonly kind: Kind }>;

/** Of each statement: its actions by kind and name, read once, however many actions ask for one another. */
const known = new WeakMap<AlterTable, ReadonlyMap<string, readonly Action[]>>();

/** The actions of a statement of this kind on the column or constraint of this name, in their order. */
export function actionsOn<Kind extends Action["kind"]>(
  statement: AlterTable,
  kind: Kind,
  name: string,
): readonly OfKind<Kind>[] {
  let actions = known.get(statement);
  if (actions === undefined) {
    actions = byName(statement.actions);
    known.set(statement, actions);
  }
  return (actions.get(keyOf(kind, name)) ?? []) as readonly OfKind<Kind>[];
}

/** Whether the ALTER TABLE has an action of this kind on this column or constraint. */
export function hasActionOn(statement: AlterTable, kind: Action["kind"], name: string): boolean {
  return actionsOn(statement, kind, name).length > 0;
}

/** Of each statement: the first of its actions of each kind, and how many primary keys it adds. */
interface Firsts {
  readonly actions: ReadonlyMap<string, Action>;
  readonly primaryKeys: number;
}

const firsts = new WeakMap<AlterTable, Firsts>();

function firstsOf(statement: AlterTable): Firsts {
  const found = firsts.get(statement);
  if (found !== undefined) return found;
  const actions = new Map<string, Action>();
  let primaryKeys = 0;
  for (const action of statement.actions) {
    if (!actions.has(action.kind)) actions.set(action.kind, action);
    if (action.kind === "add constraint" && action.constraint.kind === "primary key") primaryKeys += 1;
  }
  const made = { actions, primaryKeys };
  firsts.set(statement, made);
  return made;
}

/** The first action of the kind. */
export function firstOf(statement: AlterTable, kind: Action["kind"]): Action | undefined {
  return firstsOf(statement).actions.get(kind);
}

/** How many primary keys the statement adds to the table. */
export function countPrimaryKeys(statement: AlterTable): number {
  return firstsOf(statement).primaryKeys;
}

/** The keys that the statement gives the table. They are made before foreign keys, wherever they stand. */
export function addedKeys(statement: AlterTable): readonly KeyConstraint[] {
  return statement.actions
    .flatMap((action) => {
      if (action.kind === "add constraint") return [action.constraint];
      return action.kind === "add column" ? action.column.constraints : [];
    })
    .filter((one): one is KeyConstraint => one.kind === "unique" || one.kind === "primary key");
}

function byName(actions: readonly Action[]): ReadonlyMap<string, readonly Action[]> {
  const found = new Map<string, Action[]>();
  for (const action of actions) {
    const name = nameOf(action);
    if (name === null) continue;
    const key = keyOf(action.kind, name);
    const list = found.get(key);
    if (list === undefined) found.set(key, [action]);
    else list.push(action);
  }
  return found;
}

function keyOf(kind: string, name: string): string {
  return `${kind}:${name}`;
}

function nameOf(action: Action): string | null {
  if (action.kind === "add column") return action.column.name.name;
  if (action.kind === "add constraint") return action.constraint.name?.name ?? null;
  if ("column" in action) return action.column.name;
  return "constraint" in action ? action.constraint.name : null;
}
