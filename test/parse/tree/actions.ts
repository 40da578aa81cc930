import type { Action } from "../../../src/model/action.ts";
import { isSet, nodeOf, structOf, textIn } from "../../../src/parse/postgres/tree.ts";
import { modelColumn, modelConstraint, treeColumn, treeConstraint } from "./columns.ts";
import { cut, name, relation, treeType } from "./names.ts";

export const subtypes: Record<Action["kind"], string> = {
  "add column": "AddColumn",
  "drop column": "DropColumn",
  "set default": "ColumnDefault",
  "drop default": "ColumnDefault",
  "set not null": "SetNotNull",
  "drop not null": "DropNotNull",
  "set expression": "SetExpression",
  "drop expression": "DropExpression",
  "add identity": "AddIdentity",
  "set identity": "SetIdentity",
  "drop identity": "DropIdentity",
  "set statistics": "SetStatistics",
  "set storage": "SetStorage",
  "set compression": "SetCompression",
  "set column options": "SetOptions",
  "reset column options": "ResetOptions",
  "alter column type": "AlterColumnType",
  "add constraint": "AddConstraint",
  "alter constraint": "AlterConstraint",
  "validate constraint": "ValidateConstraint",
  "drop constraint": "DropConstraint",
  "enable trigger": "EnableTrig",
  "disable trigger": "DisableTrig",
  "set options": "SetRelOptions",
  "reset options": "ResetRelOptions",
  "set access method": "SetAccessMethod",
  "set tablespace": "SetTableSpace",
  inherit: "AddInherit",
  "no inherit": "DropInherit",
  "replica identity": "ReplicaIdentity",
  "attach partition": "AttachPartition",
  "detach partition": "DetachPartition",
  "enable row security": "EnableRowSecurity",
  "disable row security": "DisableRowSecurity",
  "force row security": "ForceRowSecurity",
  "no force row security": "NoForceRowSecurity",
  "cluster on": "ClusterOn",
  "set without cluster": "DropCluster",
  "set logged": "SetLogged",
  "set unlogged": "SetUnLogged",
  "set without oids": "DropOids",
  "enable rule": "EnableRule",
  "disable rule": "DisableRule",
  "of type": "AddOf",
  "not of": "DropOf",
  "owner to": "ChangeOwner",
  "set foreign options": "GenericOptions",
};

/** Variants of one action that have subtypes of their own. */
export const merged: Record<string, string> = {
  EnableAlwaysTrig: "EnableTrig",
  EnableReplicaTrig: "EnableTrig",
  EnableTrigAll: "EnableTrig",
  EnableTrigUser: "EnableTrig",
  DisableTrigAll: "DisableTrig",
  DisableTrigUser: "DisableTrig",
  EnableAlwaysRule: "EnableRule",
  EnableReplicaRule: "EnableRule",
  DetachPartitionFinalize: "DetachPartition",
  AlterColumnGenericOptions: "SetOptions",
};

/** Actions of which the model keeps no name, or no IF EXISTS; a column of an index has a number in the tree. */
export const unnamed = new Set([
  "ClusterOn",
  "EnableRule",
  "DisableRule",
  "DropExpression",
  "DropIdentity",
  "SetStatistics",
]);

export function treeAction(value: unknown): unknown {
  const fields = nodeOf(value)?.fields ?? {};
  const subtype = textIn(fields, "subtype").slice("AT_".length);
  const kind = merged[subtype] ?? subtype;
  const def = nodeOf(fields.def);
  return {
    kind,
    name: unnamed.has(kind) ? "" : textIn(fields, "name"),
    column: kind === "AddColumn" ? treeColumn(fields.def) : null,
    type: kind === "AlterColumnType" ? treeType(structOf(def?.fields ?? {}, "typeName")) : null,
    constraint: kind === "AddConstraint" ? treeConstraint(fields.def) : null,
    cascade: textIn(fields, "behavior") === "DROP_CASCADE",
    missing: !unnamed.has(kind) && isSet(fields, "missing_ok"),
    partition: def?.tag === "PartitionCmd" ? relation(structOf(def.fields, "name")) : [],
  };
}

export function modelAction(action: Action): unknown {
  return {
    kind: subtypes[action.kind],
    name: unnamed.has(subtypes[action.kind]) ? "" : actionName(action),
    column: action.kind === "add column" ? modelColumn(action.column) : null,
    type: action.kind === "alter column type" ? { ...action.type, span: null } : null,
    constraint: action.kind === "add constraint" ? modelConstraint(action.constraint) : null,
    cascade: "cascade" in action && action.cascade,
    missing: action.kind === "add column" ? action.ifNotExists : "ifExists" in action && action.ifExists,
    partition: "partition" in action ? name(action.partition) : [],
  };
}

export function actionName(action: Action): string {
  if (action.kind === "add column" || action.kind === "add constraint") return "";
  if ("column" in action) return cut(action.column.name);
  if ("constraint" in action) return action.kind === "alter constraint" ? "" : cut(action.constraint.name);
  if ("tablespace" in action) return cut(action.tablespace.name);
  if ("method" in action) return cut(action.method);
  if ("trigger" in action && typeof action.trigger === "object") return cut(action.trigger.name);
  return "";
}
