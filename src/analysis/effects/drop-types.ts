import type { Expression } from "../../model/expression.ts";
import type { Drop } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import { isTable, type Table, type UserType } from "../entities.ts";
import { castTypes } from "../schema/expressions.ts";
import type { DropRun } from "./drop-run.ts";
import { dropRelations, dropView, needCascade } from "./drop-run.ts";
import { familyOf, isIndexOn } from "./family.ts";
import { takersOf } from "./function-users.ts";
import { depend, fail, lock, shortName, targetOf } from "./ledger.ts";

/** DROP TYPE and DROP DOMAIN: columns of the type go with CASCADE, and what reads them. */
export function dropTypes(run: DropRun, statement: Drop): void {
  const { schema } = run.ledger.world;
  const named = new Set(statement.names.flatMap((name) => schema.findType(name)?.id ?? []));
  for (const name of statement.names) {
    const type = schema.findType(name);
    const row = type === undefined ? targetOf(run.ledger.world, name).known : null;
    const isOther = type !== undefined && type.kind !== "domain";
    if (statement.object === "domain" && (row !== null || isOther))
      fail(run.ledger, "42809", `${quoteName(name.name.name)} is not a domain`);
    if (row !== null)
      fail(
        run.ledger,
        "2BP01",
        `the type ${quoteName(row.name)} is that of the rows of ${quoteName(row.name)}`,
      );
    if (type !== undefined) dropType(run, type, named);
    else if (statement.cascade) depend(run.ledger, `the columns of type ${quoteName(name.name.name)}`);
  }
}

/** One type on its way out; `named`: the types that are dropped with it, by id. */
export function dropType(run: DropRun, type: UserType, named: ReadonlySet<number>): void {
  const { ledger } = run;
  const { schema } = ledger.world;
  const what = `type ${quoteName(type.name)}`;
  for (const table of schema.typedTables(type.id)) {
    needCascade(run, what, shortName(ledger.world, labelOf(table)));
    dropRelations(run, [table]);
  }
  for (const one of takersOf(ledger.world, type)) needCascade(run, what, one);
  for (const one of schema.typesMadeOf(type.id))
    if (!named.has(one.id))
      needCascade(
        run,
        what,
        one.kind === "domain"
          ? `domain ${quoteName(one.name)}`
          : `an attribute of type ${quoteName(one.name)}`,
      );
  const users = new Map<number, Table>();
  for (const table of schema.tablesUsingType(type.id))
    for (const member of familyOf(schema, table)) users.set(member.id, member);
  for (const table of users.values()) {
    if (run.going.has(table.id)) continue;
    needCascade(run, what, `a column of ${shortName(ledger.world, labelOf(table))}`);
    lock(ledger, table, "ACCESS EXCLUSIVE", `has a column of type ${quoteName(type.name)}`);
    const columns = table.columns.filter((column) => column.type?.name === type.name).map(({ name }) => name);
    for (const view of schema.viewsOf(table.id))
      if (view.columns?.some((one) => one.table === table.id && columns.includes(one.column)) ?? true)
        dropView(run, view, `reads a column of type ${quoteName(type.name)}`);
    for (const index of schema.indexesOf(table.id))
      if (columns.some((column) => isIndexOn(index, column))) lock(ledger, index, "ACCESS EXCLUSIVE");
  }
  for (const table of schema.usersOf("casts to", type.name)) {
    if (!isTable(table) || users.has(table.id) || run.going.has(table.id)) continue;
    const column = table.columns.find((one) => isCastTo(one.default, type));
    if (column === undefined) continue;
    needCascade(
      run,
      what,
      `the default of ${shortName(ledger.world, labelOf(table))}.${quoteName(column.name)}`,
    );
    lock(
      ledger,
      table,
      "ACCESS EXCLUSIVE",
      `the default of ${quoteName(column.name)} is of type ${quoteName(type.name)}`,
    );
  }
}

/** A default that was made a value of the type first. */
function isCastTo(value: Expression | null, type: UserType): boolean {
  if (value === null) return false;
  return castTypes(value).some(
    ({ schema, name }) => name === type.name && (schema === null || schema === type.schema),
  );
}
