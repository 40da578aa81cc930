import type { Span } from "../text/span.ts";
import type { Call, Expression } from "./expression.ts";
import type { Clause, Identifier, QualifiedName } from "./name.ts";

/** A common table expression. */
export interface CommonTable {
  readonly name: string;
  /** The names that it gives its columns, from the first on; left out where it gives none. */
  readonly columns?: readonly string[];
  readonly query: Query | DataChange;
  readonly recursive: boolean;
}

export interface Select {
  readonly kind: "select";
  readonly with: readonly CommonTable[];
  readonly targets: readonly { readonly value: Expression; readonly alias: string | null }[];
  readonly isDistinct: boolean;
  /** DISTINCT ON. */
  readonly isDistinctOn?: true;
  readonly from: readonly Source[];
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | null;
  readonly orderBy: readonly Expression[];
  readonly limit: Expression | null;
  readonly offset: Expression | null;
  /** FOR UPDATE and its weaker kin. */
  readonly locksRows: boolean;
  /** The names behind OF; empty: none, so all of FROM. */
  readonly lockedNames: readonly string[];
  /** SELECT ... INTO a new table. */
  readonly into: QualifiedName | null;
}

export type Query =
  | Select
  | {
      readonly kind: "values";
      readonly rows: readonly (readonly Expression[])[];
      readonly with: readonly CommonTable[];
    }
  | {
      readonly kind: "set operation";
      readonly operation: "union" | "intersect" | "except";
      readonly left: Query;
      readonly right: Query;
      readonly with: readonly CommonTable[];
      readonly limit: Expression | null;
    };

/** What stands in FROM. */
export type Source =
  | {
      readonly kind: "relation";
      readonly schema: string | null;
      readonly name: string;
      readonly alias: string | null;
      /** The names that stand behind the alias, for the columns from the first on; left out where none do. */
      readonly columns?: readonly string[];
      /** ONLY: without its partitions and children. */
      readonly only?: true;
    }
  | { readonly kind: "function"; readonly call: Call | null; readonly alias: string | null }
  | {
      readonly kind: "subquery";
      readonly query: Query;
      readonly alias: string | null;
      readonly columns?: readonly string[];
    }
  | {
      readonly kind: "join";
      readonly type: "inner" | "left" | "right" | "full" | "cross";
      readonly left: Source;
      readonly right: Source;
      readonly on: Expression | null;
      readonly using: readonly string[];
      /** `(a JOIN b ON ...) AS c`: those inside cannot be named any more. Left out where there is none. */
      readonly alias?: string;
      /** The names that stand behind that alias. */
      readonly columns?: readonly string[];
    }
  | { readonly kind: "other" };

/** A column that SET or an INSERT list names. */
export interface Target {
  readonly column: Identifier;
  /** False for an element or a field of it: `a[1] = 0`, `a.b = 0`. */
  readonly isWhole: boolean;
  /** Of MERGE: whether it is set to DEFAULT. */
  readonly isDefault?: true;
}

export interface Assignment extends Target {
  /** Null where several columns are set from one row that is not written out: `(a, b) = (SELECT ...)`. */
  readonly value: Expression | null;
  /** That row; it stands with the first of the columns. */
  readonly row?: Expression;
}

/** The expressions that SET works out, one row of several columns as one. */
export function valuesSet(assignments: readonly Assignment[]): readonly Expression[] {
  return assignments.flatMap(({ value, row }) => value ?? row ?? []);
}

interface Change {
  readonly span: Span;
  /** The words worth underlining: INSERT INTO, UPDATE, DELETE FROM, MERGE INTO. */
  readonly head: Span;
  readonly with: readonly CommonTable[];
  readonly table: QualifiedName;
  readonly alias: string | null;
  readonly isReturning: boolean;
}

export interface Insert extends Change {
  readonly kind: "insert";
  readonly columns: readonly Identifier[];
  /** The columns, and whether only an element or a field of one is given: `(a.x, a.y)`. */
  readonly targets: readonly Target[];
  /** Null for DEFAULT VALUES. */
  readonly source: Query | null;
  readonly onConflict: "nothing" | "update" | null;
  /** The assignments of ON CONFLICT DO UPDATE. */
  readonly assignments: readonly Assignment[];
}

export interface Update extends Change {
  readonly kind: "update";
  readonly assignments: readonly Assignment[];
  readonly from: readonly Source[];
  readonly where: Clause<Expression> | null;
}

export interface Delete extends Change {
  readonly kind: "delete";
  readonly using: readonly Source[];
  readonly where: Clause<Expression> | null;
}

export interface Merge extends Change {
  readonly kind: "merge";
  readonly source: Source;
  readonly on: Expression;
  /** What each WHEN sets or inserts, in order. */
  readonly targets: readonly (readonly Target[])[];
  /** Which rows of the table it may update or delete: those that match the source, those that match nothing as well, or none. */
  readonly changes: "matched" | "all" | "none";
}

export type DataChange = Insert | Update | Delete | Merge;

/** A SELECT of nothing, for those that fill in what they know. */
export const emptySelect: Select = {
  kind: "select",
  with: [],
  targets: [],
  isDistinct: false,
  from: [],
  where: null,
  groupBy: [],
  having: null,
  orderBy: [],
  limit: null,
  offset: null,
  locksRows: false,
  lockedNames: [],
  into: null,
};
