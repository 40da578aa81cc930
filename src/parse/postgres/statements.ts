import type { Statement } from "../../model/statement.ts";
import * as read from "../locate.ts";
import { lowerCall } from "./calls.ts";
import type { Lowering } from "./lowering.ts";
import { plainReaders } from "./plain.ts";
import { lowerQuery } from "./queries.ts";
import { type Fields, listOf, nodeOf, structOf, type TreeNode, textIn } from "./tree.ts";
import {
  actionExpressions,
  changeValues,
  createValues,
  elementExpressions,
  indexExpressions,
  type Pieces,
  present,
  tableExpressions,
} from "./values.ts";

type Cursor = read.Cursor;

/**
 * The statement that the node stands for. The node tells the kind, and hands over its expressions and queries; all
 * else the tokens tell, by the readers that every parser shares.
 */
export function lowerStatement(lowering: Lowering, node: TreeNode, at: Cursor): Statement {
  const { tag, fields } = node;
  const plain = plainReaders.get(tag);
  if (plain !== undefined) return plain(at);
  const inner = (place: Cursor, value: unknown) => lowerInner(lowering, value, place);
  switch (tag) {
    case "InsertStmt":
    case "UpdateStmt":
    case "DeleteStmt":
    case "MergeStmt": {
      const values = changeValues(lowering, node);
      const change = read.readChange(at, values);
      values.finish();
      return change;
    }
    case "SelectStmt":
      return lowerSelect(lowering, node, at);
    case "ExplainStmt":
      return read.readExplain(at, (place) => inner(place, fields.query));
    case "DeclareCursorStmt": {
      const [head, span] = [read.takeHead(read.subCursor(at, at.at, at.end)), read.spanOfRest(at)];
      return { kind: "declare cursor", span, head, query: lowerQuery(lowering, fields.query, null) };
    }
    case "PrepareStmt":
      return read.readPrepare(at, (place) => inner(place, fields.query));
    case "CreateSchemaStmt": {
      const elements = listOf(fields, "schemaElts");
      let index = 0;
      return read.readCreateSchema(at, (place) => inner(place, elements[index++]));
    }
    case "CallStmt":
      return read.readCall(at, lowerCall(lowering, structOf(fields, "funccall") ?? {}));
    case "DefineStmt":
      if (textIn(fields, "kind") === "OBJECT_TYPE")
        return read.readCreateType(at, createValues(lowering, {}));
      break;
    case "AlterTableStmt":
      if (textIn(fields, "objtype") === "OBJECT_TYPE") return read.readAlterType(at);
      break;
    case "AlterRoleSetStmt":
    case "AlterDatabaseSetStmt": {
      const setting = read.readAlterSettings(read.subCursor(at, at.at, at.end));
      if (setting !== null) return setting;
      break;
    }
  }
  return lowerWithPieces(lowering, node, at) ?? read.readOther(at, read.commandOf(at));
}

/** A statement inside another; what has no node is nothing that anybody could follow. */
function lowerInner(lowering: Lowering, value: unknown, at: Cursor): Statement {
  const node = nodeOf(value);
  const place = read.unwrap(at);
  return node === null ? read.readOther(place, "other") : lowerStatement(lowering, node, place);
}

function lowerSelect(lowering: Lowering, node: TreeNode, at: Cursor): Statement {
  const values = createValues(lowering, { query: { SelectStmt: node.fields } });
  if (hasInto(node.fields)) {
    const created = read.readSelectInto(at, values);
    if (created !== null) return created;
  }
  const span = read.spanOfRest(at);
  const head = read.takeHead(read.subCursor(at, at.at, at.end));
  return { kind: "select", span, head, query: values.query(at) };
}

/** INTO of a set operation stands in its leftmost arm. */
function hasInto(fields: Fields): boolean {
  for (let arm: Fields | null = fields; arm !== null; arm = structOf(arm, "larg")) {
    if (structOf(arm, "intoClause") !== null) return true;
  }
  return false;
}

type Reader = (at: Cursor, values: read.Values) => Statement;

/** The statements that hold expressions or queries: which ones, and who reads the rest. */
const readers = new Map<string, readonly [(fields: Fields) => Pieces, Reader]>([
  ["CreateStmt", [(fields) => ({ expressions: tableExpressions(fields) }), read.readCreateTable]],
  [
    "CreateForeignTableStmt",
    [
      (fields) => ({
        expressions: tableExpressions(structOf(fields, "base_stmt") ?? structOf(fields, "base") ?? {}),
      }),
      read.readCreateTable,
    ],
  ],
  ["IndexStmt", [(fields) => ({ expressions: indexExpressions(fields) }), read.readCreateIndex]],
  ["AlterTableStmt", [(fields) => ({ expressions: actionExpressions(fields) }), read.readAlterTable]],
  ["CreateTableAsStmt", [(fields) => ({ query: fields.query }), read.readCreateTableAs]],
  ["ViewStmt", [(fields) => ({ query: fields.query }), read.readCreateView]],
  ["CopyStmt", [(fields) => ({ query: fields.query }), read.readCopy]],
  [
    "CompositeTypeStmt",
    [
      (fields) => ({ expressions: listOf(fields, "coldeflist").flatMap(elementExpressions) }),
      read.readCreateType,
    ],
  ],
  [
    "CreateDomainStmt",
    [
      (fields) => ({ expressions: listOf(fields, "constraints").flatMap(elementExpressions) }),
      read.readCreateDomain,
    ],
  ],
  ["AlterDomainStmt", [(fields) => ({ expressions: domainExpressions(fields) }), read.readAlterDomain]],
  ["CreateTrigStmt", [(fields) => ({ expressions: present(fields.whenClause) }), read.readCreateTrigger]],
  ["CreatePolicyStmt", [policyPieces, read.readPolicy]],
  ["AlterPolicyStmt", [policyPieces, read.readPolicy]],
]);

function policyPieces(fields: Fields): Pieces {
  return { expressions: [...present(fields.qual), ...present(fields.with_check)] };
}

/** The new default is the expression itself, a new constraint holds one. */
function domainExpressions(fields: Fields): unknown[] {
  const value = fields.def;
  return nodeOf(value)?.tag === "Constraint" ? elementExpressions(value) : present(value);
}

function lowerWithPieces(lowering: Lowering, node: TreeNode, at: Cursor): Statement | null {
  const reader = readers.get(node.tag);
  if (reader === undefined) return null;
  const [piecesOf, readStatement] = reader;
  const values = createValues(lowering, piecesOf(node.fields));
  const statement = readStatement(at, values);
  values.finish();
  return statement;
}
