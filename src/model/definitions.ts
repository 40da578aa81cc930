import type { Span } from "../text/span.ts";
import type { Action } from "./action.ts";
import type { Expression } from "./expression.ts";
import type { Clause, Identifier, QualifiedName, TypeName } from "./name.ts";
import type { Query } from "./query.ts";
import type { ObjectType, Persistence, StatementBase } from "./statement-base.ts";
import type {
  ColumnDefinition,
  Constraint,
  IndexElement,
  LikeClause,
  PartitionBound,
  PartitionKey,
} from "./table.ts";

export interface CreateTable extends StatementBase {
  readonly kind: "create table";
  readonly table: QualifiedName;
  readonly persistence: Persistence;
  readonly ifNotExists: boolean;
  readonly isForeign: boolean;
  readonly columns: readonly ColumnDefinition[];
  /** Table constraints; those of a column stand with the column. */
  readonly constraints: readonly Constraint[];
  readonly likes: readonly LikeClause[];
  readonly inherits: readonly QualifiedName[];
  /** CREATE TABLE ... OF a composite type. */
  readonly ofType: QualifiedName | null;
  /** CREATE TABLE ... PARTITION OF parent. */
  readonly partitionOf: { readonly parent: QualifiedName; readonly bound: PartitionBound } | null;
  readonly partitionBy: PartitionKey | null;
}

/** CREATE TABLE AS, SELECT INTO and CREATE MATERIALIZED VIEW. */
export interface CreateTableAs extends StatementBase {
  readonly kind: "create table as";
  readonly table: QualifiedName;
  readonly object: "table" | "materialized view";
  readonly persistence: Persistence;
  readonly ifNotExists: boolean;
  readonly columns: readonly string[];
  /** Null for AS EXECUTE. */
  readonly query: Query | null;
  readonly withData: boolean;
}

export interface AlterTable extends StatementBase {
  readonly kind: "alter table";
  readonly object: "table" | "index" | "view" | "materialized view" | "sequence" | "foreign table" | "type";
  readonly table: QualifiedName;
  readonly only: boolean;
  readonly ifExists: boolean;
  readonly actions: readonly Action[];
}

export interface CreateIndex extends StatementBase {
  readonly kind: "create index";
  /** Null where the server chooses. */
  readonly index: Identifier | null;
  readonly table: QualifiedName;
  readonly only: boolean;
  readonly unique: boolean;
  readonly concurrently: boolean;
  readonly ifNotExists: boolean;
  readonly method: string;
  readonly elements: readonly IndexElement[];
  readonly including: readonly Identifier[];
  readonly nullsNotDistinct: boolean;
  readonly where: Clause<Expression> | null;
  readonly tablespace: Identifier | null;
}

export interface Drop extends StatementBase {
  readonly kind: "drop";
  readonly object: ObjectType;
  readonly names: readonly QualifiedName[];
  /** DROP TRIGGER / POLICY / RULE name ON table. */
  readonly on: QualifiedName | null;
  readonly ifExists: boolean;
  readonly cascade: boolean;
  readonly concurrently: boolean;
}

export interface Rename extends StatementBase {
  readonly kind: "rename";
  readonly object: ObjectType;
  /** The object itself, or for columns, constraints, triggers and policies the table that it belongs to. */
  readonly target: QualifiedName;
  /** The old name of a column, constraint, trigger, policy, rule, attribute or enum value; null where `target` is renamed. */
  readonly part: Identifier | null;
  readonly to: Identifier;
  readonly ifExists: boolean;
}

export interface SetSchema extends StatementBase {
  readonly kind: "set schema";
  readonly object: ObjectType;
  readonly target: QualifiedName;
  readonly to: Identifier;
  readonly ifExists: boolean;
}

/** ALTER ... OWNER TO of anything but a relation (those are actions of ALTER TABLE). */
export interface AlterOwner extends StatementBase {
  readonly kind: "alter owner";
  readonly object: ObjectType;
  readonly target: QualifiedName;
}

export interface Reindex extends StatementBase {
  readonly kind: "reindex";
  readonly object: "index" | "table" | "schema" | "database" | "system";
  /** Null for REINDEX DATABASE or SYSTEM without a name. */
  readonly target: QualifiedName | null;
  readonly concurrently: boolean;
}

export interface CreateView extends StatementBase {
  readonly kind: "create view";
  readonly view: QualifiedName;
  readonly orReplace: boolean;
  readonly persistence: Persistence;
  readonly columns: readonly string[];
  readonly query: Query;
}

export interface RefreshMaterializedView extends StatementBase {
  readonly kind: "refresh materialized view";
  readonly view: QualifiedName;
  readonly concurrently: boolean;
  readonly withData: boolean;
}

export interface CreateSequence extends StatementBase {
  readonly kind: "create sequence";
  readonly sequence: QualifiedName;
  readonly ifNotExists: boolean;
  readonly persistence: Persistence;
  readonly ownedBy: { readonly table: QualifiedName; readonly column: string } | null;
}

export interface AlterSequence extends StatementBase {
  readonly kind: "alter sequence";
  readonly sequence: QualifiedName;
  readonly ifExists: boolean;
  /** Lower-case words: restart, increment, cache, owned by, as, minvalue, maxvalue, cycle, start. */
  readonly options: readonly string[];
  readonly ownedBy: { readonly table: QualifiedName; readonly column: string } | "none" | null;
}

export interface CreateType extends StatementBase {
  readonly kind: "create type";
  readonly type: QualifiedName;
  readonly form: "enum" | "composite" | "range" | "base" | "shell";
  readonly values: readonly string[];
  readonly attributes: readonly ColumnDefinition[];
}

export interface AlterEnum extends StatementBase {
  readonly kind: "alter enum";
  readonly type: QualifiedName;
  readonly action: "add value" | "rename value";
  readonly value: string;
  readonly newName: string | null;
  readonly ifNotExists: boolean;
  readonly position: { readonly before: boolean; readonly neighbour: string } | null;
}

/** ALTER TYPE of a composite type (ADD, DROP, ALTER ATTRIBUTE) and of base types. */
export interface AlterType extends StatementBase {
  readonly kind: "alter type";
  readonly type: QualifiedName;
  readonly cascade: boolean;
}

export interface CreateDomain extends StatementBase {
  readonly kind: "create domain";
  readonly domain: QualifiedName;
  readonly type: TypeName;
  readonly default: Clause<Expression> | null;
  readonly notNull: boolean;
  readonly constraints: readonly Constraint[];
}

export interface AlterDomain extends StatementBase {
  readonly kind: "alter domain";
  readonly domain: QualifiedName;
  readonly action:
    | "add constraint"
    | "drop constraint"
    | "validate constraint"
    | "set not null"
    | "drop not null"
    | "set default"
    | "drop default";
  readonly constraint: Constraint | null;
  readonly name: Identifier | null;
  readonly cascade: boolean;
}

/** An argument that is handed in. */
export interface Parameter {
  readonly name: string | null;
  /** The string that is its default, if it is one. */
  readonly fallback: string | null;
  /** Whether it has a default at all. */
  readonly isOptional: boolean;
}

export interface CreateFunction extends StatementBase {
  readonly kind: "create function";
  readonly function: QualifiedName;
  readonly isProcedure: boolean;
  readonly orReplace: boolean;
  readonly language: string;
  readonly volatility: "volatile" | "stable" | "immutable";
  readonly isStrict: boolean;
  readonly argumentTypes: readonly TypeName[];
  /** The same arguments as the body sees them. */
  readonly parameters: readonly Parameter[];
  /** What OUT and INOUT arguments give back, and the columns of RETURNS TABLE. */
  readonly outputs: readonly { readonly name: string | null; readonly type: TypeName }[];
  readonly returns: TypeName | null;
  /** The quoted body: where its text lies inside the quotes. Null for BEGIN ATOMIC and C functions. */
  readonly body: Span | null;
  /** SET of the function itself, such as `search_path`. */
  readonly settings: readonly OwnSetting[];
}

/** A setting that holds while a routine runs; null: the default, or FROM CURRENT. */
export interface OwnSetting {
  readonly name: string;
  readonly value: string | null;
}

export interface CreateTrigger extends StatementBase {
  readonly kind: "create trigger";
  readonly name: Identifier;
  readonly table: QualifiedName;
  readonly orReplace: boolean;
  readonly isConstraint: boolean;
  readonly timing: "before" | "after" | "instead of";
  readonly events: readonly ("insert" | "update" | "delete" | "truncate")[];
  readonly columns: readonly Identifier[];
  readonly forEachRow: boolean;
  readonly when: Expression | null;
  readonly function: readonly string[];
  /** CREATE CONSTRAINT TRIGGER ... FROM referenced table. */
  readonly from: QualifiedName | null;
}

export interface CreateRule extends StatementBase {
  readonly kind: "create rule";
  readonly name: Identifier;
  readonly table: QualifiedName;
  readonly orReplace: boolean;
}

export interface Policy extends StatementBase {
  readonly kind: "create policy" | "alter policy";
  readonly name: Identifier;
  readonly table: QualifiedName;
  readonly using: Expression | null;
  readonly withCheck: Expression | null;
}
