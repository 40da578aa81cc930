import type { Action } from "../../src/model/action.ts";
import type { QualifiedName } from "../../src/model/name.ts";
import type { Statement } from "../../src/model/statement.ts";
import type { ColumnDefinition, Constraint } from "../../src/model/table.ts";
import { createLowering } from "../../src/parse/postgres/lowering.ts";
import {
  type Fields,
  fieldsOf,
  isSet,
  itemsOf,
  listOf,
  nodeOf,
  numberIn,
  stringOf,
  structOf,
  type TreeNode,
  textIn,
} from "../../src/parse/postgres/tree.ts";
import { constantText, lowerType } from "../../src/parse/postgres/types.ts";
import { truncateName } from "../../src/sql/names.ts";

/**
 * What the readers of tokens and PostgreSQL's tree both tell of a statement, from each of the two: equal, or one of them is
 * wrong. Null for kinds of which the tree tells nothing that the tokens tell too.
 */
export function compareWithTree(
  node: TreeNode,
  statement: Statement,
): { tree: unknown; model: unknown } | null {
  const { fields } = node;
  const pair = (tree: unknown, model: unknown) => ({ tree, model });
  switch (statement.kind) {
    case "create table": {
      const table = structOf(fields, "base_stmt") ?? structOf(fields, "base") ?? fields;
      const elements = listOf(table, "tableElts");
      return pair(
        [
          relation(structOf(table, "relation")),
          persistence(structOf(table, "relation")),
          isSet(table, "if_not_exists"),
          elements.filter((each) => nodeOf(each)?.tag === "ColumnDef").map(treeColumn),
          elements.filter((each) => nodeOf(each)?.tag === "Constraint").map(treeConstraint),
          elements.filter((each) => nodeOf(each)?.tag === "TableLikeClause").length,
          listOf(table, "inhRelations").map((each) => relation(fieldsOf(each, "RangeVar"))),
        ],
        [
          name(statement.table),
          statement.persistence,
          statement.ifNotExists,
          statement.columns.map(modelColumn),
          statement.constraints.map(modelConstraint),
          statement.likes.length,
          statement.partitionOf === null
            ? statement.inherits.map(name)
            : [name(statement.partitionOf.parent)],
        ],
      );
    }
    case "alter table":
      return pair(
        [
          relation(structOf(fields, "relation")),
          !isSet(structOf(fields, "relation") ?? {}, "inh"),
          isSet(fields, "missing_ok"),
          listOf(fields, "cmds").map(treeAction),
        ],
        [name(statement.table), statement.only, statement.ifExists, statement.actions.map(modelAction)],
      );
    case "create index":
      return pair(
        [
          textIn(fields, "idxname"),
          relation(structOf(fields, "relation")),
          !isSet(structOf(fields, "relation") ?? {}, "inh"),
          ["unique", "concurrent", "if_not_exists", "nulls_not_distinct"].map((flag) => isSet(fields, flag)),
          textIn(fields, "accessMethod"),
          textIn(fields, "tableSpace"),
          listOf(fields, "indexParams").map((each) => treeElement(nodeOf(each)?.fields ?? {})),
          listOf(fields, "indexIncludingParams").map((each) => textIn(nodeOf(each)?.fields ?? {}, "name")),
          fields.whereClause !== undefined,
        ],
        [
          cut(statement.index?.name),
          name(statement.table),
          statement.only,
          [statement.unique, statement.concurrently, statement.ifNotExists, statement.nullsNotDistinct],
          statement.method,
          cut(statement.tablespace?.name),
          statement.elements.map((each) => [
            cut(each.column?.name),
            each.expression !== null,
            each.collation ?? "",
            each.operatorClass ?? "",
            each.descending,
            each.nullsFirst,
          ]),
          statement.including.map((each) => cut(each.name)),
          statement.where !== null,
        ],
      );
    case "insert":
    case "update":
    case "delete": {
      const returning = fields.returningClause !== undefined || fields.returningList !== undefined;
      const target = structOf(fields, "relation");
      const conflict = structOf(fields, "onConflictClause");
      const columns = statement.kind === "insert" ? listOf(fields, "cols") : listOf(fields, "targetList");
      const assigned =
        statement.kind === "delete" ? [] : statement.assignments.map((each) => cut(each.column.name));
      return pair(
        [
          relation(target),
          textIn(structOf(target ?? {}, "alias") ?? {}, "aliasname"),
          returning,
          columns.map(targetName),
          (conflict === null ? [] : listOf(conflict, "targetList")).map(targetName),
          listOf(structOf(fields, "withClause") ?? {}, "ctes").map((each) =>
            textIn(nodeOf(each)?.fields ?? {}, "ctename"),
          ),
        ],
        [
          name(statement.table),
          cut(statement.alias),
          statement.isReturning,
          statement.kind === "insert" ? statement.columns.map((each) => cut(each.name)) : assigned,
          statement.kind === "insert" ? assigned : [],
          statement.with.map((each) => cut(each.name)),
        ],
      );
    }
    case "drop":
      if (node.tag !== "DropStmt" || ["operator", "cast", "other"].includes(statement.object)) return null;
      return pair(
        [
          listOf(fields, "objects").map((each) => objectName(each, statement.on !== null)),
          isSet(fields, "missing_ok"),
          textIn(fields, "behavior") === "DROP_CASCADE",
          isSet(fields, "concurrent"),
          `OBJECT_${statement.object.replaceAll(" ", "").toUpperCase()}`,
        ],
        [
          statement.names.map((each) =>
            statement.on === null ? name(each) : [...name(statement.on), cut(each.name.name)],
          ),
          statement.ifExists,
          statement.cascade,
          statement.concurrently,
          textIn(fields, "removeType")
            .replaceAll("_", "")
            .replace("OBJECT", "OBJECT_")
            .replace("MATVIEW", "MATERIALIZEDVIEW")
            .replace("STATISTICEXT", "STATISTICS")
            .replace("FOREIGNSERVER", "SERVER"),
        ],
      );
    case "rename": {
      const target = structOf(fields, "relation");
      if (target === null) return pair([textIn(fields, "newname")], [cut(statement.to.name)]);
      return pair(
        [relation(target), textIn(fields, "subname"), textIn(fields, "newname"), isSet(fields, "missing_ok")],
        [name(statement.target), cut(statement.part?.name), cut(statement.to.name), statement.ifExists],
      );
    }
    case "create view":
      return pair(
        [
          relation(structOf(fields, "view")),
          persistence(structOf(fields, "view")),
          isSet(fields, "replace"),
          listOf(fields, "aliases").map(stringOf),
        ],
        [name(statement.view), statement.persistence, statement.orReplace, statement.columns.map(cut)],
      );
    case "create table as": {
      const into = structOf(fields, "into") ?? structOf(fields, "intoClause");
      if (into === null) return null;
      return pair(
        [
          relation(structOf(into, "rel")),
          persistence(structOf(into, "rel")),
          isSet(fields, "if_not_exists"),
          !isSet(into, "skipData"),
          listOf(into, "colNames").map(stringOf),
        ],
        [
          name(statement.table),
          statement.persistence,
          statement.ifNotExists,
          statement.withData,
          statement.columns.map(cut),
        ],
      );
    }
    case "create function":
      return pair(treeFunction(fields), [
        name(statement.function),
        statement.orReplace,
        statement.isProcedure,
        statement.argumentTypes.map(({ span, ...type }) => type),
        statement.returns === null || statement.returns.name === "record"
          ? null
          : { ...statement.returns, span: null },
        statement.language,
        statement.volatility,
        statement.isStrict,
        statement.settings,
      ]);
    case "create trigger":
      return pair(
        [
          textIn(fields, "trigname"),
          relation(structOf(fields, "relation")),
          isSet(fields, "replace"),
          isSet(fields, "isconstraint"),
          isSet(fields, "row"),
          listOf(fields, "funcname").map(stringOf),
          listOf(fields, "columns").map(stringOf),
          numberIn(fields, "events"),
          numberIn(fields, "timing"),
        ],
        [
          cut(statement.name.name),
          name(statement.table),
          statement.orReplace,
          statement.isConstraint,
          statement.forEachRow,
          statement.function.map(cut),
          statement.columns.map((each) => cut(each.name)),
          statement.events.reduce(
            (sum, each) => sum | { insert: 4, delete: 8, update: 16, truncate: 32 }[each],
            0,
          ),
          { before: 2, after: 0, "instead of": 64 }[statement.timing],
        ],
      );
    case "create type":
      if (statement.form === "enum") return pair(listOf(fields, "vals").map(stringOf), statement.values);
      return pair(listOf(fields, "coldeflist").map(treeColumn), statement.attributes.map(modelColumn));
    case "alter enum":
      return pair(
        [
          textIn(fields, "oldVal"),
          textIn(fields, "newVal"),
          textIn(fields, "newValNeighbor"),
          isSet(fields, "skipIfNewValExists"),
        ],
        statement.action === "rename value"
          ? [statement.value, statement.newName, "", false]
          : ["", statement.value, statement.position?.neighbour ?? "", statement.ifNotExists],
      );
    case "create domain":
      return pair(
        [
          treeType(structOf(fields, "typeName")),
          listOf(fields, "constraints")
            .filter((each) => ["CONSTR_CHECK"].includes(textIn(nodeOf(each)?.fields ?? {}, "contype")))
            .map(treeConstraint),
        ],
        [{ ...statement.type, span: null }, statement.constraints.map(modelConstraint)],
      );
    case "lock":
      return pair(
        [
          listOf(fields, "relations").map((each) => relation(fieldsOf(each, "RangeVar"))),
          numberIn(fields, "mode"),
          isSet(fields, "nowait"),
        ],
        [statement.tables.map(name), lockNumbers.indexOf(statement.mode) + 1, statement.nowait],
      );
    case "truncate":
      return pair(
        [
          listOf(fields, "relations").map((each) => relation(fieldsOf(each, "RangeVar"))),
          isSet(fields, "restart_seqs"),
          textIn(fields, "behavior") === "DROP_CASCADE",
        ],
        [statement.tables.map(name), statement.restartIdentity, statement.cascade],
      );
    case "grant":
    case "revoke":
      if (
        node.tag !== "GrantStmt" ||
        ["OBJECT_LARGEOBJECT", "OBJECT_PARAMETER_ACL"].includes(textIn(fields, "objtype"))
      )
        return null;
      return pair(
        listOf(fields, "objects").map((each) => objectName(each, false)),
        statement.names.map(name),
      );
    case "set":
      return node.tag === "VariableSetStmt"
        ? pair(treeSetting(fields), modelSetting(statement.name, statement.value))
        : null;
    case "transaction":
      return pair(
        [textIn(fields, "kind"), isSet(fields, "chain"), textIn(fields, "savepoint_name")],
        [
          transactionKind(statement.action, textIn(fields, "kind")),
          statement.chain,
          cut(statement.savepoint),
        ],
      );
    case "vacuum":
    case "analyze":
      return pair(
        listOf(fields, "rels").map((each) => relation(structOf(nodeOf(each)?.fields ?? {}, "relation"))),
        statement.tables.map(name),
      );
    case "create sequence":
    case "alter sequence":
      return pair(relation(structOf(fields, "sequence")), name(statement.sequence));
    case "create policy":
    case "alter policy":
      return pair(
        [
          textIn(fields, "policy_name"),
          relation(structOf(fields, "table")),
          fields.qual !== undefined,
          fields.with_check !== undefined,
        ],
        [
          cut(statement.name.name),
          name(statement.table),
          statement.using !== null,
          statement.withCheck !== null,
        ],
      );
    case "copy":
      return pair(
        [
          relation(structOf(fields, "relation")),
          isSet(fields, "is_from"),
          listOf(fields, "attlist").map(stringOf),
        ],
        [
          statement.table === null ? [] : name(statement.table),
          statement.direction === "from",
          statement.columns.map((each) => cut(each.name)),
        ],
      );
  }
  return null;
}

const lockNumbers = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
];

function cut(value: string | null | undefined): string {
  return truncateName(value ?? "");
}

function name(qualified: QualifiedName): string[] {
  return [...(qualified.schema === null ? [] : [cut(qualified.schema.name)]), cut(qualified.name.name)];
}

function relation(range: Fields | null): string[] {
  return range === null
    ? []
    : [textIn(range, "schemaname"), textIn(range, "relname")].filter((part) => part !== "");
}

function persistence(range: Fields | null): string {
  const letter = textIn(range ?? {}, "relpersistence");
  return letter === "t" ? "temporary" : letter === "u" ? "unlogged" : "permanent";
}

function targetName(target: unknown): string {
  return textIn(nodeOf(target)?.fields ?? {}, "name");
}

/** `drops` name things as lists, types and functions with their names; the database before a schema is left out. */
function objectName(value: unknown, onTable: boolean): string[] {
  const node = nodeOf(value);
  let parts: string[] = [];
  if (node?.tag === "RangeVar") parts = relation(node.fields);
  else if (node?.tag === "List") parts = itemsOf(value).map(stringOf);
  else if (node?.tag === "String") parts = [stringOf(value)];
  else if (node?.tag === "TypeName") parts = listOf(node.fields, "names").map(stringOf);
  else if (node?.tag === "ObjectWithArgs") parts = listOf(node.fields, "objname").map(stringOf);
  return onTable ? parts.slice(-3) : parts.slice(-2);
}

function treeType(type: Fields | null): unknown {
  return type === null ? null : { ...lowerType(createLowering("", []), type), span: null };
}

function dotted(value: unknown): string {
  const names = (Array.isArray(value) ? value : []).map(stringOf);
  if (names.length > 1 && names[0] === "pg_catalog") names.shift();
  return names.join(".");
}

function treeElement(element: Fields): unknown[] {
  const nulls = textIn(element, "nulls_ordering");
  return [
    textIn(element, "name"),
    element.expr !== undefined,
    dotted(element.collation),
    dotted(element.opclass),
    textIn(element, "ordering") === "SORTBY_DESC",
    nulls === "SORTBY_NULLS_FIRST" ? true : nulls === "SORTBY_NULLS_LAST" ? false : null,
  ];
}

const modelKinds = {
  CONSTR_CHECK: "check",
  CONSTR_NOTNULL: "not null",
  CONSTR_UNIQUE: "unique",
  CONSTR_PRIMARY: "primary key",
  CONSTR_FOREIGN: "foreign key",
  CONSTR_EXCLUSION: "exclusion",
} as const;

function kindOf(constraint: Fields): string {
  const type = textIn(constraint, "contype");
  return type in modelKinds ? modelKinds[type as keyof typeof modelKinds] : type;
}

function treeColumn(value: unknown): unknown {
  const column = nodeOf(value)?.fields ?? {};
  const constraints = listOf(column, "constraints").map((each) => nodeOf(each)?.fields ?? {});
  const kinds = constraints.map(kindOf);
  const own = constraints.filter((each) =>
    ["check", "unique", "primary key", "foreign key"].includes(kindOf(each)),
  );
  return {
    name: textIn(column, "colname"),
    type: treeType(structOf(column, "typeName")),
    collation: dotted(structOf(column, "collClause")?.collname) || null,
    default: kinds.includes("CONSTR_DEFAULT"),
    generated: kinds.includes("CONSTR_GENERATED"),
    identity: kinds.includes("CONSTR_IDENTITY"),
    notNull: kinds.includes("not null"),
    constraints: own.map((each) => [
      kindOf(each),
      textIn(each, "conname"),
      relation(structOf(each, "pktable")),
    ]),
  };
}

function modelColumn(column: ColumnDefinition): unknown {
  return {
    name: cut(column.name.name),
    type: column.type === null ? null : { ...column.type, span: null },
    collation: column.collation,
    default: column.default !== null,
    generated: column.generated !== null,
    identity: column.identity !== null,
    notNull: column.notNull !== null,
    constraints: column.constraints.map((each) => [
      each.kind,
      cut(each.name?.name),
      each.kind === "foreign key" ? name(each.references) : [],
    ]),
  };
}

const referentialActions: Record<string, string> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

function treeConstraint(value: unknown): unknown {
  const fields = nodeOf(value)?.fields ?? {};
  const kind = kindOf(fields);
  const keys = listOf(fields, kind === "foreign key" ? "fk_attrs" : "keys").map(stringOf);
  return {
    kind,
    name: textIn(fields, "conname"),
    keys,
    including: listOf(fields, "including").map(stringOf),
    index: textIn(fields, "indexname"),
    references: relation(structOf(fields, "pktable")),
    referenced: listOf(fields, "pk_attrs").map(stringOf),
    onDelete: kind === "foreign key" ? referentialActions[textIn(fields, "fk_del_action")] : "",
    onUpdate: kind === "foreign key" ? referentialActions[textIn(fields, "fk_upd_action")] : "",
    deferrable: isSet(fields, "deferrable"),
    deferred: isSet(fields, "initdeferred"),
    skips: isSet(fields, "skip_validation"),
    noInherit: isSet(fields, "is_no_inherit"),
    nullsNotDistinct: isSet(fields, "nulls_not_distinct"),
    overlaps: isSet(fields, "without_overlaps"),
    tablespace: textIn(fields, "indexspace"),
  };
}

function modelConstraint(each: Constraint): unknown {
  const isKey = each.kind === "unique" || each.kind === "primary key";
  const isForeign = each.kind === "foreign key";
  const columns = isKey || isForeign ? each.columns.map((column) => cut(column.name)) : [];
  return {
    kind: each.kind,
    name: cut(each.name?.name),
    keys: each.kind === "not null" ? [cut(each.column.name)] : columns,
    including: isKey ? each.including.map((column) => cut(column.name)) : [],
    index: isKey ? cut(each.usingIndex?.name) : "",
    references: isForeign ? name(each.references) : [],
    referenced: isForeign ? each.referencedColumns.map((column) => cut(column.name)) : [],
    onDelete: isForeign ? each.onDelete : "",
    onUpdate: isForeign ? each.onUpdate : "",
    deferrable: each.deferrable,
    deferred: each.initiallyDeferred,
    skips: each.notValid || each.notEnforced,
    noInherit: each.noInherit,
    nullsNotDistinct: isKey && each.nullsNotDistinct,
    overlaps: isKey && each.withoutOverlaps,
    tablespace: isKey ? cut(each.tablespace?.name) : "",
  };
}

const subtypes: Record<Action["kind"], string> = {
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
const merged: Record<string, string> = {
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
const unnamed = new Set([
  "ClusterOn",
  "EnableRule",
  "DisableRule",
  "DropExpression",
  "DropIdentity",
  "SetStatistics",
]);

function treeAction(value: unknown): unknown {
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

function modelAction(action: Action): unknown {
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

function actionName(action: Action): string {
  if (action.kind === "add column" || action.kind === "add constraint") return "";
  if ("column" in action) return cut(action.column.name);
  if ("constraint" in action) return action.kind === "alter constraint" ? "" : cut(action.constraint.name);
  if ("tablespace" in action) return cut(action.tablespace.name);
  if ("method" in action) return cut(action.method);
  if ("trigger" in action && typeof action.trigger === "object") return cut(action.trigger.name);
  return "";
}

function treeFunction(fields: Fields): unknown[] {
  const parameters = listOf(fields, "parameters").map((each) => nodeOf(each)?.fields ?? {});
  const inputs = parameters.filter(
    (each) => !["FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"].includes(textIn(each, "mode")),
  );
  const returns = structOf(fields, "returnType");
  const isTable = parameters.some((each) => textIn(each, "mode") === "FUNC_PARAM_TABLE");
  const options = listOf(fields, "options").map((each) => nodeOf(each)?.fields ?? {});
  const option = (wanted: string) => options.find((each) => textIn(each, "defname") === wanted)?.arg;
  const names = listOf(fields, "funcname").map(stringOf);
  const strict = fieldsOf(option("strict"), "Boolean");
  const type = returns === null || isTable ? null : lowerType(createLowering("", []), returns);
  return [
    names,
    isSet(fields, "replace"),
    isSet(fields, "is_procedure"),
    inputs.map((each) => lowerType(createLowering("", []), structOf(each, "argType") ?? {})),
    type === null || type.name === "record" ? null : { ...type, span: null },
    stringOf(option("language")).toLowerCase() || "sql",
    stringOf(option("volatility")) || "volatile",
    strict?.boolval === true,
    options
      .filter((each) => textIn(each, "defname") === "set")
      .map((each) => textIn(fieldsOf(each.arg, "VariableSetStmt") ?? {}, "name").toLowerCase()),
  ];
}

function treeSetting(fields: Fields): unknown {
  const kind = textIn(fields, "kind");
  if (kind === "VAR_SET_MULTI") return textIn(fields, "name").toLowerCase();
  const args = listOf(fields, "args").map((each) => {
    const node = nodeOf(each);
    const inner = node?.tag === "TypeCast" ? nodeOf(node.fields.arg) : node;
    return constantText(inner?.fields ?? {});
  });
  let setting = kind === "VAR_RESET_ALL" ? "all" : textIn(fields, "name").replaceAll("_", " ").toLowerCase();
  if (setting === "transaction isolation") setting = "transaction isolation level";
  return [setting, kind === "VAR_SET_VALUE" ? args.join(", ").toLowerCase() : null];
}

function modelSetting(setting: string, value: string | null): unknown {
  if (["transaction", "session characteristics", "transaction snapshot"].includes(setting)) return setting;
  return [setting.replaceAll("_", " "), value?.toLowerCase() ?? null];
}

/** BEGIN and START, COMMIT and END are one in the model. */
function transactionKind(action: string, kind: string): string {
  if (action === "begin" && kind === "TRANS_STMT_START") return kind;
  return `TRANS_STMT_${action.toUpperCase().replaceAll(" ", "_")}`;
}
