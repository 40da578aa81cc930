import type { QualifiedName } from "../../model/name.ts";
import type { CreateTable, Persistence } from "../../model/statement.ts";
import type {
  ColumnDefinition,
  Constraint,
  LikeClause,
  PartitionBound,
  PartitionKey,
  PartitionStrategy,
} from "../../model/table.ts";
import { readColumn } from "./columns.ts";
import { isTableConstraint, readTableConstraint } from "./constraints.ts";
import {
  type Cursor,
  commaSegments,
  isDone,
  spanOfRest,
  step,
  takeBracket,
  takeWords,
  tokenAt,
  wordAt,
} from "./cursor.ts";
import { takeHead } from "./heads.ts";
import { isFunctionElement } from "./indexes.ts";
import { readIdentifier, readQualifiedName, readQualifiedNames } from "./names.ts";
import { readExpressions, type Values } from "./values.ts";

/** What the words of CREATE ... TABLE, VIEW or SEQUENCE say of how long it lasts. */
export function readPersistence(cursor: Cursor, from: number): Persistence {
  for (let index = from; index < cursor.at; index++) {
    const word = wordAt(cursor, index);
    if (word === "temp" || word === "temporary") return "temporary";
    if (word === "unlogged") return "unlogged";
  }
  return "permanent";
}

interface Elements {
  readonly columns: ColumnDefinition[];
  readonly constraints: Constraint[];
  readonly likes: LikeClause[];
}

/** `CREATE TABLE` and `CREATE FOREIGN TABLE`, not `CREATE TABLE AS`. */
export function readCreateTable(cursor: Cursor, values: Values): CreateTable {
  const span = spanOfRest(cursor);
  const from = cursor.at;
  const isForeign = wordAt(cursor, from + 1) === "foreign";
  const head = takeHead(cursor);
  const persistence = readPersistence(cursor, from);
  const ifNotExists = takeWords(cursor, "if", "not", "exists");
  const table = readQualifiedName(cursor);
  const parent = takeWords(cursor, "partition", "of") ? readQualifiedName(cursor) : null;
  const isTyped = parent !== null || takeWords(cursor, "of");
  const ofType = parent === null && isTyped ? readQualifiedName(cursor) : null;
  const elements = readElements(takeBracket(cursor), values, !isTyped);
  const bound = parent === null ? null : readBound(cursor, values);
  let inherits: QualifiedName[] = [];
  let partitionBy: PartitionKey | null = null;
  while (!isDone(cursor)) {
    if (takeWords(cursor, "inherits")) {
      const inside = takeBracket(cursor);
      inherits = inside === null ? [] : readQualifiedNames(inside);
    } else if (takeWords(cursor, "partition", "by")) partitionBy = readPartitionKey(cursor, values);
    else step(cursor);
  }
  return {
    kind: "create table",
    span,
    head,
    table,
    persistence,
    ifNotExists,
    isForeign,
    ...elements,
    inherits,
    ofType,
    partitionOf: parent === null || bound === null ? null : { parent, bound },
    partitionBy,
  };
}

function readElements(inside: Cursor | null, values: Values, typed: boolean): Elements {
  const elements: Elements = { columns: [], constraints: [], likes: [] };
  for (const segment of inside === null ? [] : commaSegments(inside)) {
    if (wordAt(segment) === "like") elements.likes.push(readLike(segment));
    else if (isTableConstraint(segment)) elements.constraints.push(readTableConstraint(segment, values));
    else elements.columns.push(readColumn(segment, values, typed));
  }
  return elements;
}

const likeOptions = [
  "COMMENTS",
  "COMPRESSION",
  "CONSTRAINTS",
  "DEFAULTS",
  "GENERATED",
  "IDENTITY",
  "INDEXES",
  "STATISTICS",
  "STORAGE",
];

/** INCLUDING and EXCLUDING take effect one after the other; all nine at once are `ALL`. */
function readLike(cursor: Cursor): LikeClause {
  cursor.at++;
  const table = readQualifiedName(cursor);
  const including = new Set<string>();
  while (!isDone(cursor)) {
    const isIncluding = takeWords(cursor, "including");
    if (!isIncluding && !takeWords(cursor, "excluding")) break;
    const option = wordAt(cursor).toUpperCase();
    cursor.at++;
    for (const each of option === "ALL" ? likeOptions : [option]) {
      if (isIncluding) including.add(each);
      else including.delete(each);
    }
  }
  const isAll = including.size === likeOptions.length;
  return { table, including: isAll ? ["ALL"] : [...including].sort() };
}

/** FOR VALUES ... or DEFAULT. */
export function readBound(cursor: Cursor, values: Values): PartitionBound {
  if (!takeWords(cursor, "for", "values")) {
    takeWords(cursor, "default");
    return { kind: "default" };
  }
  if (takeWords(cursor, "in")) return { kind: "list", values: readBracketed(cursor, values) };
  if (takeWords(cursor, "from")) {
    const from = readBracketed(cursor, values);
    takeWords(cursor, "to");
    return { kind: "range", from, to: readBracketed(cursor, values) };
  }
  takeWords(cursor, "with");
  return { kind: "hash", ...readHash(takeBracket(cursor)) };
}

function readBracketed(cursor: Cursor, values: Values): PartitionBoundValues {
  const inside = takeBracket(cursor);
  return inside === null ? [] : readExpressions(values, inside);
}

type PartitionBoundValues = ReturnType<typeof readExpressions>;

function readHash(inside: Cursor | null): { modulus: number; remainder: number } {
  const found = { modulus: 0, remainder: 0 };
  for (const segment of inside === null ? [] : commaSegments(inside)) {
    const { name } = readIdentifier(segment);
    const token = tokenAt(segment);
    const number = token === undefined ? 0 : Number(segment.text.slice(token.start, token.end));
    if (name === "modulus") found.modulus = number;
    if (name === "remainder") found.remainder = number;
  }
  return found;
}

function readPartitionKey(cursor: Cursor, values: Values): PartitionKey {
  const word = readIdentifier(cursor).name;
  const strategy: PartitionStrategy = word === "list" || word === "hash" ? word : "range";
  const inside = takeBracket(cursor);
  const columns = (inside === null ? [] : commaSegments(inside)).map((segment) =>
    isFunctionElement(segment)
      ? { column: null, expression: values.expression() }
      : { column: readIdentifier(segment).name, expression: null },
  );
  return { strategy, columns };
}
