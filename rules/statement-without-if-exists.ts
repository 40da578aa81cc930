import type { Action } from "../src/model/action.ts";
import type { CreateIndex, CreateSchema, CreateSequence, CreateTable, Drop } from "../src/model/statement.ts";
import { editedText, terminated } from "../src/recipes/text.ts";
import { defineRule } from "../src/rule.ts";
import type { Edit } from "../src/text/span.ts";

type Node =
  | CreateTable
  | CreateIndex
  | CreateSequence
  | CreateSchema
  | Drop
  | Extract<Action, { kind: "add column" | "drop column" | "drop constraint" }>;

const kinds = [
  "create table",
  "create index",
  "create sequence",
  "create schema",
  "drop",
  "add column",
  "drop column",
  "drop constraint",
] as const;

export default defineRule({
  id: "statement-without-if-exists",
  severity: "off",
  category: "style",
  summary: "A statement that cannot run twice, in a file that runs without a transaction",
  why: `
Where nothing holds the statements together, a failure half-way leaves the first half done. Run again, the migration
then fails at its first statement, for that has been done already, and somebody has to take it apart by hand.

CREATE INDEX CONCURRENTLY is never asked for IF NOT EXISTS: over the INVALID index of a failed build it would succeed
and build nothing.`,
  instead: "Put the statements into a transaction; where that cannot be, add IF EXISTS or IF NOT EXISTS.",
  references: ["sql-createtable.html", "sql-altertable.html"],
  aliases: ["prefer-robust-stmts"],
  on: kinds,

  *check(node, context) {
    if (context.session.transaction !== "autocommit" || isRobust(node)) return;
    const isDrop = node.kind.startsWith("drop");
    const { head } = node;
    const { statement } = context;
    // All actions of one ALTER TABLE are shown together.
    const all: readonly (Node | Action)[] = statement.kind === "alter table" ? statement.actions : [node];
    const edits = all.flatMap((one) => (isAsked(one) && !isRobust(one) ? [editFor(one)] : []));
    yield {
      at: head,
      message: isDrop
        ? "Run again after a later statement failed, this one fails: it is gone by then"
        : "Run again after a later statement failed, this one fails: it is there by then",
      showsImpact: false,
      rewrite: [
        {
          title: `Let it pass with ${isDrop ? "IF EXISTS" : "IF NOT EXISTS"}`,
          sql: terminated(editedText(context.sourceText, statement.span, edits)),
          transaction: true,
        },
      ],
    };
  },
});

function isAsked(node: Node | Action): node is Node {
  return (kinds as readonly string[]).includes(node.kind);
}

function editFor(node: Node): Edit {
  const words = node.kind.startsWith("drop") ? "IF EXISTS" : "IF NOT EXISTS";
  return { start: node.head.end, end: node.head.end, text: ` ${words}` };
}

function isRobust(node: Node): boolean {
  switch (node.kind) {
    case "create table":
    case "create sequence":
    case "create schema":
    case "add column":
      return node.ifNotExists || ("persistence" in node && node.persistence === "temporary");
    case "create index":
      // Without a name the server would choose another each time, and refuses IF NOT EXISTS.
      return node.ifNotExists || node.concurrently || node.index === null;
    case "drop column":
    case "drop constraint":
      return node.ifExists;
    case "drop":
      // These have no IF EXISTS of use here: they are dropped by what depends on them, or by hand.
      return node.ifExists || node.object === "cast" || node.object === "other";
  }
}
