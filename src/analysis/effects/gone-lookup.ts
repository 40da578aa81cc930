import { qualifyName, quoteName } from "../../sql/names.ts";
import type { Gone } from "../schema/gone-names.ts";
import type { NameLike } from "../schema.ts";
import { failGone, findRelation, type Ledger, nameParts } from "./ledger.ts";

/** What the history says of a relation that is not there any more. */
export function goneRelation({ world }: Ledger, name: NameLike): Gone | undefined {
  if (!world.schema.hasGone || findRelation(world, name) !== undefined) return undefined;
  // A composite type is a relation too.
  if (world.schema.findType(name) !== undefined) return undefined;
  return world.schema.findGone("relation", name, world.searchPath);
}

/** Where the schema of a name is gone, that is what the server says, and the reader wants to know. */
export function failNowhere(ledger: Ledger, name: NameLike, sqlstate: string): boolean {
  const { schema } = nameParts(name);
  const gone =
    schema === null ? undefined : ledger.world.schema.findGone("schema", { schema: null, name: schema });
  if (schema === null || gone === undefined) return false;
  failGone(ledger, sqlstate, `schema ${quoteName(schema)}`, gone);
  return true;
}

/** As a person would write it in SQL. */
export function spell(name: NameLike): string {
  const { schema, name: bare } = nameParts(name);
  return schema === null ? quoteName(bare) : qualifyName(schema, bare);
}
