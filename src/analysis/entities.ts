import type { ColumnAction } from "../model/action.ts";
import type { Called, Expression } from "../model/expression.ts";
import type { TypeDescription, TypeName } from "../model/name.ts";
import type { OwnSetting, Parameter, Persistence } from "../model/statement.ts";
import type { PartitionBound, PartitionKey, ReferentialAction } from "../model/table.ts";
import type { SequenceRange } from "./sequence-range.ts";
import type { KeptNames, PartUse, Policy, Publishing, Statistics, Trigger, ViewHook } from "./table-parts.ts";

export type { Publishing, Statistics, Trigger } from "./table-parts.ts";

/**
 * When something came to be: the unit (file or changeset) and the transaction within the run, both counted from 0 by the
 * engine. Two origins with the same `unit` are the same file; with the same `transaction`, one transaction.
 */
export interface Origin {
  readonly unit: number;
  readonly transaction: number;
  /** What is deployed together; without `--since` each unit is its own release. */
  readonly release: number;
}

interface EntityBase {
  /** An identity that survives renames and moves to another schema. */
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  /** Null: nobody in the history created it, so it was there before. */
  readonly origin: Origin | null;
  /** False for CREATE ... IF NOT EXISTS where the history does not know it: it may be older than it looks. */
  readonly isCertainlyNew: boolean;
}

export interface Column {
  readonly id: number;
  readonly name: string;
  /** Null: the history does not tell. Serial types come as their integer type. */
  readonly type: TypeDescription | null;
  readonly collation: string | null;
  /** NOT NULL in force: `valid`, or (18) declared NOT VALID. */
  readonly notNull: "valid" | "not valid" | "no" | "unknown";
  /** Null: none. */
  readonly default: Expression | null;
  readonly generated: "stored" | "virtual" | null;
  /** The columns that a generated column computes from, and the functions that it calls. */
  readonly generatedFrom: readonly string[];
  readonly calls?: readonly Called[];
  readonly identity: boolean;
  /** GENERATED ALWAYS AS IDENTITY; missing where the history does not tell. */
  readonly isAlways?: boolean;
  /** The table has it from a parent alone: it goes with the parent's. Missing: declared by the table itself, or not known. */
  readonly isInherited?: boolean;
  /** `GENERATED ... AS IDENTITY (...)` as written; empty or missing where that is not all that was said of it. */
  readonly identityText?: string;
  /** The literal of its COMMENT ON COLUMN, as written; null or missing where the history has none. */
  readonly comment?: string | null;
  /** What ALTER COLUMN has set of its statistics, storage, compression and options, as written and in order. */
  readonly settings?: readonly ColumnSetting[];
  /** Who has rights on this very column: `select readers`. Empty or missing where nobody is known to. */
  readonly rights?: readonly string[];
  readonly origin: Origin | null;
}

export interface ColumnSetting {
  readonly kind: ColumnAction["kind"];
  /** `SET STATISTICS 500` */
  readonly text: string;
}

interface TableConstraintBase {
  readonly name: string;
  /** Whether every row is known to obey it; false after NOT VALID until VALIDATE. */
  readonly validated: boolean;
  readonly enforced: boolean;
  readonly noInherit: boolean;
  /** Whether its check can wait for the end of the transaction, and whether it does so unless told otherwise; missing: no. */
  readonly deferrable?: boolean;
  readonly deferred?: boolean;
  readonly origin: Origin | null;
  /** The literal of its COMMENT ON CONSTRAINT, as written. */
  readonly comment?: string | null;
  /** What stood behind `CONSTRAINT name`, as written: names in it may have changed since. Of a column's own: without the column. */
  readonly definition?: string;
}

export type TableConstraint =
  | (TableConstraintBase & {
      readonly kind: "check";
      readonly expression: Expression;
      readonly columns: readonly string[];
    })
  | (TableConstraintBase & { readonly kind: "not null"; readonly columns: readonly string[] })
  /** Its index has the constraint's name. */
  | (TableConstraintBase & { readonly kind: "unique" | "primary key"; readonly columns: readonly string[] })
  | (TableConstraintBase & { readonly kind: "exclusion"; readonly columns: readonly string[] })
  | (TableConstraintBase & {
      readonly kind: "foreign key";
      readonly columns: readonly string[];
      /** The referenced table: its id where the history knows it. */
      readonly references: {
        readonly id: number | null;
        readonly schema: string | null;
        readonly name: string;
      };
      readonly referencedColumns: readonly string[];
      /** The index of the referenced table that the server took for it; null where the history does not tell. */
      readonly restsOn: number | null;
      readonly onDelete: ReferentialAction;
      readonly onUpdate: ReferentialAction;
    });

export interface Table extends EntityBase {
  readonly kind: "table" | "foreign table";
  readonly persistence: Persistence;
  readonly columns: readonly Column[];
  /** Whether `columns` and `constraints` are all there are; false for tables that the history did not create. */
  readonly isComplete: boolean;
  readonly constraints: readonly TableConstraint[];
  /** Null: not partitioned. */
  readonly partitionBy: PartitionKey | null;
  /** Of a partition: its parent's id and the bound; `detachPending` after an interrupted DETACH CONCURRENTLY is not known here. */
  readonly partitionOf: { readonly parent: number; readonly bound: PartitionBound | null } | null;
  /** Ids of the tables that it inherits from (without partitioning). */
  readonly inherits: readonly number[];
  readonly rowSecurity: boolean;
  readonly policies: readonly Policy[];
  readonly triggers: readonly Trigger[];
  /** Whether all are disabled, those of foreign keys too: changes of rows go unchecked. */
  readonly isUnchecked?: boolean;
  /** Names of its rules (CREATE RULE). */
  readonly rules: readonly string[];
  /** What its rules read, and what its policies read of other tables. */
  readonly uses?: readonly PartUse[];
  /** The publications that name it. */
  readonly publications?: readonly Publishing[];
  /** Extended statistics on it, and the columns that these name. */
  readonly statistics?: readonly Statistics[];
  /** The index that tells its rows apart for replication (REPLICA IDENTITY USING INDEX), by id. */
  readonly identityIndex?: number | null;
  /** REPLICA IDENTITY FULL and NOTHING. */
  readonly identity?: "full" | "nothing" | undefined;
  /** Of a foreign table. */
  readonly server?: string;
  /** The composite type that it is made of (CREATE TABLE ... OF), by id. */
  readonly ofType?: number | undefined;
}

/** What an index says of one of its keys. */
export interface KeyForm {
  readonly collation: string | null;
  readonly operatorClass: string | null;
}

export interface Index extends EntityBase {
  readonly kind: "index";
  readonly table: number;
  readonly unique: boolean;
  readonly method: string;
  /** Key columns in order; null where an expression stands. */
  readonly keys: readonly (string | null)[];
  readonly including: readonly string[];
  /** The columns that expressions and the predicate read. */
  readonly expressionColumns: readonly string[];
  readonly predicateColumns: readonly string[];
  readonly hasExpression: boolean;
  readonly isPartial: boolean;
  /** Whether its keys have the order, collation and operator class that nobody has to name. */
  readonly hasPlainKeys: boolean;
  /** Of keys with a collation or operator class of their own; empty where all have those that nobody has to name. */
  readonly keyForms: readonly KeyForm[];
  /** The expressions among its keys, in order; column references are bare names. */
  readonly expressions: readonly Expression[];
  readonly predicate: Expression | null;
  /** The constraint that owns it, if one does. */
  readonly constraint: string | null;
  /** False for ON ONLY of a partitioned table until every partition's index is attached. */
  readonly isValid: boolean;
  readonly partitionOf: number | null;
  /** The literal of its COMMENT ON INDEX, as written. */
  readonly comment?: string | null;
  /** What stood behind the table's name in CREATE INDEX, as written: names in it may have changed since. */
  readonly definition?: string;
}

export interface View extends EntityBase {
  readonly kind: "view" | "materialized view";
  /** Relations that the query reads, by id where known. */
  readonly reads: readonly {
    readonly id: number | null;
    readonly schema: string | null;
    readonly name: string;
  }[];
  /** Columns that the query names, as `table id`.`column`; null: could not be told (then every column of `reads` counts). */
  readonly columns: readonly { readonly table: number; readonly column: string }[] | null;
  /** The columns that it offers, in order; null: could not be told. */
  readonly outputs: readonly string[] | null;
  /** The functions that the query calls. */
  readonly calls?: readonly Called[];
  /** The tables, by id, whose primary key its GROUP BY rests on; missing: none. */
  readonly keys?: readonly number[];
  /** Their types, as far as they can be told. */
  readonly outputTypes?: readonly (TypeDescription | null)[];
  readonly withData: boolean;
  /** Rows can be written through it only if somebody says how. */
  readonly isReadOnly?: boolean;
  /** Its rules and INSTEAD OF triggers, which say so; missing: none. */
  readonly hooks?: readonly ViewHook[];
}

export interface Sequence extends EntityBase {
  readonly kind: "sequence";
  readonly ownedBy: { readonly table: number; readonly column: string } | null;
  /** Whether it was made for an identity column, and not only given to one. */
  readonly isIdentity?: true;
  /** Missing where the history does not tell, and of identity columns: their type may change. */
  readonly range?: SequenceRange;
}

export type Relation = Table | Index | View | Sequence;

export interface UserType extends EntityBase {
  readonly kind: "enum" | "domain" | "composite" | "range" | "base";
  /** Enum labels in order, each with its origin (null: from CREATE TYPE). */
  readonly labels: readonly { readonly name: string; readonly origin: Origin | null }[];
  /** Of a composite: its attributes in order; missing where they are not known. */
  readonly attributes?: readonly { readonly name: string; readonly type: TypeName }[];
  /** Of a domain. */
  readonly base: TypeName | null;
  readonly notNull: boolean;
  readonly default: Expression | null;
  readonly constraints: readonly {
    readonly name: string;
    readonly expression: Expression;
    readonly validated: boolean;
  }[];
}

export interface UserFunction extends EntityBase {
  readonly kind: "function" | "procedure";
  readonly volatility: "volatile" | "stable" | "immutable";
  readonly language: string;
  readonly argumentCount: number;
  /** Whether another of as many arguments, of other types, stood in its place before: it may still be there. */
  readonly hasTwin?: true;
  readonly parameters: readonly Parameter[];
  /** Whether it returns `trigger` or `event_trigger`: then nobody can call it. */
  readonly isTrigger: boolean;
  /** The text of its body where the history has it: for inlining, and for bodies that a migration calls. */
  readonly body: string | null;
  /** Whether a drop may have taken it: of several that it could have meant, or with what it was made for. */
  readonly isDoubted?: true;
  /** What a body without quotes reads, which cannot go without the function; missing: its body is a text. */
  readonly keeps?: KeptNames;
  readonly isStrict: boolean;
  /** Its arguments that are handed in, and what it returns. */
  readonly argumentTypes: readonly TypeDescription[];
  readonly returns: TypeDescription | null;
  /** What OUT and INOUT arguments give back, and the columns of RETURNS TABLE; missing: none. */
  readonly outputs?: readonly { readonly name: string | null; readonly type: TypeDescription }[];
  /** Whether it has settings or rights of its own: then its body never takes the place of a call. */
  readonly isGuarded: boolean;
  /** What SET of its own gives while it runs, where it says so; missing where it has none. */
  readonly settings?: readonly OwnSetting[];
}

/** Whether rules and INSTEAD OF triggers of the view say what is done with rows. */
export function isWrittenByHooks({ hooks = [] }: View): boolean {
  return hooks.length > 0;
}

/** Whether it is there and has columns of its own: a table, partitioned or not, or a foreign table. */
export function isTable(relation: Relation | null | undefined): relation is Table {
  return relation?.kind === "table" || relation?.kind === "foreign table";
}
