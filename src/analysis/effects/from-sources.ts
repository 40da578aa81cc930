import type { TypeDescription } from "../../model/name.ts";
import type { Source } from "../../model/query.ts";
import { isTable, type Table } from "../entities.ts";
import { readQuery, startReading } from "../schema/scope.ts";
import { findRelation, type Ledger } from "./ledger.ts";
import { outputsOf } from "./object-refusals.ts";

/** What FROM names, or reads in brackets, and the name that it has there. */
export interface Named {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: TypeDescription | null }[];
  /** Null: a view or a subquery, which has no key of its own. */
  readonly table: Table | null;
}

/** The sources of a FROM by the columns that they have. */
export type Holders = ReadonlyMap<string, readonly Named[]>;

/** The sources in a source; null: it is, or holds, something of which not all columns are known. */
export function sourcesIn(
  ledger: Ledger,
  source: Source,
  common: ReadonlySet<string>,
): readonly Named[] | null {
  if (source.kind === "join") {
    const [left, right] = [sourcesIn(ledger, source.left, common), sourcesIn(ledger, source.right, common)];
    return left === null || right === null || source.alias !== undefined ? null : [...left, ...right];
  }
  if (source.kind === "subquery") return subqueryIn(ledger, source, common);
  if (source.kind !== "relation" || source.columns !== undefined) return null;
  if (source.schema === null && common.has(source.name)) return null;
  const known = findRelation(ledger.world, source);
  const name = source.alias ?? source.name;
  if (isTable(known)) return known.isComplete ? [{ name, columns: known.columns, table: known }] : null;
  const outputs = known?.kind === "view" || known?.kind === "materialized view" ? outputsOf(known) : null;
  if (outputs === null) return null;
  const types = known?.kind === "view" || known?.kind === "materialized view" ? known.outputTypes : undefined;
  return [{ name, columns: outputs.map((one, k) => ({ name: one, type: types?.[k] ?? null })), table: null }];
}

function subqueryIn(
  { world }: Ledger,
  source: Extract<Source, { readonly kind: "subquery" }>,
  common: ReadonlySet<string>,
): readonly Named[] | null {
  const find = (schema: string | null, name: string) =>
    schema === null && common.has(name) ? undefined : findRelation(world, { schema, name });
  const outputs = readQuery(startReading(find), source.query);
  if (outputs === null || source.alias === null || source.columns !== undefined) return null;
  return [{ name: source.alias, columns: outputs, table: null }];
}

/** Who has a column of each name. */
export function holdersIn(sources: readonly Named[]): Holders {
  const holders = new Map<string, Named[]>();
  for (const one of sources)
    for (const { name } of one.columns) {
      const known = holders.get(name);
      if (known === undefined) holders.set(name, [one]);
      else known.push(one);
    }
  return holders;
}
