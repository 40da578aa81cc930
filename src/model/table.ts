import type { Span } from "../text/span.ts";
import type { Expression } from "./expression.ts";
import type { Clause, Identifier, QualifiedName, TypeName } from "./name.ts";

export interface ColumnDefinition {
  readonly name: Identifier;
  /** Null only where the grammar allows it: typed tables and partitions. */
  readonly type: TypeName | null;
  /** As SQL: `"C"`, `pg_catalog` left away. */
  readonly collation: string | null;
  readonly default: Clause<Expression> | null;
  readonly generated: (Clause<Expression> & { readonly stored: boolean }) | null;
  readonly identity: { readonly always: boolean; readonly span: Span } | null;
  readonly notNull: {
    readonly name: Identifier | null;
    readonly notValid: boolean;
    /** PostgreSQL 18. */
    readonly noInherit: boolean;
    readonly span: Span;
  } | null;
  /** CHECK, UNIQUE, PRIMARY KEY and REFERENCES of the column itself. */
  readonly constraints: readonly Constraint[];
  readonly span: Span;
}

interface ConstraintBase {
  readonly name: Identifier | null;
  readonly notValid: boolean;
  /** PostgreSQL 18: NOT ENFORCED. */
  readonly notEnforced: boolean;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly noInherit: boolean;
  readonly span: Span;
}

export interface CheckConstraint extends ConstraintBase {
  readonly kind: "check";
  readonly expression: Clause<Expression>;
}

interface NotNullConstraint extends ConstraintBase {
  readonly kind: "not null";
  readonly column: Identifier;
}

export interface KeyConstraint extends ConstraintBase {
  readonly kind: "unique" | "primary key";
  /** Empty with USING INDEX. A column's own key names that column. */
  readonly columns: readonly Identifier[];
  readonly including: readonly Identifier[];
  readonly usingIndex: Identifier | null;
  readonly nullsNotDistinct: boolean;
  readonly withoutOverlaps: boolean;
  readonly tablespace: Identifier | null;
}

export type ReferentialAction = "no action" | "restrict" | "cascade" | "set null" | "set default";

export interface ForeignKey extends ConstraintBase {
  readonly kind: "foreign key";
  readonly columns: readonly Identifier[];
  readonly references: QualifiedName;
  /** Empty: the primary key of the referenced table. */
  readonly referencedColumns: readonly Identifier[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** ON DELETE SET NULL (a, b), PostgreSQL 15. */
  readonly onDeleteColumns: readonly Identifier[];
}

export interface ExclusionConstraint extends ConstraintBase {
  readonly kind: "exclusion";
  readonly method: string;
  /** What is compared, without the operators behind WITH. */
  readonly elements: readonly IndexElement[];
  readonly where: Clause<Expression> | null;
}

export type Constraint =
  | CheckConstraint
  | NotNullConstraint
  | KeyConstraint
  | ForeignKey
  | ExclusionConstraint;

/** One column or expression of an index. */
export interface IndexElement {
  readonly column: Identifier | null;
  readonly expression: Expression | null;
  readonly collation: string | null;
  readonly operatorClass: string | null;
  readonly descending: boolean;
  readonly nullsFirst: boolean | null;
  readonly span: Span;
}

export type PartitionStrategy = "range" | "list" | "hash";

export interface PartitionKey {
  readonly strategy: PartitionStrategy;
  readonly columns: readonly { readonly column: string | null; readonly expression: Expression | null }[];
}

/** FOR VALUES ... or DEFAULT. MINVALUE and MAXVALUE come as column references of that name, as the grammar gives them. */
export type PartitionBound =
  | { readonly kind: "default" }
  | { readonly kind: "list"; readonly values: readonly Expression[] }
  | { readonly kind: "range"; readonly from: readonly Expression[]; readonly to: readonly Expression[] }
  | { readonly kind: "hash"; readonly modulus: number; readonly remainder: number };

/** LIKE source INCLUDING ... in CREATE TABLE. */
export interface LikeClause {
  readonly table: QualifiedName;
  /** Upper-case words: DEFAULTS, CONSTRAINTS, INDEXES, GENERATED, IDENTITY, STATISTICS, STORAGE, COMMENTS, COMPRESSION, ALL. */
  readonly including: readonly string[];
}
