import type { Called } from "../model/expression.ts";

/** An object of CREATE STATISTICS. */
export interface Statistics {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

/** What a publication says of a table. */
export interface Publishing {
  readonly name: string;
  /** The columns that it lists, and those that its condition reads. */
  readonly columns: readonly string[];
}

export interface Trigger {
  readonly name: string;
  /** UPDATE OF columns and those that WHEN reads. */
  readonly columns: readonly string[];
  readonly enabled: boolean;
  readonly forEachRow: boolean;
  readonly events: readonly ("insert" | "update" | "delete" | "truncate")[];
  /** UPDATE OF some columns: an UPDATE that sets none of `columns` does not fire it. */
  readonly isOfColumns?: true;
  /** WHEN. */
  readonly hasCondition?: true;
  /** CREATE CONSTRAINT TRIGGER. */
  readonly isConstraint?: boolean;
  /** The function that it runs: one part as written, or two. */
  readonly function: readonly string[];
  /** Those that its WHEN calls. */
  readonly calls?: readonly Called[];
}
