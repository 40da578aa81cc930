import { walkExpression } from "../../model/expression.ts";
import type { Drop } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import { isTable, type Table } from "../entities.ts";
import type { DropRun } from "./drop-run.ts";
import { needCascade } from "./drop-run.ts";
import { depend, type Ledger, lock, shortName } from "./ledger.ts";

/**
 * DROP FUNCTION. Of a name that several functions have, a call tells the number of its arguments, not their types: it may be one
 * of another that stays.
 */
export function dropNamedFunctions(run: DropRun, statement: Drop): void {
  const { world } = run.ledger;
  const leaving: Called[] = [];
  for (const name of statement.names) {
    const known = world.schema.findFunctions(name);
    const called = { schema: name.schema?.name ?? known[0]?.schema ?? null, name: name.name.name };
    if (known.length < 2 && known.every((one) => one.hasTwin !== true)) leaving.push(called);
    else if (tablesCalling(run.ledger, [called]).length > 0)
      depend(run.ledger, `which function ${quoteName(called.name)} is called where`);
  }
  dropUsersOfFunctions(run, leaving);
}

/** A function by where it lies and its name; a schema of null: nobody knows where. */
interface Called {
  readonly schema: string | null;
  readonly name: string;
}

/** Defaults, triggers, indexes and constraints that call a function go with CASCADE, under their table's lock. */
export function dropUsersOfFunctions(run: DropRun, leaving: readonly Called[]): void {
  const { ledger } = run;
  const { schema } = ledger.world;
  const words = `function ${leaving.map(({ name }) => name).join(", ")}`;
  for (const relation of tablesCalling(ledger, leaving)) {
    if (run.going.has(relation.id)) continue;
    const user = userOf(ledger, relation, leaving);
    if (user !== null) {
      needCascade(run, words, `${user} of ${shortName(ledger.world, labelOf(relation))}`);
      lock(ledger, relation, "ACCESS EXCLUSIVE", `its ${user} calls the function`);
    }
    for (const index of schema.indexesOf(relation.id)) {
      const parts = index.predicate === null ? index.expressions : [...index.expressions, index.predicate];
      if (!parts.some((part) => calls(ledger, part, leaving))) continue;
      needCascade(run, words, `index ${quoteName(index.name)}`);
      lock(ledger, relation, "ACCESS EXCLUSIVE", `${quoteName(index.name)} calls the function`);
      lock(ledger, index, "ACCESS EXCLUSIVE");
    }
  }
}

/** Tables that may call one of the functions, by themselves or in an index; in the order in which they came to be. */
function tablesCalling({ world: { schema } }: Ledger, leaving: readonly Called[]): readonly Table[] {
  const tables = new Map<number, Table>();
  for (const { name } of leaving) {
    for (const user of schema.usersOf("calls", name)) {
      const table = user.kind === "index" ? schema.relationById(user.table) : user;
      if (isTable(table)) tables.set(table.id, table);
    }
  }
  return [...tables.values()].sort((a, b) => a.id - b.id);
}

function userOf(ledger: Ledger, table: Table, leaving: readonly Called[]): string | null {
  for (const column of table.columns)
    if (column.default !== null && calls(ledger, column.default, leaving))
      return `default of ${quoteName(column.name)}`;
  for (const trigger of table.triggers) {
    const [name = "", schema = null] = [...trigger.function].reverse();
    if (isMeant(ledger, { schema, name }, leaving)) return `trigger ${quoteName(trigger.name)}`;
  }
  for (const constraint of table.constraints)
    if (constraint.kind === "check" && calls(ledger, constraint.expression, leaving))
      return `constraint ${quoteName(constraint.name)}`;
  return null;
}

function calls(
  ledger: Ledger,
  expression: Parameters<typeof walkExpression>[0],
  leaving: readonly Called[],
): boolean {
  let found = false;
  walkExpression(expression, (node) => {
    if (node.kind === "call" && isMeant(ledger, node, leaving)) found = true;
  });
  return found;
}

/**
 * Whether a call means one of the functions: that of its schema, and without one that of the search path. Two schemas often
 * have functions of one name.
 */
function isMeant({ world }: Ledger, call: Called, leaving: readonly Called[]): boolean {
  const among = leaving.filter(({ name }) => name === call.name);
  if (among.length === 0) return false;
  const schema = call.schema ?? world.schema.findFunctions(call)[0]?.schema ?? null;
  const places = schema === null ? world.searchPath : [schema];
  return among.some((one) => one.schema === null || places.includes(one.schema));
}
