import type {
  AlterAllInTablespace,
  AlterExtensionMember,
  AlterSettings,
  CallStatement,
  Cluster,
  CommentOn,
  CopyStatement,
  CreateExtension,
  CreateStatistics,
  DeclareCursor,
  DoBlock,
  Grant,
  LockTable,
  OtherStatement,
  Owned,
  Publication,
  QueryStatement,
  SetStatement,
  Transaction,
  Truncate,
  Vacuum,
} from "./commands.ts";
import type {
  AlterDomain,
  AlterEnum,
  AlterOwner,
  AlterSequence,
  AlterTable,
  AlterType,
  CreateDomain,
  CreateFunction,
  CreateIndex,
  CreateRule,
  CreateSequence,
  CreateTable,
  CreateTableAs,
  CreateTrigger,
  CreateType,
  CreateView,
  Drop,
  Policy,
  RefreshMaterializedView,
  Reindex,
  Rename,
  SetSchema,
} from "./definitions.ts";
import type { Identifier } from "./name.ts";
import type { DataChange } from "./query.ts";
import type { StatementBase } from "./statement-base.ts";

export type * from "./commands.ts";
export type * from "./definitions.ts";
export type { ObjectType, Persistence } from "./statement-base.ts";

export type Statement =
  | CreateTable
  | CreateTableAs
  | AlterTable
  | CreateIndex
  | Drop
  | Rename
  | SetSchema
  | AlterOwner
  | Reindex
  | CreateView
  | RefreshMaterializedView
  | CreateSequence
  | AlterSequence
  | CreateType
  | AlterEnum
  | AlterType
  | CreateDomain
  | AlterDomain
  | CreateFunction
  | CreateTrigger
  | CreateRule
  | Policy
  | Grant
  | CommentOn
  | Vacuum
  | Cluster
  | Truncate
  | LockTable
  | Transaction
  | SetStatement
  | AlterSettings
  | DoBlock
  | CallStatement
  | QueryStatement
  | DataChange
  | CopyStatement
  | DeclareCursor
  | Explain
  | Prepare
  | CreateExtension
  | CreateSchema
  | CreateStatistics
  | Publication
  | AlterExtensionMember
  | AlterAllInTablespace
  | Owned
  | OtherStatement;

export type StatementKind = Statement["kind"];
export type StatementOf<Kind extends StatementKind> = Extract<Statement, { readonly kind: Kind }>;

/** EXPLAIN, with the statement that it explains. */
export interface Explain extends StatementBase {
  readonly kind: "explain";
  readonly analyze: boolean;
  readonly statement: Statement;
}

/** PREPARE, with the statement that EXECUTE runs. */
export interface Prepare extends StatementBase {
  readonly kind: "prepare";
  readonly name: string;
  readonly statement: Statement;
}

/** CREATE SCHEMA, with the statements that it may hold. */
export interface CreateSchema extends StatementBase {
  readonly kind: "create schema";
  readonly schema: Identifier | null;
  readonly ifNotExists: boolean;
  readonly elements: readonly Statement[];
}
