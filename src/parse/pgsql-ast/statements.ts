import type { Statement as Tree } from "pgsql-ast-parser";
import type { Statement } from "../../model/statement.ts";
import * as read from "../locate.ts";
import type { Lowering } from "./lowering.ts";
import { NotUnderstood } from "./not-understood.ts";
import { alterExpressions, type Elements, elementExpressions, indexExpressions } from "./pieces.ts";
import { changesData } from "./queries.ts";
import { changeValues, createValues, type Pieces } from "./values.ts";

type Cursor = read.Cursor;

/**
 * The statement that the tree stands for: it tells the kind, and hands over its expressions and queries; all else
 * the tokens tell, by the readers that every parser shares.
 */
export function lowerStatement(lowering: Lowering, tree: Tree, at: Cursor): Statement {
  const withPieces = (pieces: Pieces, reader: (at: Cursor, values: read.Values) => Statement) => {
    const values = createValues(lowering, pieces);
    const statement = reader(at, values);
    values.finish();
    return statement;
  };
  switch (tree.type) {
    case "select":
    case "union":
    case "union all":
    case "values":
      return readQuery(at, createValues(lowering, { query: tree }));
    case "with":
    case "with recursive":
      if (!changesData(tree)) return readQuery(at, createValues(lowering, { query: tree }));
      return readChange(lowering, tree, at);
    case "insert":
    case "update":
    case "delete":
      return readChange(lowering, tree, at);
    case "create table":
      return withPieces(
        { expressions: elementExpressions(lowering, elementsOf(tree)) },
        read.readCreateTable,
      );
    case "create index":
      if (tree.ifNotExists && tree.indexName === undefined)
        throw new NotUnderstood("IF NOT EXISTS without a name");
      return withPieces({ expressions: indexExpressions(at, tree) }, read.readCreateIndex);
    case "alter table":
      if (isRename(tree.changes)) return read.readRename(at);
      return withPieces({ expressions: alterExpressions(lowering, tree.changes) }, read.readAlterTable);
    case "alter index":
      return tree.change.type === "rename" ? read.readRename(at) : withPieces({}, read.readAlterTable);
    case "alter sequence":
      if (tree.change.type === "rename") return read.readRename(at);
      if (tree.change.type === "set schema") return read.readSetSchema(at);
      return tree.change.type === "owner to"
        ? withPieces({}, read.readAlterTable)
        : read.readAlterSequence(at);
    case "create view":
      // RECURSIVE makes another query of it.
      if (tree.recursive) throw new NotUnderstood("a recursive view");
      return withPieces({ query: tree.query }, read.readCreateView);
    case "create materialized view":
      return withPieces({ query: tree.query }, read.readCreateTableAs);
    case "create composite type":
      return withPieces({}, read.readCreateType);
    case "alter enum":
      return tree.change.type === "rename" ? read.readRename(at) : read.readAlterEnum(at);
    case "create schema":
      return read.readCreateSchema(at, (place) => lowerStatement(lowering, tree, place));
    case "prepare":
      return read.readPrepare(at, (place) => lowerStatement(lowering, tree.statement, read.unwrap(place)));
    case "comment":
      if (tree.on.type === "trigger") throw new NotUnderstood("a trigger without its table");
      return read.readComment(at);
  }
  const reader = plainReaders.get(tree.type);
  if (reader === undefined) throw new NotUnderstood(`a statement of the kind ${tree.type}`);
  return reader(at);
}

/** The statements that hold no expression and no query: their tokens tell all. */
const plainReaders = new Map<Tree["type"], (at: Cursor) => Statement>([
  ["drop table", read.readDropStatement],
  ["drop sequence", read.readDropStatement],
  ["drop index", read.readDropStatement],
  ["drop type", read.readDropStatement],
  ["drop function", read.readDropStatement],
  ["truncate table", read.readTruncate],
  ["create sequence", read.readCreateSequence],
  ["create enum", (at) => read.readCreateType(at, read.noValues)],
  ["create extension", read.readCreateExtension],
  ["refresh materialized view", read.readRefresh],
  ["create function", read.readCreateFunction],
  ["do", read.readDo],
  ["begin", read.readTransaction],
  ["start transaction", read.readTransaction],
  ["commit", read.readTransaction],
  ["rollback", read.readTransaction],
  ["set", read.readSet],
  ["set timezone", read.readSet],
  ["set names", read.readSet],
  ["show", (at) => read.readOther(at, read.commandOf(at))],
  ["deallocate", (at) => read.readOther(at, read.commandOf(at))],
]);

function readQuery(at: Cursor, values: read.Values): Statement {
  const span = read.spanOfRest(at);
  const head = read.takeHead(read.subCursor(at, at.at, at.end));
  return { kind: "select", span, head, query: values.query(at) };
}

function readChange(lowering: Lowering, tree: Parameters<typeof changeValues>[1], at: Cursor): Statement {
  const values = changeValues(lowering, tree);
  const change = read.readChange(at, values);
  values.finish();
  return change;
}

function elementsOf(tree: Extract<Tree, { type: "create table" }>): Elements {
  return { columns: tree.columns, constraints: tree.constraints ?? [] };
}

/** RENAME stands alone; the other grammar takes it among other actions. */
function isRename(changes: Extract<Tree, { type: "alter table" }>["changes"]): boolean {
  const isOne = changes.some(
    ({ type }) => type === "rename" || type === "rename column" || type === "rename constraint",
  );
  if (isOne && changes.length > 1) throw new NotUnderstood("RENAME with other actions");
  return isOne;
}
