import type {
  Expr,
  From,
  PGNode,
  SelectStatement,
  SetStatement,
  WithStatementBinding,
} from "pgsql-ast-parser";
import type { Values } from "../locate/values.ts";
import { lowerExpression } from "./expressions.ts";
import { isMarkAt, type Lowering, startOf } from "./lowering.ts";
import { NotUnderstood } from "./not-understood.ts";
import { commonTables, lowerChange, lowerQuery } from "./queries.ts";
import { lowerSources } from "./sources.ts";

/** The nodes of one statement that the readers will ask for, each kind in the order of the text. */
export interface Pieces {
  readonly expressions?: readonly Expr[];
  readonly query?: SelectStatement | undefined;
  /** The bodies of the WITH clause. */
  readonly common?: readonly WithStatementBinding[];
  readonly sources?: readonly From[];
}

type PieceValues = Values & { finish(): void };

/** Hands out a statement's expressions and queries one by one, in the order in which the tokens are read. */
export function createValues(lowering: Lowering, pieces: Pieces): PieceValues {
  const { expressions = [], common = [], sources, query } = pieces;
  let used = 0;
  let usedCommon = 0;
  return {
    expression() {
      const node = expressions[used++];
      if (node === undefined) throw new NotUnderstood("an expression that the tree does not have");
      return lowerExpression(lowering, node);
    },
    query(at) {
      if (query === undefined) throw new NotUnderstood("a query that the tree does not have");
      return lowerQuery(lowering, query, at);
    },
    change(at) {
      const node = common[usedCommon++] ?? query;
      if (node === undefined) throw new NotUnderstood("a query that the tree does not have");
      return lowerChange(lowering, node, at);
    },
    sources() {
      if (sources === undefined) throw new NotUnderstood("a FROM that the tree does not have");
      return lowerSources(lowering, sources);
    },
    finish() {
      if (used !== expressions.length || usedCommon < common.length) {
        throw new NotUnderstood("more in the tree than in the words");
      }
    },
  };
}

/** The nodes in the order of the text. */
export function inOrder<Node extends PGNode>(lowering: Lowering, nodes: readonly Node[]): Node[] {
  const places = nodes.map((node) => ({ node, start: startOf(lowering, node) }));
  return places.sort((a, b) => a.start - b.start).map(({ node }) => node);
}

/** INSERT, UPDATE and DELETE, with the WITH clause before them. */
export function changeValues(lowering: Lowering, node: WithStatementBinding): PieceValues {
  return createValues(lowering, changePieces(lowering, node));
}

function changePieces(lowering: Lowering, node: WithStatementBinding): Pieces {
  switch (node.type) {
    case "with":
    case "with recursive": {
      const pieces = changePieces(lowering, node.in);
      if (pieces.common !== undefined) throw new NotUnderstood("WITH behind WITH");
      return { ...pieces, common: commonTables(node).map(({ statement }) => statement) };
    }
    case "insert": {
      const action = node.onConflict?.do;
      const sets = typeof action === "object" ? action.sets : [];
      // The other grammar takes an INSERT without any rows; its types do not say so.
      const query = node.insert as SelectStatement | null;
      return { expressions: assigned(lowering, sets), query: query ?? undefined };
    }
    case "update": {
      const { from, where } = node;
      const expressions = [...assigned(lowering, node.sets), ...(where ? [where] : [])];
      return { expressions, ...(from ? { sources: [from] } : {}) };
    }
    case "delete":
      return { expressions: node.where ? [node.where] : [] };
  }
  throw new NotUnderstood(`a ${node.type} where data changes`);
}

/** The values of SET a = 1, and those of (a, b) = (1, 2) as the row that they are set from together. */
function assigned(lowering: Lowering, sets: readonly SetStatement[]): Expr[] {
  const values: Expr[] = [];
  let row: Expr[] = [];
  for (const { column, value } of sets) {
    const at = startOf(lowering, column);
    if (!isInRow(lowering, at)) {
      values.push(value);
      continue;
    }
    row.push(value);
    if (!isMarkAt(lowering, at + 1, ")")) continue;
    values.push({ type: "list", expressions: row });
    row = [];
  }
  return values;
}

/** Whether the column stands in the brackets of a row: what follows its name is then no `=`. */
function isInRow(lowering: Lowering, column: number): boolean {
  return !isMarkAt(lowering, column + 1, "=");
}
