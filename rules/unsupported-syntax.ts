import type { Statement } from "../src/model/statement.ts";
import { notNullSteps, notNullTarget } from "../src/recipes/new-not-null.ts";
import { newSyntax } from "../src/recipes/new-syntax.ts";
import { type Context, defineRule, type Finding } from "../src/rule.ts";
import type { Span } from "../src/text/span.ts";

export default defineRule({
  id: "unsupported-syntax",
  severity: "error",
  category: "error",
  summary: "Syntax that only a newer PostgreSQL than the target has",
  why: `
The statement is valid on a newer server. On the target it is a syntax error, and the migration stops there; most
likely it was written and tried against another version than the one that runs in production.

The target is \`postgresVersion\` of the configuration.`,
  instead: "Use the form that the target has, or say which version the target is.",
  references: ["release.html"],
  versions: { to: 17 },
  on: ["statement", "syntax error"],

  *check(statement, context) {
    if (statement.kind === "syntax error") {
      if (statement.lacks !== undefined) yield tell(statement.at, statement.lacks, context);
      return;
    }
    const { fails, uncertain } = context.effects;
    // A block is parsed whole before any of it runs; what its names mean is asked when it gets there.
    if (context.asksVersion && (context.isReadLate || fails?.sqlstate !== "42601")) return;
    const found = newSyntax(statement, context).filter(({ since }) => since > context.version);
    // What the words alone do not show, the analysis may know.
    if (found.length === 0 && fails?.lacks !== undefined && uncertain === null)
      found.push({ at: statement.head, ...fails.lacks });
    for (const { at, isLikely, ...lacks } of found)
      yield {
        ...tell(at, lacks, context),
        ...(isLikely === true ? { severity: "warning" as const } : {}),
        ...(context.isVersionAssumed ? {} : olderForm(statement, at, context)),
      };
  },
});

function tell(at: Span, { what, since }: { what: string; since: number }, context: Context): Finding {
  return {
    at,
    message: `PostgreSQL ${context.version} does not know ${what}: it came with PostgreSQL ${since}`,
    ...(context.isVersionAssumed ? { advice: sayVersion(since) } : {}),
    showsImpact: false,
  };
}

/** NOT NULL as a constraint of its own has a form that every server takes. */
function olderForm(statement: Statement, at: Span, context: Context): Pick<Finding, "rewrite"> {
  const actions = statement.kind === "alter table" ? statement.actions : [];
  const action = actions.find((one) => one.kind === "add constraint" && one.constraint.span === at);
  const target = action?.kind === "add constraint" ? notNullTarget(action) : null;
  if (target === null) return {};
  if (!context.hasNoRows(context.table.table)) return { rewrite: notNullSteps(target, context) };
  const sql = `ALTER TABLE ${context.nameOf(context.table.table)} ALTER COLUMN ${context.text(target.column.span)} SET NOT NULL;`;
  return { rewrite: [{ title: "Say it in the form that every server takes", sql, transaction: true }] };
}

function sayVersion(since: number): string {
  return `If PostgreSQL ${since} or later runs, say so in the configuration: "postgresVersion": ${since}`;
}
