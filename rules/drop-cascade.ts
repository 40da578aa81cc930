import type { QualifiedName } from "../src/model/name.ts";
import { isRelationType, isRoutineType } from "../src/model/object-types.ts";
import type { Drop } from "../src/model/statement.ts";
import {
  type Dependent,
  dependentsOfColumn,
  dependentsOfFunctions,
  dependentsOfRelation,
  describe,
} from "../src/recipes/dependents.ts";
import { clearsForItself, isThere } from "../src/recipes/made-anew.ts";
import { relationSql } from "../src/recipes/names.ts";
import { editedText, terminated } from "../src/recipes/text.ts";
import { renderList, verb } from "../src/recipes/words.ts";
import { worldOf } from "../src/recipes/world.ts";
import { type Context, defineRule, type Finding, type Migration } from "../src/rule.ts";
import { quoteName } from "../src/sql/names.ts";
import { isWord, tokenize } from "../src/sql/tokens.ts";
import type { Span } from "../src/text/span.ts";

export default defineRule({
  id: "drop-cascade",
  severity: "warning",
  category: "compatibility",
  summary: "DROP ... CASCADE, which drops whatever depends on the object",
  why: `
CASCADE drops everything that depends on the object, and everything that depends on that: views, foreign keys of other
tables, column defaults, columns of a dropped type. What that is depends on the server, not on the migration, and
PostgreSQL tells it in a notice that nobody reads.

Without CASCADE the statement fails and names the dependents: a safe way to learn of them. Where nothing depends on the
object the word changes nothing, but for what somebody has made by hand on that one server.`,
  instead: "Drop the dependents by name in the statements before, and leave CASCADE out.",
  references: ["ddl-depend.html", "sql-droptable.html"],
  on: ["drop", "drop column", "drop constraint", "alter domain", "alter type"],

  *check(node, context): Iterable<Finding> {
    if (!node.cascade) return;
    const at = cascadeOf(node.span, context);
    if (node.kind === "drop") {
      if (lonely.includes(node.object)) return;
      yield* checkDrop(node, at, context);
      return;
    }
    if (node.kind === "alter domain" || node.kind === "alter type") return;
    const { table } = context.table;
    const known = context.schema.findTable(table);
    if (context.isNew(table)) return;
    const name = node.kind === "drop column" ? node.column : node.constraint;
    // A key takes along the foreign keys that point at it, as its columns would. Nothing can depend on other constraints.
    const key = known?.constraints.find((one) => one.name === name.name);
    if (node.kind === "drop constraint" && key !== undefined && !keys.has(key.kind)) return;
    const columns = node.kind === "drop column" ? [name.name] : (key?.columns ?? []);
    const dependents =
      known === undefined
        ? []
        : columns.flatMap((column) => dependentsOfColumn(context.schema, known, column));
    const counted =
      node.kind === "drop column" ? dependents : dependents.filter(({ kind }) => kind === "foreign key");
    const isSure = context.schema.isComplete && known?.isComplete === true;
    yield* report(context.text(name.span), counted, isSure, at, context);
  },
});

const keys: ReadonlySet<string> = new Set(["primary key", "unique"]);

/** Nothing can depend on these: CASCADE is a word too many. */
const lonely = ["trigger", "rule", "policy", "event trigger", "publication", "subscription"];

function* checkDrop(drop: Drop, at: Span, context: Context): Iterable<Finding> {
  const { schema } = context;
  const names = drop.names.filter((name) => !isNewObject(drop, name, context));
  if (names.length === 0) return;
  const dependents = names.flatMap((name) => dependentsOf(drop, name, context));
  const areKnown = names.every((name) => isKnown(drop, name, context));
  const isMissing = drop.ifExists && !names.some((name) => isKnown(drop, name, context));
  const isComplete = schema.isComplete && schema.isTelling;
  if (isMissing && isComplete) return;
  const looseEnd = clearsForItself(drop, context);
  const found = report(
    renderList(names.map((name) => context.nameOf(name))),
    dependents,
    isKept(drop.object) && isComplete && areKnown && !mayBeCalled(drop.object),
    at,
    context,
  );
  for (const finding of found) yield looseEnd === null ? finding : { ...finding, looseEnd };
}

/** What goes along. Where the history shows nothing, the word does no good either: people make views by hand as well. */
function* report(
  name: string,
  dependents: readonly Dependent[],
  isSure: boolean,
  at: Span,
  context: Context,
): Iterable<Finding> {
  const going = [...new Set(dependents.map(({ words }) => words))];
  yield {
    at,
    message:
      going.length === 0
        ? isSure
          ? `Nothing in the migrations depends on ${name}: CASCADE drops, unseen, what was made by hand`
          : `CASCADE drops whatever depends on ${name} as well, unseen`
        : `CASCADE drops ${renderList(going)} along with ${name}`,
    showsImpact: false,
    ...(going.length === 0
      ? { rewrite: withoutCascade(at, context) }
      : {
          advice: `Drop ${verb(going.length, "it", "them")} by name first, once nothing uses ${verb(going.length, "it", "them")}, and leave CASCADE out`,
        }),
  };
}

function withoutCascade(at: Span, context: Context): Migration[] {
  const { sourceText, statement } = context;
  const edits = [{ start: at.start, end: at.end, text: "" }];
  const sql = editedText(sourceText, statement.span, edits).replaceAll(/[ \t]+(?=$|[,;\n])/g, "");
  return [
    {
      title: "Let PostgreSQL refuse it while something depends on it",
      sql: terminated(sql),
      transaction: true,
    },
  ];
}

/** The word CASCADE that ends the node. */
function cascadeOf(span: Span, context: Context): Span {
  const tokens = tokenize(context.sourceText, span.start, span.end);
  return tokens.findLast((token) => isWord(context.sourceText, token, "cascade")) ?? span;
}

function dependentsOf(drop: Drop, name: QualifiedName, context: Context): Dependent[] {
  const { schema } = context;
  if (drop.object === "schema") {
    const inside = schema.usersOf("in", name.name.name).filter((one) => one.kind !== "index");
    return inside.map(describe);
  }
  if (drop.object === "type" || drop.object === "domain") {
    const type = schema.findType(name);
    if (type === undefined) return [];
    const columns = schema.tablesUsingType(type.id).flatMap((table) =>
      table.columns
        .filter((column) => column.type?.name === type.name)
        .map(({ name: column }) => ({
          kind: "column" as const,
          words: `column ${quoteName(column)} of ${relationSql(table)}`,
        })),
    );
    return [...schema.typedTables(type.id).map(describe), ...columns];
  }
  if (isRoutineType(drop.object)) {
    return dependentsOfFunctions(worldOf(context), drop, name);
  }
  const relation = schema.findRelation(name);
  const going = new Set(drop.names.flatMap((one) => schema.findRelation(one)?.id ?? []));
  return relation === undefined ? [] : dependentsOfRelation(schema, relation, going);
}

function isNewObject(drop: Drop, name: QualifiedName, context: Context): boolean {
  if (drop.object === "type" || drop.object === "domain") {
    const type = context.schema.findType(name);
    return type !== undefined && context.isNewEntity(type);
  }
  return drop.object !== "schema" && context.isNew(name);
}

/** What the schema keeps. An extension, a language or a server that goes takes objects along that no history shows. */
function isKept(object: Drop["object"]): boolean {
  return (
    (isRelationType(object) && object !== "index") ||
    isRoutineType(object) ||
    object === "type" ||
    object === "domain" ||
    object === "schema"
  );
}

/** Functions, which defaults, indexes and views call: the history does not follow all of them. A procedure is for CALL alone. */
function mayBeCalled(object: Drop["object"]): boolean {
  return object === "function" || object === "routine";
}

function isKnown(drop: Drop, name: QualifiedName, { schema }: Context): boolean {
  return !isKept(drop.object) || isThere(drop.object, name, schema);
}
