import type { Called } from "../model/expression.ts";

export interface Policy {
  readonly name: string;
  /** The columns of its own table that it reads: those of both its clauses. */
  readonly columns: readonly string[];
  /** Those of USING and those of WITH CHECK: ALTER POLICY replaces one clause and leaves the other. */
  readonly clauses: Readonly<Record<PolicyClause, readonly string[]>>;
  readonly calls?: readonly PolicyCall[];
  /** When it came to be, for {@link Schema.mayBeGone}; missing where it may never have. */
  readonly since?: number;
}

export type PolicyClause = "using" | "check";

export type PolicyCall = Called & { readonly clause: PolicyClause };

/** Something that a rule or policy of a table reads. */
export interface PartUse {
  /** As that of a policy. */
  readonly since?: number;
  /** `rule r`, `policy p`. */
  readonly part: string;
  readonly table: number;
  /** Null: the table; which columns could not be told. */
  readonly column: string | null;
  /** Of a policy: the clause that reads it. */
  readonly clause?: PolicyClause;
}

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
  /** Which changes it sends on; missing where the history does not tell. */
  readonly changes?: readonly string[];
}

/** A rule or trigger of a view. */
export interface ViewHook {
  readonly kind: "trigger" | "rule";
  readonly name: string;
  /** The function that a trigger runs: one part as written, or two. Empty: a rule. */
  readonly function: readonly string[];
}

export interface Trigger {
  readonly name: string;
  /** UPDATE OF columns and those that WHEN reads. */
  readonly columns: readonly string[];
  /** When it does: in ordinary sessions, in all, in those that replay another server's changes alone, or never. */
  readonly fires: "origin" | "always" | "replica" | "never";
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

/** What the body of a function without quotes keeps hold of. */
export interface KeptNames {
  /** What it surely reads or writes. */
  readonly relations: readonly { readonly schema: string | null; readonly name: string }[];
  /** All names in it: columns, aliases, functions. */
  readonly names: readonly string[];
}
