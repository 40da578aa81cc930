import type { QualifiedName } from "../../model/name.ts";
import { isTable, type Relation } from "../entities.ts";
import type { EffectsWorld } from "./ledger.ts";

/** The table that extended statistics of that name are about. */
export function withStatistics(world: EffectsWorld, name: QualifiedName): Relation | undefined {
  const tables = world.schema.usersOf("has statistics", name.name.name);
  for (const schema of name.schema === null ? world.searchPath : [name.schema.name]) {
    const found = tables.find(
      (table) =>
        isTable(table) &&
        table.statistics?.some((one) => one.schema === schema && one.name === name.name.name) === true,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
