import type {
  AlterAllInTablespace,
  AlterExtensionMember,
  AlterSettings,
  CallStatement,
  Cluster,
  CommentOn,
  CopyStatement,
  CreateExtension,
  CreateSchema,
  CreateStatistics,
  DeclareCursor,
  DoBlock,
  Explain,
  Grant,
  LockTable,
  OtherStatement,
  Owned,
  Prepare,
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
import type { DataChange } from "./query.ts";

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
