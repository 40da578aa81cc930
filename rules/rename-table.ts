import type { Sequence, UserFunction, UserType } from "../src/analysis/entities.ts";
import type { Schema } from "../src/analysis/schema.ts";
import type { QualifiedName } from "../src/model/name.ts";
import type { Rename, SetSchema } from "../src/model/statement.ts";
import { isNamedBySerial } from "../src/recipes/serial-name.ts";
import { terminated } from "../src/recipes/text.ts";
import {
  type Context,
  defineRule,
  type Finding,
  type LooseEnd,
  type Memory,
  type Migration,
} from "../src/rule.ts";
import { truncateName } from "../src/sql/names.ts";

/** The names that tables and views of the unit have given up so far, by being renamed or dropped. */
const givenUp: Memory<Set<string>> = {
  start: () => new Set(),
  note(names, statement) {
    if (statement.kind === "rename" && objects.includes(statement.object) && statement.part === null)
      names.add(statement.target.name.name);
    if (statement.kind === "drop" && objects.includes(statement.object))
      for (const { name } of statement.names) names.add(name.name);
  },
};

const objects = ["table", "foreign table", "view", "materialized view"];

export default defineRule({
  id: "rename-table",
  severity: "error",
  category: "compatibility",
  summary:
    "RENAME or SET SCHEMA of a table, view, sequence, function or type that the running application may use",
  why: `
The version of the application that is still running knows the old name only: from the rename until its last process
is gone, its queries fail.

Inside the database nothing breaks: views, foreign keys and triggers follow the table. Functions whose bodies are text
do not: they fail when they are called.`,
  instead: `
Rename the table and, in the same transaction, create a view of the old name. SELECT, INSERT, UPDATE and DELETE work on a
view that selects all columns of one table as they do on the table. Drop it when nothing uses the old name any more.`,
  references: [
    "sql-altertable.html#SQL-ALTERTABLE-DESC-RENAME",
    "sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS",
  ],
  aliases: ["renaming-table"],
  on: ["rename", "set schema"],
  remembers: [givenUp],

  *check(statement, context): Iterable<Finding> {
    const { target } = statement;
    if (statement.kind === "rename" && statement.object === "schema") {
      yield* checkSchema(statement, context);
      return;
    }
    const object = objectOf(statement, context);
    if (checkedNames.has(object)) {
      yield* checkCalled(statement, object, context);
      return;
    }
    // Nobody but maintenance names an index.
    if (!objects.includes(object) || (statement.kind === "rename" && statement.part !== null)) return;
    if (context.isNew(target) || isGiven(statement, context)) return;
    // It takes the place of what the application uses, as it was meant to.
    if (statement.kind === "rename" && context.recall(givenUp).has(statement.to.name)) return;
    const written = context.nameOf(target);
    yield {
      at: statement.head,
      message: `Queries of the running application that use ${written} fail the moment it is ${statement.kind === "rename" ? "renamed" : "moved to another schema"}`,
      showsImpact: false,
      ...(object === "table" && !isGuarded(target, context)
        ? { rewrite: viewOfOldName(statement, context) }
        : {
            advice: `Leave the old one in place beside the new one, until no running version of the application uses ${written}`,
          }),
      // A view of the old name, or another table that takes its place.
      looseEnd: (after) => comesBack(target, after.findRelation(target)?.id),
    };
  },
});

/** Whether it has its name from the same release, as in a swap: then nobody uses that yet. */
function isGiven(statement: Rename | SetSchema, { notes, schema }: Context): boolean {
  const found = schema.findRelation(statement.target);
  if (found === undefined) return false;
  const given = notes.get(String(found.id));
  const isRename = statement.kind === "rename";
  const to = truncateName(statement.to.name);
  notes.set(String(found.id), isRename ? `${found.schema}.${to}` : `${to}.${found.name}`);
  return given === `${found.schema}.${found.name}`;
}

/** What it is: ALTER TABLE takes views, sequences and indexes as well. */
function objectOf({ object, target }: Rename | SetSchema, { schema }: Context): string {
  return object === "table" ? (schema.findRelation(target)?.kind ?? object) : object;
}

/** What the application calls by its name, beside tables and views, and what to do instead. */
const checkedNames: ReadonlyMap<string, (name: string) => string> = new Map([
  [
    "sequence",
    (name) =>
      `Keep the name, or create a sequence that starts well above ${name}, and drop ${name} when no running version of the application uses it`,
  ],
  ...["function", "procedure", "routine", "aggregate"].map(
    (object) =>
      [
        object,
        (name: string) =>
          `Create it under the new name beside ${name}, and drop ${name} when no running version of the application calls it`,
      ] as const,
  ),
  ...["type", "domain"].map(
    (object) =>
      [
        object,
        (name: string) => `Keep the name ${name}; the application may call it something else`,
      ] as const,
  ),
]);

/** The application may leave these to defaults and columns: whether it names them itself, the history does not tell. */
function* checkCalled(statement: Rename | SetSchema, object: string, context: Context): Iterable<Finding> {
  const { target } = statement;
  if (statement.kind === "rename" && statement.part !== null) return;
  const found = namesakes(object, target, context.schema);
  if (found.length > 0 && found.every((one) => isNobodys(one, context))) return;
  if (object === "sequence" && found.length === 0 && isNamedBySerial(target, context.schema)) return;
  const written = context.nameOf(target);
  const ids = new Set(found.map(({ id }) => id));
  yield {
    at: statement.head,
    message: `Queries of the running application that name ${written} fail the moment it is ${statement.kind === "rename" ? "renamed" : "moved to another schema"}`,
    severity: "warning",
    showsImpact: false,
    advice: checkedNames.get(object)?.(written) ?? "",
    looseEnd: isReplaced(object, target, ids),
  };
}

function namesakes(object: string, name: QualifiedName, schema: Schema): readonly Called[] {
  const type = schema.findType(name);
  if (object === "type" || object === "domain") return type === undefined ? [] : [type];
  if (object !== "sequence") return schema.findFunctions(name);
  const sequence = schema.findSequence(name);
  return sequence === undefined ? [] : [sequence];
}

type Called = UserType | UserFunction | Sequence;

/** What came to be just now, what columns take their numbers from, and what only triggers run. */
function isNobodys(one: Called, context: Context): boolean {
  if (context.isNewEntity(one)) return true;
  return one.kind === "sequence" ? one.ownedBy !== null : "isTrigger" in one && one.isTrigger;
}

/** Before 15 a view reads with its owner's rights, past the row security of the table. */
function isGuarded(name: QualifiedName, context: Context): boolean {
  return context.version < 15 && context.schema.findTable(name)?.rowSecurity === true;
}

function comesBack(name: QualifiedName, left: number | undefined): LooseEnd {
  return {
    by: "file",
    isSettled(end) {
      const found = end.findRelation(name);
      return found !== undefined && found.id !== left;
    },
  };
}

function isReplaced(object: string, name: QualifiedName, known: ReadonlySet<number>): LooseEnd {
  return { by: "file", isSettled: (end) => namesakes(object, name, end).some(({ id }) => !known.has(id)) };
}

function* checkSchema(rename: Rename, context: Context): Iterable<Finding> {
  const name = rename.target.name.name;
  const inside = context.schema.usersOf("in", name);
  if (inside.length > 0 && inside.every((one) => context.isNewEntity(one))) return;
  const written = context.nameOf(rename.target);
  yield {
    at: rename.head,
    message: `Queries of the running application that name something in ${written} fail the moment it is renamed`,
    showsImpact: false,
    advice: `Create the new schema, move the tables one by one and leave a view of the old name for each, and drop ${written} when nothing uses it`,
  };
}

function viewOfOldName(statement: Rename | SetSchema, context: Context): Migration[] {
  const { target } = statement;
  const written = context.nameOf(target);
  const to = context.text(statement.to.span);
  const schema = target.schema === null ? "" : `${context.text(target.schema.span)}.`;
  const fresh = statement.kind === "rename" ? schema + to : `${to}.${context.text(target.name.span)}`;
  // Otherwise the view would read with its owner's rights.
  const invoker = context.version >= 15 ? " WITH (security_invoker = true)" : "";
  const rename = terminated(context.text(statement.span));
  const sql = `${rename}\nCREATE VIEW ${written}${invoker} AS SELECT * FROM ${fresh};`;
  return [
    {
      title: `${statement.kind === "rename" ? "Rename it" : "Move it"} and leave a view of the old name, with the grants of the table, in one transaction`,
      sql,
      transaction: true,
      whole: true,
      // A view cannot be made on condition.
      ...(statement.ifExists && context.schema.findRelation(target) === undefined
        ? { after: `somebody has seen that ${written} is there` }
        : {}),
    },
    {
      title: "Drop the view",
      sql: `DROP VIEW ${written};`,
      transaction: true,
      after: `no running version of the application uses ${written}`,
    },
  ];
}
