import type { Statement } from "../../model/statement.ts";
import * as read from "../locate.ts";

/** The statements that hold no expression and no query: their tokens tell all. */
export const plainReaders = new Map<string, (at: read.Cursor) => Statement>([
  ["DropStmt", read.readDropStatement],
  ["DropdbStmt", read.readDropStatement],
  ["DropRoleStmt", read.readDropStatement],
  ["DropTableSpaceStmt", read.readDropStatement],
  ["DropSubscriptionStmt", read.readDropStatement],
  ["RenameStmt", read.readRename],
  ["AlterObjectSchemaStmt", read.readSetSchema],
  ["AlterOwnerStmt", read.readAlterOwner],
  ["AlterObjectDependsStmt", read.readDepends],
  ["CommentStmt", read.readComment],
  ["RefreshMatViewStmt", read.readRefresh],
  ["CreateSeqStmt", read.readCreateSequence],
  ["AlterSeqStmt", read.readAlterSequence],
  ["CreateEnumStmt", readTypeWithoutExpressions],
  ["CreateRangeStmt", readTypeWithoutExpressions],
  ["AlterEnumStmt", read.readAlterEnum],
  ["AlterTypeStmt", read.readAlterType],
  ["CreateFunctionStmt", read.readCreateFunction],
  ["DoStmt", read.readDo],
  ["RuleStmt", read.readCreateRule],
  ["CreateExtensionStmt", read.readCreateExtension],
  ["CreateStatsStmt", read.readCreateStatistics],
  ["CreatePublicationStmt", read.readPublication],
  ["AlterPublicationStmt", read.readPublication],
  ["GrantStmt", read.readGrant],
  ["GrantRoleStmt", read.readGrant],
  ["VariableSetStmt", read.readSet],
  ["DiscardStmt", read.readSet],
  ["TransactionStmt", read.readTransaction],
  ["ReindexStmt", read.readReindex],
  ["VacuumStmt", read.readVacuum],
  ["ClusterStmt", read.readCluster],
  ["TruncateStmt", read.readTruncate],
  ["LockStmt", read.readLock],
  ["AlterTableMoveAllStmt", read.readMoveAll],
  ["DropOwnedStmt", read.readOwned],
  ["ReassignOwnedStmt", read.readOwned],
]);

function readTypeWithoutExpressions(at: read.Cursor): Statement {
  return read.readCreateType(at, read.noValues);
}
