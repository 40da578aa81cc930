import type { Action } from "../src/model/action.ts";
import { blocksReads } from "../src/model/locks.ts";
import type { QualifiedName } from "../src/model/name.ts";
import type { ForeignKey } from "../src/model/table.ts";
import { type AddColumn, addColumnWithout, addRemainder } from "../src/recipes/add-column.ts";
import { alterHead, isNameTaken, notValidRecipe } from "../src/recipes/alter-table.ts";
import { foreignKeyRecipe } from "../src/recipes/foreign-key.ts";
import { foreignKeySql } from "../src/recipes/foreign-key-text.ts";
import { afterOldColumn, afterOwnColumns } from "../src/recipes/own-columns.ts";
import { freshName } from "../src/recipes/text.ts";
import { renderList } from "../src/recipes/words.ts";
import { type Context, defineRule, type Finding, type Migration, type NodeOf } from "../src/rule.ts";
import { splitQualified } from "../src/sql/names.ts";
import { isWord, tokenize } from "../src/sql/tokens.ts";

export default defineRule({
  id: "foreign-key-without-not-valid",
  severity: "error",
  category: "lock",
  summary: "Foreign key that checks every row while nobody can write",
  why: `
ADD FOREIGN KEY takes a SHARE ROW EXCLUSIVE lock on both tables and then looks every row up in the referenced table. Reads go on, but
writes to both tables wait until it is done.

With NOT VALID the lock is there for a moment only. New and changed rows are checked from then on; VALIDATE CONSTRAINT checks the
older ones later, while others read and write. ADD COLUMN ... REFERENCES without a default checks nothing, since all rows get
null. Before PostgreSQL 18 a partitioned table cannot have a foreign key NOT VALID, but its partitions can.

ALTER CONSTRAINT ... ENFORCED (PostgreSQL 18) looks all rows up as well, and keeps readers out meanwhile.`,
  instead: "Add the foreign key NOT VALID, and validate it in a later transaction.",
  references: [
    "sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT",
    "sql-altertable.html#SQL-ALTERTABLE-NOTES",
  ],
  aliases: ["adding-foreign-key-constraint"],
  on: ["add constraint", "add column", "alter constraint"],

  *check(action: Action, context) {
    if (context.hasNoRows(context.table.table)) return;
    const { scans, rewrites } = context.effects;
    if (scans.length === 0 || rewrites.length > 0) return;
    if (action.kind === "add constraint") {
      const { constraint } = action;
      if (constraint.kind !== "foreign key" || constraint.notValid) return;
      const rewrite = afterOwnColumns(foreignKeyRecipe(constraint, context), constraint, context);
      yield {
        at: action.head,
        message: messageOf(constraint, context),
        ...(rewrite.length > 0 ? { rewrite } : { advice: onUnseenPartitions }),
      };
    }
    if (action.kind === "alter constraint" && action.enforced === true) yield enforced(action, context);
    if (action.kind !== "add column" || action.column.default === null) return;
    const keys = action.column.constraints.filter(isForeignKey);
    const [key] = keys;
    if (key === undefined) return;
    yield { at: key.span, message: messageOf(key, context), rewrite: columnSteps(action, keys, context) };
  },
});

const onUnseenPartitions =
  "Before PostgreSQL 18 a partitioned table takes no foreign key NOT VALID. Add it to each partition NOT VALID and validate it there; then the table takes them over without reading a row";

function isForeignKey(constraint: { readonly kind: string }): constraint is ForeignKey {
  return constraint.kind === "foreign key";
}

function messageOf(key: ForeignKey, context: Context): string {
  const own = context.table.table;
  const isItself = isSame(own, key.references, context);
  const table = context.nameOf(own);
  const other = isItself ? table : context.nameOf(key.references);
  // Nobody waits for a table that is new itself.
  const held = isItself || context.isNew(key.references) ? [own] : [own, key.references];
  // Beside an action that locks more, as the one that drops the old key does, readers wait as well.
  const isForAll = (name: QualifiedName) => isKeptFromReaders(name, context);
  const list = (names: readonly QualifiedName[]) => renderList(names.map((name) => context.nameOf(name)));
  const [all, writers] = [held.filter(isForAll), held.filter((name) => !isForAll(name))];
  const waiting = [
    ...(all.length > 0 ? [`reads and writes of ${list(all)}`] : []),
    ...(writers.length > 0 ? [`writes to ${list(writers)}`] : []),
  ];
  const who = waiting.length > 1 ? `${waiting.join(", and ")},` : (waiting[0] ?? "");
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} wait while every row of ${table} is looked up in ${other}`;
}

function isSame(first: QualifiedName, second: QualifiedName, context: Context): boolean {
  const known = context.schema.findTable(first);
  if (known === undefined) return context.nameOf(first) === context.nameOf(second);
  return known.id === context.schema.findTable(second)?.id;
}

function isKeptFromReaders(name: QualifiedName, context: Context): boolean {
  const known = context.schema.findRelation(name);
  return context.effects.locks.some(
    ({ id, relation, mode }) =>
      blocksReads(mode) &&
      (known === undefined ? splitQualified(relation).name === name.name.name : id === known.id),
  );
}

function columnSteps(action: AddColumn, keys: readonly ForeignKey[], context: Context): Migration[] {
  const sql = addColumnWithout(action, { constraints: isForeignKey }, context);
  const [first, ...rest] = addRemainder(action, { isRequired: false, constraints: keys }, context);
  if (first === undefined) return [];
  return [
    {
      ...first,
      sql: `${sql}\n${first.sql}`,
      title: "Add the column, then the foreign key; no row is read",
      ...afterOldColumn(action, context),
    },
    ...rest,
  ];
}

/** The key without NOT ENFORCED. */
function withoutMark(definition: string): string {
  const tokens = tokenize(definition);
  const isAt = (k: number, word: string) => isWord(definition, tokens[k], word);
  const at = tokens.findIndex((_, k) => isAt(k, "not") && isAt(k + 1, "enforced"));
  const [start, end] = [tokens[at - 1]?.end, tokens[at + 1]?.end];
  return start === undefined || end === undefined
    ? definition
    : definition.slice(0, start) + definition.slice(end);
}

/** One that nobody enforced so far (18). A second key beside it can be NOT VALID, and takes its name in the end. */
function enforced(action: NodeOf<"alter constraint">, context: Context): Finding {
  const { table: statement, schema } = context;
  const table = context.nameOf(statement.table);
  const name = context.text(action.constraint.span);
  const known = schema.findTable(statement.table);
  const key = known?.constraints.find((one) => one.name === action.constraint.name);
  const message = `Reads and writes of ${table} wait while every row is looked up for ${name}`;
  const definition = key?.kind === "foreign key" ? foreignKeySql(key.columns, key) : null;
  if (definition === null)
    return {
      at: action.head,
      message,
      advice: `Add the same key beside it NOT VALID, validate it, and drop ${name}`,
    };
  const beside = freshName([action.constraint.name, "enforced"], isNameTaken(statement, context));
  const head = alterHead(statement, context);
  return {
    at: action.head,
    message,
    rewrite: [
      ...notValidRecipe(head, beside, withoutMark(definition), {
        drops: "",
        add: "Check new and changed rows from now on; older rows are not read",
        validate: "Check the older rows while others read and write",
      }),
      {
        title: "Let it take the place of the other",
        sql: `${head} DROP CONSTRAINT ${name};\n${head} RENAME CONSTRAINT ${beside} TO ${name};`,
        transaction: true,
        after: "the step before is committed",
      },
    ],
  };
}
