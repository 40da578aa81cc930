import { shortName } from "../src/analysis/effect.ts";
import { type Domain, domainOf, isActive } from "../src/analysis/effects/domains.ts";
import { columnTypeRecipe } from "../src/recipes/column-type.ts";
import { askedDomainRecipe } from "../src/recipes/constrained-domain.ts";
import { renderList } from "../src/recipes/words.ts";
import { worldOf } from "../src/recipes/world.ts";
import { type Context, defineRule, type Finding, type NodeOf } from "../src/rule.ts";
import { quoteName } from "../src/sql/names.ts";

export default defineRule({
  id: "column-type-change",
  severity: "error",
  category: "lock",
  summary: "ALTER COLUMN TYPE that rewrites the table, rebuilds its indexes or checks every row",
  why: `
ALTER COLUMN TYPE takes an ACCESS EXCLUSIVE lock. Where the new type stores values differently the whole table and all its
indexes are written anew, and nobody reads or writes it meanwhile.

Some changes touch the catalog only: a longer or unlimited varchar, varchar to text, numeric with more digits and the same
scale, a higher precision of a timestamp, timestamp to timestamptz while the session's TimeZone is UTC (which rebuilds the
indexes on the column). Even then an index with an expression or a predicate on the column is rebuilt, and a CHECK on it is
verified against every row.`,
  instead: `
Add a new column of the new type, keep both in step with a trigger, fill it in batches, and swap the two once the
application reads the new one.`,
  references: ["sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DATA-TYPE"],
  aliases: ["changing-column-type"],
  on: ["alter column type", "alter type"],

  *check(node, context) {
    if (node.kind === "alter type") {
      yield* ofTypedTables(node, context);
      return;
    }
    const action = node;
    const { table } = context.table;
    if (context.hasNoRows(table)) return;
    const { rewrites, buildsIndexes, fails, uncertain } = context.effects;
    if (fails !== null) return;
    const work = workOf(context);
    if (work === null) return;
    const isKnownRewrite = rewrites.length > 0 && uncertain === null;
    const tableName = context.nameOf(table);
    const column = context.text(action.column.span);
    const domain = domainOf(worldOf(context), action.type);
    const asked = isActive(domain) ? domain : null;
    const steps = rewrites.length > 0 ? stepsFor(action, asked, context) : null;
    const message =
      uncertain === null
        ? `Reads and writes of ${tableName} wait while ${work}`
        : `Changing the type of ${column} may block reads and writes of ${tableName} while ${work}: it depends on ${uncertain.on}`;
    yield {
      at: action.head,
      message,
      ...(isKnownRewrite ? {} : { severity: "warning" as const }),
      ...(steps !== null
        ? { rewrite: steps }
        : {
            advice: rewrites.length > 0 ? inWords(column, asked) : adviceFor(column, buildsIndexes, context),
          }),
    };
  },
});

/** Tables made OF a type whose attribute gets another one: their columns follow. */
function* ofTypedTables(statement: NodeOf<"alter type">, context: Context): Iterable<Finding> {
  const { rewrites, fails, uncertain } = context.effects;
  if (fails !== null || uncertain !== null) return;
  const waited = context.waitedFor().filter(({ relation }) => rewrites.includes(relation));
  if (waited.length === 0) return;
  const names = renderList(waited.map(({ relation }) => shortName(relation)));
  yield {
    at: statement.head,
    message: `Reads and writes of ${names} wait while ${waited.length === 1 ? "the whole table is" : "they are"} written anew to follow the type`,
    advice: `Take ${names} off the type with ALTER TABLE ... NOT OF, change the column by way of a new one, and the type by itself`,
  };
}

/** A new column of a domain that has constraints would be written anew as well, and one that has a default filled with it. */
function stepsFor(action: NodeOf<"alter column type">, domain: Domain | null, context: Context) {
  return domain === null ? columnTypeRecipe(action, context) : askedDomainRecipe(action, domain, context);
}

/** Where something hangs on the column that the migrations do not tell well enough to print it. */
function inWords(column: string, domain: Domain | null = null): string {
  if (domain?.isConstrained === true)
    return `Give ${column} the type that the domain is made of, by way of a new column where it has another one, and say what the domain demands in a CHECK that is added NOT VALID and validated later`;
  const begin =
    domain === null ? "" : " with DEFAULT NULL, since the domain has a default that would fill it";
  return `Add a column of the new type${begin}, keep it in step with ${column} by a trigger, fill the older rows in batches, give it the default, the rights, the indexes, the constraints and all else that hangs on ${column}, extended statistics and publications among them, and swap the names of the two in one transaction`;
}

/** Where only indexes and constraints are in the way, they can be out of it for as long as the type changes. */
function adviceFor(column: string, indexes: readonly string[], context: Context): string {
  if (holdsConstraint(context)) return inWords(column);
  if (indexes.length === 0) {
    return `Drop the CHECK on ${column} in the same ALTER TABLE, add it again NOT VALID, and validate it in the next migration`;
  }
  return `Drop ${renderList(indexes)} with DROP INDEX CONCURRENTLY before, and build ${indexes.length === 1 ? "it" : "them"} again with CREATE INDEX CONCURRENTLY after`;
}

/** Whether a rebuilt index is that of a constraint: DROP INDEX is refused there, and foreign keys may point at it. */
function holdsConstraint({ schema, table, effects }: Context): boolean {
  const own = schema.findTable(table.table);
  if (own === undefined) return false;
  return schema
    .indexesOf(own.id)
    .some(({ name, constraint }) => constraint !== null && effects.buildsIndexes.includes(quoteName(name)));
}

/** What is done to the table meanwhile; null: nothing but the catalog. */
function workOf(context: Context): string | null {
  const { rewrites, scans, buildsIndexes } = context.effects;
  if (rewrites.length > 0) return "the whole table is written anew";
  if (buildsIndexes.length > 0)
    return `${renderList(buildsIndexes)} ${buildsIndexes.length === 1 ? "is" : "are"} rebuilt`;
  return scans.length > 0 ? "a CHECK constraint is verified against every row" : null;
}
