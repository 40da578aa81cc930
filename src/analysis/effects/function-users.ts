import { quoteName } from "../../sql/names.ts";
import type { Relation, Table, UserFunction, UserType } from "../entities.ts";
import { typesIn } from "../schema/function-users.ts";
import { itemNamed } from "../schema/places.ts";
import type { Schema } from "../schema.ts";
import { type EffectsWorld, findRelation } from "./ledger.ts";

type Name = { readonly schema: string | null; readonly name: string };

/** Functions that take or give a type cannot be without it. */
export function takersOf({ schema }: EffectsWorld, type: UserType): readonly string[] {
  return schema
    .functionsUsing(type.name)
    .filter(
      (one) =>
        isThere(schema, one) &&
        one.id > type.id &&
        typesIn(one).some((name) => schema.findType(name)?.id === type.id),
    )
    .map(words);
}

/** Functions that take or give the rows of a relation, or keep hold of it in a body without quotes. */
export function readersOf(world: EffectsWorld, relation: Relation): readonly string[] {
  return usersOf(world, relation, "rows").map(words);
}

/** Functions that keep hold of the column in a body without quotes. */
export function readersOfColumn(world: EffectsWorld, table: Table, column: string): readonly string[] {
  const id = itemNamed(table.columns, column)?.id ?? 0;
  return usersOf(world, table, "body")
    .filter((one) => one.id > id && one.keeps?.relations.length === 1 && one.keeps.names.includes(column))
    .map(words);
}

function usersOf(world: EffectsWorld, relation: Relation, by: "rows" | "body"): readonly UserFunction[] {
  const isMeant = (name: Name) => findRelation(world, name)?.id === relation.id;
  return world.schema.functionsUsing(relation.name).filter((one) => {
    // What is older cannot mean it.
    if (one.id < relation.id || !isThere(world.schema, one)) return false;
    return (one.keeps?.relations ?? []).some(isMeant) || (by === "rows" && typesIn(one).some(isMeant));
  });
}

function isThere(schema: Schema, one: UserFunction): boolean {
  return one.isDoubted !== true && !schema.mayBeGone({ since: one.id });
}

function words({ kind, name }: UserFunction): string {
  return `${kind} ${quoteName(name)}`;
}
