import { keepsGenerated } from "../src/analysis/callers.ts";
import type { Origin } from "../src/analysis/entities.ts";
import type { Schema } from "../src/analysis/schema.ts";
import type { QualifiedName } from "../src/model/name.ts";
import { isRelationType, isRoutineType } from "../src/model/object-types.ts";
import type { Drop } from "../src/model/statement.ts";
import { dependentsOfFunctions } from "../src/recipes/dependents.ts";
import { areThere, clearsForItself } from "../src/recipes/made-anew.ts";
import { bareName, freshName } from "../src/recipes/text.ts";
import { hasLostUsers, noteTypeUsers } from "../src/recipes/type-users.ts";
import { renderList } from "../src/recipes/words.ts";
import { worldOf } from "../src/recipes/world.ts";
import {
  type Context,
  defineRule,
  type Finding,
  type LooseEnd,
  type Memory,
  type Migration,
} from "../src/rule.ts";

/** The names that the unit itself has given to tables: no running application uses them. */
const setAside: Memory<Set<string>> = {
  start: () => new Set(),
  note(names, statement) {
    if (statement.kind === "rename" && statement.object === "table" && statement.part === null)
      names.add(statement.to.name);
  },
};

function isType({ object }: Drop): boolean {
  return object === "type" || object === "domain";
}

export default defineRule({
  id: "drop-table",
  severity: "warning",
  category: "compatibility",
  summary:
    "DROP of a table, view, sequence, function, type or whole schema that the running application may use",
  why: `
The version of the application that is still running fails from the moment on at which something that it uses is gone.
A table takes its rows with it, and once the migration is committed only a backup brings them back.

PostgreSQL refuses to drop a type that a column still has, but knows nothing of the queries that cast to it. A type is not
reported behind the columns that had it, nor is a schema without CASCADE, which has to be empty then.`,
  instead: `
Remove it from the application first, deploy that, and drop it in a later release. Renaming a table first costs
nothing and shows who still uses it, while the way back is another rename.`,
  references: ["sql-droptable.html", "sql-altertable.html"],
  aliases: ["ban-drop-table"],
  on: ["drop", "drop column", "alter column type", "rename"],
  remembers: [setAside],

  *check(node, context) {
    if (node.kind === "drop") yield* checkDrop(node, context);
    noteTypeUsers(node, context);
  },
});

function* checkDrop(drop: Drop, context: Context): Iterable<Finding> {
  const { effects } = context;
  if (effects.fails !== null && effects.uncertain === null) return;
  const aside = drop.object === "table" ? renameFirst(drop, context) : [];
  for (const name of drop.names) {
    if (isRelationType(drop.object) && drop.object !== "index")
      yield* checkRelation(drop, name, aside, context);
    else if (isRoutineType(drop.object) || drop.object === "aggregate")
      yield* checkRoutine(drop, name, context);
    else if (isType(drop)) yield* checkType(drop, name, context);
    else if (drop.object === "schema" && drop.cascade) yield* checkSchema(drop, name, context);
  }
}

function* checkRelation(
  drop: Drop,
  name: QualifiedName,
  aside: readonly Migration[],
  context: Context,
): Iterable<Finding> {
  if (!isInUse(drop, name, context)) return;
  const written = context.nameOf(name);
  // IF EXISTS over something unknown, and then CREATE, is how a file is made to run twice.
  const isUnknown = drop.ifExists && context.schema.findRelation(name) === undefined;
  if (drop.object === "table" && !isUnknown && context.recall(setAside).has(name.name.name)) {
    yield {
      at: name.span,
      message: `The rows of ${written} are gone for good once it is dropped: what nobody has copied by then is lost`,
      showsImpact: false,
      advice: `Leave ${written} where it is, and drop it in a later release, when nobody has missed a row`,
    };
    return;
  }
  if (drop.object === "table") {
    yield {
      at: name.span,
      message: `Queries of the running application that use ${written} fail once it is dropped, and its rows are gone for good`,
      showsImpact: false,
      // What is dropped together may point at one another: it goes together, and is told once.
      ...(drop.names.find((one) => isInUse(drop, one, context)) === name
        ? { rewrite: aside }
        : { advice: "It goes the way of the first table of the statement, together with it" }),
      looseEnd: areThere(drop.object, [name]),
    };
    if (isUnknown) return;
    yield {
      at: name.span,
      message: `${written} is dropped and made anew: rows that nobody has copied by then are gone for good`,
      showsImpact: false,
      advice: "Make the new table under another name, copy the rows, and swap the names in a later release",
      looseEnd: isNotMadeAnew(name),
    };
    return;
  }
  yield {
    at: name.span,
    message: `Queries of the running application that use ${drop.object} ${written} fail once it is dropped`,
    showsImpact: false,
    advice: `Deploy an application that does not use ${written}, then drop it in a later release`,
    // Views are commonly dropped to be made anew; a sequence that is starts from the beginning.
    ...((drop.object !== "sequence" || isUnknown) && { looseEnd: areThere(drop.object, [name]) }),
  };
}

function isNotMadeAnew(name: QualifiedName): LooseEnd {
  return { by: "file", isSettled: (end) => end.findRelation(name) === undefined };
}

function* checkRoutine(drop: Drop, name: QualifiedName, context: Context): Iterable<Finding> {
  const known = context.schema.findFunctions(name);
  const written = context.nameOf(name);
  const going = generatedBy(drop, name, context);
  if (going.length > 0)
    yield {
      at: name.span,
      message: `PostgreSQL ${context.version} drops ${renderList(going)} along with ${written}, though nobody says CASCADE`,
      showsImpact: false,
      advice: `Change ${written} by CREATE OR REPLACE FUNCTION; where it has to go, drop what it computes by name first`,
    };
  // A trigger function cannot be called, and PostgreSQL refuses to drop it while a trigger runs it.
  // What this file has made is a helper of its own, OR REPLACE or not, unless an earlier one had made it before.
  const isOwn = ({ origin }: { readonly origin: Origin | null }) => context.isNewEntity({ origin });
  if (known.length > 0 && known.every((one) => one.isTrigger || isOwn(one))) return;
  // IF EXISTS over what no migration has made is there to be sure, whether or not there is more to the history.
  if (known.length === 0 && drop.ifExists) return;
  yield {
    at: name.span,
    message: `Calls of ${written} by the running application fail once it is dropped`,
    showsImpact: false,
    advice: `Deploy an application that does not call ${written}, then drop it in a later release`,
    looseEnd: areThere(drop.object, [name]),
  };
}

/** The generated columns that call it: those of CASCADE are told by drop-cascade, and from 15 on the server refuses. */
function generatedBy(drop: Drop, name: QualifiedName, context: Context): string[] {
  if (drop.cascade || context.version >= keepsGenerated) return [];
  return dependentsOfFunctions(worldOf(context), drop, name)
    .filter(({ kind }) => kind === "generated column")
    .map(({ words }) => words);
}

function* checkType(drop: Drop, name: QualifiedName, context: Context): Iterable<Finding> {
  const known = context.schema.findType(name);
  if (hasLostUsers(name, context) || (known === undefined ? drop.ifExists : context.isNewEntity(known)))
    return;
  const written = context.nameOf(name);
  yield {
    at: name.span,
    message: `Queries of the running application that cast to ${written}, or hand over values of it, fail once it is dropped`,
    showsImpact: false,
    advice: `Deploy an application that does not name ${written}, then drop it in a later release`,
    looseEnd: areThere(drop.object, [name]),
  };
}

/** What is in it goes with it, and drop-cascade tells what that is. */
function* checkSchema(drop: Drop, name: QualifiedName, context: Context): Iterable<Finding> {
  const { schema } = context;
  const inside = schema.usersOf("in", name.name.name);
  const isGone = inside.length === 0 && drop.ifExists && schema.isComplete && schema.isTelling;
  if (isGone || (inside.length > 0 && inside.every((one) => context.isNewEntity(one)))) return;
  const written = context.nameOf(name);
  const looseEnd = clearsForItself(drop, context);
  yield {
    at: name.span,
    message: `Queries of the running application that use what is in ${written} fail once it is dropped, and the rows of its tables are gone for good`,
    showsImpact: false,
    advice: `Drop what is in ${written} by name, once no running version of the application uses it, and then the empty schema`,
    ...(looseEnd !== null && { looseEnd }),
  };
}

/** IF EXISTS over something that a complete history never made, or has dropped already. */
function isMissing(drop: Drop, name: QualifiedName, schema: Schema): boolean {
  if (!drop.ifExists || !schema.isTelling || schema.findRelation(name) !== undefined) return false;
  // What is missing elsewhere says nothing of a schema all of whose relations are known.
  return schema.isComplete || !schema.hasAssumed(name.schema?.name ?? "public");
}

function isInUse(drop: Drop, name: QualifiedName, context: Context): boolean {
  return !context.isNew(name) && !isMissing(drop, name, context.schema);
}

function renameFirst(drop: Drop, context: Context): Migration[] {
  const { schema } = context;
  const given = new Set<string>();
  const renames: string[] = [];
  // The author does not know either whether they are there.
  const isUnsure = drop.ifExists && drop.names.some((name) => schema.findRelation(name) === undefined);
  const guard = isUnsure ? "IF EXISTS " : "";
  const used = drop.names.filter((name) => isInUse(drop, name, context));
  const dropped = drop.names.map((name) => {
    const written = context.nameOf(name);
    if (!used.includes(name)) return written;
    const aside = freshName(
      [name.name.name, "unused"],
      (taken) =>
        given.has(taken) ||
        schema.findRelation({ schema: name.schema?.name ?? null, name: taken }) !== undefined,
    );
    given.add(bareName(aside));
    renames.push(`ALTER TABLE ${guard}${written} RENAME TO ${aside};`);
    return `${name.schema === null ? "" : `${context.text(name.schema.span)}.`}${aside}`;
  });
  const them = used.length === 1 ? "it" : "them";
  return [
    {
      title: `Set ${used.length === 1 ? "the table" : "the tables"} aside, so that what still uses ${them} shows while the way back is a rename`,
      sql: renames.join("\n"),
      transaction: true,
      after: `no running version of the application uses ${renderList(used.map((name) => context.nameOf(name)))}`,
    },
    {
      title: `Drop ${them}`,
      // Without it PostgreSQL would refuse what the author's own statement drops; drop-cascade names that.
      sql: `DROP TABLE ${guard}${dropped.join(", ")}${drop.cascade ? " CASCADE" : ""};`,
      transaction: true,
      after: `nobody has missed ${them} for some days`,
    },
  ];
}
