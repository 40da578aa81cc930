import type { Action } from "../src/model/action.ts";
import type { CreateIndex, CreateTable } from "../src/model/statement.ts";
import type { Constraint } from "../src/model/table.ts";
import { defineRule, type Finding } from "../src/rule.ts";

type Node = CreateTable | CreateIndex | Extract<Action, { kind: "add column" | "add constraint" }>;

export default defineRule({
  id: "unnamed-constraint",
  severity: "off",
  category: "style",
  summary: "A constraint or an index without a name",
  why: `
The server chooses a name, and counts upwards where it is taken: on two servers with another past the same constraint
may have two names. A later migration that drops or validates it has to guess.

Primary keys are not told: their name is that of the table with \`_pkey\`.`,
  instead: "Give it a name: CONSTRAINT name, or CREATE INDEX name.",
  references: ["sql-createtable.html", "sql-createindex.html"],
  on: ["create table", "create index", "add column", "add constraint"],

  *check(node: Node, context): Iterable<Finding> {
    if (node.kind === "create index") {
      if (node.index !== null) return;
      yield {
        at: node.head,
        message: `The server chooses the name of this index of ${context.nameOf(node.table)}`,
        showsImpact: false,
        advice: "Write a name behind CREATE INDEX",
      };
      return;
    }
    for (const constraint of constraintsOf(node)) {
      if (constraint.name !== null || constraint.kind === "primary key" || constraint.kind === "not null")
        continue;
      yield {
        at: constraint.span,
        message: `The server chooses the name of this ${constraint.kind === "check" ? "CHECK" : constraint.kind} constraint`,
        showsImpact: false,
        advice: "Write CONSTRAINT and a name before it",
      };
    }
  },
});

function constraintsOf(node: Exclude<Node, CreateIndex>): readonly Constraint[] {
  switch (node.kind) {
    case "create table":
      return [...node.columns.flatMap(({ constraints }) => constraints), ...node.constraints];
    case "add column":
      return node.column.constraints;
    case "add constraint":
      return [node.constraint];
  }
}
