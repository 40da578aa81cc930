import { walkExpression } from "../../model/expression.ts";
import type { Drop } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import { isTable, type Table } from "../entities.ts";
import type { Schema } from "../schema.ts";
import type { DropRun } from "./drop-run.ts";
import { needCascade } from "./drop-run.ts";
import { depend, lock, shortName } from "./ledger.ts";

/**
 * DROP FUNCTION. Of a name that several functions have, a call tells the number of its arguments, not their types: it may be one
 * of another that stays.
 */
export function dropNamedFunctions(run: DropRun, statement: Drop): void {
  const { world } = run.ledger;
  const names = new Set<string>();
  for (const name of statement.names) {
    const known = world.schema.findFunctions(name);
    if (known.length < 2 && known.every((one) => one.hasTwin !== true)) names.add(name.name.name);
    else if (tablesCalling(world.schema, new Set([name.name.name])).length > 0)
      depend(run.ledger, `which function ${quoteName(name.name.name)} is called where`);
  }
  dropUsersOfFunctions(run, names);
}

/** Defaults, triggers, indexes and constraints that call a function go with CASCADE, under their table's lock. */
export function dropUsersOfFunctions(run: DropRun, names: ReadonlySet<string>): void {
  const { ledger } = run;
  const { schema } = ledger.world;
  for (const relation of tablesCalling(schema, names)) {
    if (run.going.has(relation.id)) continue;
    const user = userOf(relation, names);
    if (user !== null) {
      needCascade(
        run,
        `function ${[...names].join(", ")}`,
        `${user} of ${shortName(ledger.world, labelOf(relation))}`,
      );
      lock(ledger, relation, "ACCESS EXCLUSIVE", `its ${user} calls the function`);
    }
    for (const index of schema.indexesOf(relation.id)) {
      const parts = index.predicate === null ? index.expressions : [...index.expressions, index.predicate];
      if (!parts.some((part) => calls(part, names))) continue;
      needCascade(run, `function ${[...names].join(", ")}`, `index ${quoteName(index.name)}`);
      lock(ledger, relation, "ACCESS EXCLUSIVE", `${quoteName(index.name)} calls the function`);
      lock(ledger, index, "ACCESS EXCLUSIVE");
    }
  }
}

/** Tables that call one of the functions, by themselves or in an index; in the order in which they came to be. */
function tablesCalling(schema: Schema, names: ReadonlySet<string>): readonly Table[] {
  const tables = new Map<number, Table>();
  for (const name of names) {
    for (const user of schema.usersOf("calls", name)) {
      const table = user.kind === "index" ? schema.relationById(user.table) : user;
      if (isTable(table)) tables.set(table.id, table);
    }
  }
  return [...tables.values()].sort((a, b) => a.id - b.id);
}

function userOf(table: Table, names: ReadonlySet<string>): string | null {
  for (const column of table.columns)
    if (column.default !== null && calls(column.default, names))
      return `default of ${quoteName(column.name)}`;
  for (const trigger of table.triggers)
    if (names.has(trigger.function.at(-1) ?? "")) return `trigger ${quoteName(trigger.name)}`;
  for (const constraint of table.constraints)
    if (constraint.kind === "check" && calls(constraint.expression, names))
      return `constraint ${quoteName(constraint.name)}`;
  return null;
}

function calls(expression: Parameters<typeof walkExpression>[0], names: ReadonlySet<string>): boolean {
  let found = false;
  walkExpression(expression, (node) => {
    if (node.kind === "call" && names.has(node.name)) found = true;
  });
  return found;
}
