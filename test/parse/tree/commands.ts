import type { Statement } from "../../../src/model/statement.ts";
import {
  type Fields,
  fieldsOf,
  isSet,
  listOf,
  nodeOf,
  stringOf,
  structOf,
  type TreeNode,
  textIn,
} from "../../../src/parse/postgres/tree.ts";
import { constantText } from "../../../src/parse/postgres/types.ts";
import { cut, type Facts, name, numberIn, objectName, pair, relation } from "./names.ts";

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

/** Locks, grants, settings, transactions and the rest. */
export function compareCommands(node: TreeNode, statement: Statement): Facts | null {
  const { fields } = node;
  switch (statement.kind) {
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
