import type {
  Assignment,
  CommonTable,
  DataChange,
  Delete,
  Insert,
  Merge,
  Target,
  Update,
} from "../../model/query.ts";
import {
  type Cursor,
  commaSegments,
  hasMark,
  hasWords,
  seekWord,
  spanOfRest,
  subCursor,
  takeBracket,
  takeWords,
  wordAt,
} from "./cursor.ts";
import { takeUntil } from "./extents.ts";
import { takeHead } from "./heads.ts";
import { isNameAt, readIdentifier, readRelation } from "./names.ts";
import { readClause, type Values } from "./values.ts";

/** Where the words of a query begin that WITH may precede. */
const verbs = new Set(["select", "values", "table", "insert", "update", "delete", "merge", "with"]);

/** Takes the brackets off that hold all of a query. */
export function unwrap(cursor: Cursor): Cursor {
  let inside = subCursor(cursor, cursor.at, cursor.end);
  while (hasMark(inside, "(") && inside.closing[inside.at] === inside.end - 1) {
    inside = subCursor(inside, inside.at + 1, inside.end - 1);
  }
  return inside;
}

/** The WITH clause at the cursor, which moves behind it: names and bodies. Null where none stands there. */
export function takeWith(
  cursor: Cursor,
): { recursive: boolean; tables: { name: string; columns: readonly string[]; body: Cursor }[] } | null {
  if (!takeWords(cursor, "with")) return null;
  const recursive = takeWords(cursor, "recursive");
  const tables: { name: string; columns: readonly string[]; body: Cursor }[] = [];
  do {
    const { name } = readIdentifier(cursor);
    const names = takeBracket(cursor);
    takeWords(cursor, "as");
    takeWords(cursor, "not");
    takeWords(cursor, "materialized");
    const body = takeBracket(cursor);
    if (body === null) break;
    const columns = names === null ? [] : commaSegments(names).map((one) => readIdentifier(one).name);
    tables.push({ name, columns, body });
    skipSearchAndCycle(cursor);
  } while (takeComma(cursor));
  return { recursive, tables };
}

/** The WITH clause at the cursor with what stands in it. */
function readWith(cursor: Cursor, values: Values): CommonTable[] {
  const clause = takeWith(cursor);
  if (clause === null) return [];
  const { recursive, tables } = clause;
  return tables.map(({ name, columns, body }) => ({
    name,
    query: values.change(unwrap(body)),
    recursive,
    ...(columns.length > 0 && { columns }),
  }));
}

function takeComma(cursor: Cursor): boolean {
  if (!hasMark(cursor, ",")) return false;
  cursor.at++;
  return true;
}

/** SEARCH DEPTH FIRST BY a, b SET c; CYCLE a, b SET c USING d: their commas do not end the table. */
function skipSearchAndCycle(cursor: Cursor): void {
  if (hasWords(cursor, "search")) {
    seekWord(cursor, "set");
    cursor.at += 2;
  }
  if (hasWords(cursor, "cycle")) {
    seekWord(cursor, "using");
    cursor.at += 2;
  }
}

/** `INSERT`, `UPDATE`, `DELETE` and `MERGE`, with what stands in WITH. */
export function readChange(cursor: Cursor, values: Values): DataChange {
  const span = spanOfRest(cursor);
  const tables = readWith(cursor, values);
  const verb = wordAt(cursor);
  const head = takeHead(cursor);
  const start = { span, head, with: tables };
  switch (verb) {
    case "insert":
      return readInsert(cursor, values, start);
    case "update":
      return readUpdate(cursor, values, start);
    case "delete":
      return readDelete(cursor, values, start);
  }
  return readMerge(cursor, values, start);
}

type Start = Pick<Insert, "span" | "head" | "with">;

function readAlias(cursor: Cursor, ...stops: readonly string[]): string | null {
  if (takeWords(cursor, "as")) return readIdentifier(cursor).name;
  return isNameAt(cursor) && !stops.includes(wordAt(cursor)) ? readIdentifier(cursor).name : null;
}

function isReturning(cursor: Cursor): boolean {
  return seekWord(subCursor(cursor, cursor.at, cursor.end), "returning");
}

function readInsert(cursor: Cursor, values: Values, start: Start): Insert {
  const { table } = readRelation(cursor);
  const alias = takeWords(cursor, "as") ? readIdentifier(cursor).name : null;
  const isList = hasMark(cursor, "(") && !startsQuery(subCursor(cursor, cursor.at + 1, cursor.end));
  const targets = isList ? readTargets(cursor) : [];
  if (takeWords(cursor, "overriding")) cursor.at += 2;
  const isEmpty = takeWords(cursor, "default", "values");
  const source = takeSource(cursor);
  const query = isEmpty ? null : values.query(source);
  let onConflict: Insert["onConflict"] = null;
  let assignments: Assignment[] = [];
  if (takeWords(cursor, "on", "conflict")) {
    seekWord(cursor, "do");
    cursor.at++;
    onConflict = takeWords(cursor, "nothing") ? "nothing" : "update";
    if (takeWords(cursor, "update", "set")) assignments = readAssignments(cursor, values);
  }
  return {
    kind: "insert",
    ...start,
    table,
    alias,
    columns: targets.map(({ column }) => column),
    targets,
    source: query,
    onConflict,
    assignments,
    isReturning: isReturning(cursor),
  };
}

/** `(SELECT ...` behind the table of INSERT is its source, `(a, b)` are its columns. */
function startsQuery(cursor: Cursor): boolean {
  const inside = subCursor(cursor, cursor.at, cursor.end);
  while (hasMark(inside, "(")) inside.at++;
  return verbs.has(wordAt(inside));
}

/** The source of an INSERT ends at ON CONFLICT or RETURNING. */
function takeSource(cursor: Cursor): Cursor {
  const from = cursor.at;
  while (seekWord(cursor, "on", "returning")) {
    if (hasWords(cursor, "returning")) break;
    if (hasWords(cursor, "on", "conflict") && isConflict(cursor)) break;
    cursor.at++;
  }
  return subCursor(cursor, from, cursor.at);
}

/** A column may be called `conflict`: the clause goes on with DO, a bracket or ON CONSTRAINT. */
function isConflict(cursor: Cursor): boolean {
  const behind = cursor.at + 2;
  const word = wordAt(cursor, behind);
  return word === "do" || word === "on" || hasMark(cursor, "(", behind);
}

function readUpdate(cursor: Cursor, values: Values, start: Start): Update {
  const { table } = readRelation(cursor);
  const alias = readAlias(cursor, "set");
  takeWords(cursor, "set");
  const assignments = readAssignments(cursor, values);
  const from = takeWords(cursor, "from") ? readSources(cursor, values) : [];
  const where = takeWords(cursor, "where") ? readClause(values, takeUntil(cursor, "returning")) : null;
  return {
    kind: "update",
    ...start,
    table,
    alias,
    assignments,
    from,
    where,
    isReturning: isReturning(cursor),
  };
}

function readSources(cursor: Cursor, values: Values) {
  takeUntil(cursor, "where", "returning");
  return values.sources();
}

function readDelete(cursor: Cursor, values: Values, start: Start): Delete {
  const { table } = readRelation(cursor);
  const alias = readAlias(cursor, "using", "where", "returning");
  const using = takeWords(cursor, "using") ? readSources(cursor, values) : [];
  const where = takeWords(cursor, "where") ? readClause(values, takeUntil(cursor, "returning")) : null;
  return { kind: "delete", ...start, table, alias, using, where, isReturning: isReturning(cursor) };
}

function readMerge(cursor: Cursor, values: Values, start: Start): Merge {
  const { table } = readRelation(cursor);
  const alias = readAlias(cursor, "using");
  const [source = { kind: "other" as const }] = values.sources();
  return {
    kind: "merge",
    ...start,
    table,
    alias,
    source,
    on: values.expression(),
    targets: readBranches(subCursor(cursor, cursor.at, cursor.end)),
    changes: readChanges(subCursor(cursor, cursor.at, cursor.end)),
    isReturning: isReturning(cursor),
  };
}

/** What stands behind each THEN of a MERGE: INSERT (a, b), or UPDATE SET a = 1, b = 2. */
function readBranches(cursor: Cursor): Target[][] {
  const branches: Target[][] = [];
  while (seekWord(cursor, "then")) {
    cursor.at++;
    if (takeWords(cursor, "insert")) branches.push(readInserted(cursor));
    else if (takeWords(cursor, "update", "set")) {
      const set = commaSegments(takeUntil(cursor, "when", "returning"));
      branches.push(set.flatMap((one) => withDefaults(readTarget(one), [one])));
    }
  }
  return branches;
}

/** INSERT (a, b) VALUES (1, DEFAULT) of a MERGE. */
function readInserted(cursor: Cursor): Target[] {
  const targets = readTargets(cursor);
  if (takeWords(cursor, "overriding")) cursor.at += 2;
  const values = takeWords(cursor, "values") ? takeBracket(cursor) : null;
  return values === null ? targets : withDefaults(targets, commaSegments(values));
}

/** Marks those of which the value, of which only the last word counts, is DEFAULT. */
function withDefaults(targets: Target[], values: readonly Cursor[]): Target[] {
  return targets.map((target, k) => {
    const value = values[k];
    const isDefault = value !== undefined && wordAt(value, value.end - 1) === "default";
    return isDefault ? { ...target, isDefault } : target;
  });
}

/** Whether a WHEN of a MERGE changes rows that are there, and which. */
function readChanges(cursor: Cursor): Merge["changes"] {
  let changes: Merge["changes"] = "none";
  while (seekWord(cursor, "when")) {
    cursor.at++;
    const isBySource = takeWords(cursor, "not", "matched", "by", "source");
    if (!seekWord(cursor, "then")) break;
    cursor.at++;
    if (!takeWords(cursor, "update") && !takeWords(cursor, "delete")) continue;
    if (isBySource) return "all";
    changes = "matched";
  }
  return changes;
}

/** The columns in a bracket. */
function readTargets(cursor: Cursor): Target[] {
  const inside = takeBracket(cursor);
  return inside === null ? [] : commaSegments(inside).flatMap(readTarget);
}

/** What stands before the `=` of SET, or between the commas of a list of columns. */
function readTarget(cursor: Cursor): Target[] {
  if (hasMark(cursor, "(")) return readTargets(cursor);
  const column = readIdentifier(cursor);
  return [{ column, isWhole: !(hasMark(cursor, "[") || hasMark(cursor, ".")) }];
}

/** The assignments at the cursor, which moves to what follows them. */
function readAssignments(cursor: Cursor, values: Values): Assignment[] {
  return commaSegments(takeUntil(cursor, "from", "where", "returning")).flatMap((segment) => {
    const isRow = hasMark(segment, "(");
    const targets = readTarget(segment);
    const value = values.expression();
    if (!isRow) return targets.map((target) => ({ value, ...target }));
    const items = value.kind === "row" && value.items.length === targets.length ? value.items : null;
    return targets.map((target, k) => {
      const own = items?.[k] ?? null;
      return own === null && k === 0 ? { value: null, ...target, row: value } : { value: own, ...target };
    });
  });
}
