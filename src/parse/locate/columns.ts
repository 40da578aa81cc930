import type { Expression } from "../../model/expression.ts";
import type { Clause, Identifier } from "../../model/name.ts";
import type { ColumnDefinition, Constraint } from "../../model/table.ts";
import { type Attributes, readAttributes, readConstraint } from "./constraints.ts";
import {
  type Cursor,
  hasWords,
  isDone,
  spanBetween,
  step,
  takeBracket,
  takeWords,
  wordAt,
} from "./cursor.ts";
import { takeDefault } from "./extents.ts";
import { readCollation, readIdentifier } from "./names.ts";
import { readType } from "./types.ts";
import { readClause, type Values } from "./values.ts";

/** The clauses of a column or a domain, while they are being read. */
interface Clauses {
  collation: string | null;
  default: Clause<Expression> | null;
  generated: (Clause<Expression> & { readonly stored: boolean }) | null;
  identity: ColumnDefinition["identity"];
  notNull: ColumnDefinition["notNull"];
  constraints: Constraint[];
}

/**
 * A column with all its clauses, to the end of the cursor's stretch. Columns of typed tables and partitions
 * have no type of their own (`typed` is false).
 */
export function readColumn(cursor: Cursor, values: Values, typed = true): ColumnDefinition {
  const from = cursor.at;
  const name = readIdentifier(cursor);
  if (!typed) takeWords(cursor, "with", "options");
  const type = typed && !isDone(cursor) ? readType(cursor) : null;
  const clauses = readColumnClauses(cursor, values, name);
  return { name, type, ...clauses, span: spanBetween(cursor, from, cursor.at) };
}

/** The clauses behind the type. `column` is null for a domain. */
export function readColumnClauses(cursor: Cursor, values: Values, column: Identifier | null): Clauses {
  const clauses: Clauses = {
    collation: null,
    default: null,
    generated: null,
    identity: null,
    notNull: null,
    constraints: [],
  };
  while (!isDone(cursor)) readColumnClause(cursor, values, column, clauses);
  return clauses;
}

function readColumnClause(cursor: Cursor, values: Values, column: Identifier | null, clauses: Clauses): void {
  const attributes = readAttributes(cursor);
  if (attributes !== null) {
    attach(cursor, clauses, attributes);
    return;
  }
  const from = cursor.at;
  const name = takeWords(cursor, "constraint") ? readIdentifier(cursor) : null;
  switch (wordAt(cursor)) {
    case "collate":
      clauses.collation = readCollation(cursor);
      return;
    case "default":
      cursor.at++;
      clauses.default = readClause(values, takeDefault(cursor));
      return;
    case "generated":
      readGenerated(cursor, values, clauses, from);
      return;
    case "not":
      if (!takeWords(cursor, "not", "null")) break;
      clauses.notNull = {
        name,
        notValid: false,
        noInherit: takeWords(cursor, "no", "inherit"),
        span: spanBetween(cursor, from, cursor.at),
      };
      return;
    case "check":
    case "unique":
    case "primary":
    case "references":
      clauses.constraints.push(readConstraint(cursor, values, column, name, from));
      return;
    case "storage":
    case "compression":
      // STORAGE default, COMPRESSION default: their word is no DEFAULT of the column.
      cursor.at++;
  }
  // NULL, what STORAGE and COMPRESSION name, OPTIONS (...): nothing that the model keeps.
  step(cursor);
}

/** Attributes belong to the constraint before them. */
function attach(cursor: Cursor, clauses: Clauses, attributes: Attributes): void {
  const last = clauses.constraints.pop();
  if (last === undefined) return;
  const span = { start: last.span.start, end: spanBetween(cursor, cursor.at - 1, cursor.at).end };
  clauses.constraints.push({ ...last, ...attributes, span });
}

function readGenerated(cursor: Cursor, values: Values, clauses: Clauses, from: number): void {
  cursor.at++;
  const always = takeWords(cursor, "always");
  if (!always) takeWords(cursor, "by", "default");
  takeWords(cursor, "as");
  if (takeWords(cursor, "identity")) {
    takeBracket(cursor);
    clauses.identity = { always, span: spanBetween(cursor, from, cursor.at) };
    return;
  }
  const inside = takeBracket(cursor);
  if (inside === null) return;
  const clause = readClause(values, inside);
  // PostgreSQL 18: VIRTUAL, which is also what is meant where neither word stands.
  const stored = hasWords(cursor, "stored");
  if (stored || hasWords(cursor, "virtual")) cursor.at++;
  clauses.generated = { stored, ...clause };
}
