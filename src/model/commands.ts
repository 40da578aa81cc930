import type { Span } from "../text/span.ts";
import type { Identifier, QualifiedName } from "./name.ts";
import type { DataChange, Query } from "./query.ts";
import type { ObjectType, StatementBase } from "./statement-base.ts";

export interface Grant extends StatementBase {
  readonly kind: "grant" | "revoke";
  /** `table` for relations; `all tables` for ALL TABLES IN SCHEMA, whose names are then schemas; `role` for memberships. */
  readonly object: ObjectType | "all tables" | "all sequences" | "all functions";
  readonly names: readonly QualifiedName[];
}

export interface CommentOn extends StatementBase {
  readonly kind: "comment";
  readonly object: ObjectType;
  /** The object, or the table that the column, constraint, trigger or policy belongs to. */
  readonly target: QualifiedName | null;
}

export interface Vacuum extends StatementBase {
  readonly kind: "vacuum" | "analyze";
  readonly full: boolean;
  readonly tables: readonly QualifiedName[];
}

export interface Cluster extends StatementBase {
  readonly kind: "cluster";
  readonly table: QualifiedName | null;
}

export interface Truncate extends StatementBase {
  readonly kind: "truncate";
  readonly tables: readonly QualifiedName[];
  readonly cascade: boolean;
  readonly restartIdentity: boolean;
}

export interface LockTable extends StatementBase {
  readonly kind: "lock";
  readonly tables: readonly QualifiedName[];
  readonly mode: import("./locks.ts").LockMode;
  readonly nowait: boolean;
}

export interface Transaction extends StatementBase {
  readonly kind: "transaction";
  readonly action:
    | "begin"
    | "commit"
    | "rollback"
    | "savepoint"
    | "release"
    | "rollback to"
    | "prepare"
    | "commit prepared"
    | "rollback prepared";
  readonly chain: boolean;
  readonly savepoint: string | null;
  /** Of BEGIN: whether READ ONLY (`on`) or READ WRITE (`off`) stands with it. */
  readonly access: "on" | "off" | null;
}

/** SET, SET LOCAL, RESET (value null) and RESET ALL / DISCARD ALL (name "all"). */
export interface SetStatement extends StatementBase {
  readonly kind: "set";
  /** Lower case; `timezone`, `session authorization`, `role`, `transaction isolation level` too. */
  readonly name: string;
  /** As text; null: RESET or TO DEFAULT. Lists are joined with ", ". */
  readonly value: string | null;
  readonly local: boolean;
}

/** ALTER ROLE / DATABASE ... SET. */
export interface AlterSettings extends StatementBase {
  readonly kind: "alter role set" | "alter database set";
  readonly target: string | null;
  readonly name: string;
  readonly value: string | null;
}

export interface DoBlock extends StatementBase {
  readonly kind: "do";
  readonly language: string;
  /** The text of the body, inside its quotes. */
  readonly body: Span;
}

export interface CallStatement extends StatementBase {
  readonly kind: "call";
  readonly call: import("./expression.ts").Call;
}

export interface QueryStatement extends StatementBase {
  readonly kind: "select";
  readonly query: Query;
}

/** DECLARE name CURSOR FOR query. */
export interface DeclareCursor extends StatementBase {
  readonly kind: "declare cursor";
  readonly query: Query;
}

export interface CopyStatement extends StatementBase {
  readonly kind: "copy";
  readonly table: QualifiedName | null;
  readonly columns: readonly Identifier[];
  readonly direction: "from" | "to";
  readonly query: Query | DataChange | null;
}

export interface CreateExtension extends StatementBase {
  readonly kind: "create extension";
  readonly name: Identifier;
  readonly schema: Identifier | null;
}

export interface CreateStatistics extends StatementBase {
  readonly kind: "create statistics";
  readonly name: QualifiedName | null;
  readonly table: QualifiedName | null;
}

export interface Publication extends StatementBase {
  readonly kind: "create publication" | "alter publication";
  readonly name: Identifier;
  readonly tables: readonly QualifiedName[];
}

export interface AlterExtensionMember extends StatementBase {
  readonly kind: "alter object depends";
  readonly object: ObjectType;
  readonly target: QualifiedName | null;
}

/** ALTER TABLE / INDEX / MATERIALIZED VIEW ALL IN TABLESPACE. */
export interface AlterAllInTablespace extends StatementBase {
  readonly kind: "alter all in tablespace";
  readonly object: "table" | "index" | "materialized view";
  readonly from: string;
  readonly to: string;
}

/** DROP OWNED BY and REASSIGN OWNED BY. */
export interface Owned extends StatementBase {
  readonly kind: "drop owned" | "reassign owned";
  readonly cascade: boolean;
}

/**
 * What is valid and named but changes nothing that the analysis follows (CREATE ROLE, CREATE OPERATOR,
 * NOTIFY, ...). `command` is PostgreSQL's command tag in lower case: `create role`.
 */
export interface OtherStatement extends StatementBase {
  readonly kind: "other";
  readonly command: string;
}
