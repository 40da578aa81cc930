import type { TypeDescription } from "../../model/name.ts";
import type { Relation } from "../entities.ts";

/** One column that a query gives. */
export interface Output {
  readonly name: string;
  /** Null: could not be told. */
  readonly type: TypeDescription | null;
  /** How the relation calls the column, where the query has given it another name. */
  readonly column?: string;
  /** Whose column it is, where the name that the query knows it by is of a whole join. */
  readonly of?: Relation;
}

export interface Missing {
  readonly column: string;
  readonly relations: readonly Relation[];
  /** What the name was looked up in, where it could have been nothing but these relations by these names; null: it could. */
  readonly names: readonly string[] | null;
}

/** What a query reads, gathered while it is walked. */
export interface Reading {
  /** Every relation in FROM, by name and identity. */
  readonly relations: Map<string, { id: number | null; schema: string | null; name: string }>;
  /** `id`, NUL, `column`. */
  readonly columns: Map<string, { table: number; column: string }>;
  /** Whether a column could not be traced to its table: then `columns` is not all. */
  isUnsure: boolean;
  readonly find: (schema: string | null, name: string) => Relation | undefined;
  /** Whether a table that is not completely known surely lacks a column. */
  readonly isGone: (relation: Relation, column: string) => boolean;
  /** Columns that no source has, and the relations that could have had them. */
  readonly missing: Missing[];
}

/** What one name in FROM offers. */
export interface ScopeSource {
  readonly alias: string | null;
  readonly schema: string | null;
  readonly relation: Relation | null;
  /** Null: not known. */
  readonly outputs: readonly Output[] | null;
}
