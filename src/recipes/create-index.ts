import { timeoutSeconds } from "../analysis/session.ts";
import type { CreateIndex } from "../model/statement.ts";
import type { Context, Migration } from "../rule.ts";
import type { Edit } from "../text/span.ts";
import { editedText, terminated } from "./text.ts";

/**
 * The user's CREATE INDEX with CONCURRENTLY, in a migration of its own. IF NOT EXISTS goes: over the INVALID index of a
 * failed build it would succeed and build nothing. Timeouts in force are lifted, since a cancelled build leaves such an index.
 */
export function concurrentIndexRecipe(index: CreateIndex, context: Context): Migration[] {
  const edits: Edit[] = [{ start: index.head.end, end: index.head.end, text: " CONCURRENTLY" }];
  const name = index.index;
  let before = "";
  if (index.ifNotExists && name !== null) {
    edits.push({ start: index.head.end, end: name.span.start, text: " " });
    before = `DROP INDEX CONCURRENTLY IF EXISTS ${indexName(index, context)};\n`;
  }
  const build = terminated(editedText(context.sourceText, index.span, edits));
  return [
    {
      title: "Build the index while others read and write",
      sql: withoutTimeouts(`${before}${build}`, context),
      transaction: false,
    },
  ];
}

/** An index lives in the schema of its table, which CREATE INDEX does not repeat. */
function indexName(index: CreateIndex, context: Context): string {
  const name = index.index === null ? "" : context.text(index.index.span);
  const schema = index.table.schema;
  return schema === null ? name : `${context.text(schema.span)}.${name}`;
}

/** The statements with the timeouts that are in force lifted for as long as they run. */
export function withoutTimeouts(sql: string, context: Context): string {
  const inForce = ["lock_timeout", "statement_timeout"].filter(
    (name) => (timeoutSeconds(context.session, name) ?? 0) > 0,
  );
  if (inForce.length === 0) return sql;
  const lift = inForce.map((name) => `SET ${name} = 0;`);
  const restore = inForce.map((name) => `RESET ${name};`);
  return [...lift, sql, ...restore].join("\n");
}
