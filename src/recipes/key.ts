import type { KeyConstraint } from "../model/table.ts";
import type { Context, Migration } from "../rule.ts";
import { truncateName } from "../sql/names.ts";
import { areWords, isMark, isWord, tokensIn } from "../sql/tokens.ts";
import { alterHead, constraintName, dropsBefore, isNameTaken } from "./alter-table.ts";
import { outsideTransaction } from "./create-index.ts";
import { partitionedIndexRecipe } from "./partitioned-index.ts";
import { freshName } from "./text.ts";

/**
 * UNIQUE or PRIMARY KEY over an index that is built while others read and write. Empty where there is no such way: keys
 * WITHOUT OVERLAPS cannot take an index over.
 */
export function keyRecipe(key: KeyConstraint, context: Context): Migration[] {
  if (key.withoutOverlaps || key.usingIndex !== null) return [];
  const { table: statement, schema } = context;
  const name = constraintName(key, statement, context);
  const word = key.kind === "primary key" ? "PRIMARY KEY" : "UNIQUE";
  const timing = `${key.deferrable ? " DEFERRABLE" : ""}${key.initiallyDeferred ? " INITIALLY DEFERRED" : ""}`;
  const definition = indexDefinition(key, context);
  const table = context.nameOf(statement.table);
  const schemaSql = statement.table.schema === null ? "" : `${context.text(statement.table.schema.span)}.`;
  const known = schema.findTable(statement.table);
  if (known !== undefined && known.partitionBy !== null) {
    const list = `(${key.columns.map((column) => context.text(column.span)).join(", ")})`;
    const whole = `${word}${key.nullsNotDistinct ? " NULLS NOT DISTINCT" : ""} ${list}${included(key, context)}${timing}`;
    return partitionedIndexRecipe(
      {
        parent: known,
        parentSql: table,
        schemaSql,
        name: nameOfConstraint(key, name),
        create: "CREATE UNIQUE INDEX",
        keys: [...key.columns, ...key.including].map((column) => column.name),
        expressions: [],
        label: key.kind === "primary key" ? "pkey" : "key",
        definition,
        top: `ALTER TABLE ONLY ${table} ADD CONSTRAINT ${name} ${whole};`,
        constraint: (index) => (index === "" ? whole : `${word} USING INDEX ${index}${timing}`),
      },
      context,
    );
  }
  // The name may still belong to the key that goes; the index takes it over together with the constraint.
  const index = indexName(key, name, context);
  return [
    ...outsideTransaction(
      "Build the unique index while others read and write",
      [`CREATE UNIQUE INDEX CONCURRENTLY ${index} ON ${table} ${definition};`],
      context,
    ),
    {
      title: "Make it the constraint's index: nothing is built",
      sql: `${alterHead(statement, context)} ${dropsBefore(key, name, context)}ADD CONSTRAINT ${name} ${word} USING INDEX ${index}${timing};`,
      transaction: true,
    },
  ];
}

function indexName(key: KeyConstraint, name: string, context: Context): string {
  const isTaken = isNameTaken(context.table, context);
  const bare = nameOfConstraint(key, name);
  return isTaken(bare) ? freshName([bare, "new"], isTaken) : name;
}

function nameOfConstraint(key: KeyConstraint, sql: string): string {
  if (key.name !== null) return truncateName(key.name.name);
  return sql.startsWith('"') ? sql.slice(1, -1).replaceAll('""', '"') : sql;
}

/** `(a, b) INCLUDE (c) NULLS NOT DISTINCT WITH (fillfactor = 70) TABLESPACE fast`, in the order that CREATE INDEX wants. */
function indexDefinition(key: KeyConstraint, context: Context): string {
  const columns = key.columns.map((column) => context.text(column.span)).join(", ");
  const nulls = key.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
  const options = storageOptions(key, context);
  const space = key.tablespace === null ? "" : ` TABLESPACE ${context.text(key.tablespace.span)}`;
  return `(${columns})${included(key, context)}${nulls}${options}${space}`;
}

function included(key: KeyConstraint, context: Context): string {
  if (key.including.length === 0) return "";
  return ` INCLUDE (${key.including.map((column) => context.text(column.span)).join(", ")})`;
}

/** `WITH (fillfactor = 70)` of the constraint, as written. */
function storageOptions(key: KeyConstraint, context: Context): string {
  const text = context.sourceText;
  const tokens = tokensIn(text, key.span.start, key.span.end);
  const start = tokens.findIndex(
    (token, k) =>
      isWord(text, token, "with") &&
      isMark(text, tokens[k + 1], "(") &&
      !areWords(text, tokens, k - 1, "not"),
  );
  const first = tokens[start];
  const end = tokens.slice(start).find((token) => isMark(text, token, ")"));
  return first === undefined || start < 0 || end === undefined ? "" : ` ${text.slice(first.start, end.end)}`;
}
