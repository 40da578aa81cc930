import type { Expression } from "../src/model/expression.ts";
import type { Identifier } from "../src/model/name.ts";
import type { Query, Target } from "../src/model/query.ts";
import type { Statement } from "../src/model/statement.ts";
import { defineRule, type Finding } from "../src/rule.ts";
import { truncateName } from "../src/sql/names.ts";

const kinds = [
  "update",
  "insert",
  "merge",
  "create table",
  "create table as",
  "create view",
  "create type",
] as const;

type Node = Extract<Statement, { kind: (typeof kinds)[number] }>;

export default defineRule({
  id: "duplicate-column-assignment",
  severity: "error",
  category: "data",
  summary: "The same column twice: in SET, in an INSERT list, or in the definition of a table or view",
  why: `
PostgreSQL refuses the statement: multiple assignments to one column (42601), or a column named more than once (42701).
Fields and elements of one column may be set side by side, but not beside the whole column.`,
  instead: "Keep the assignment that is meant.",
  references: ["sql-update.html", "sql-insert.html", "sql-merge.html"],
  aliases: ["ban-duplicate-column-assignments"],
  on: kinds,

  *check(node: Node, context) {
    for (const column of assigned(node).flatMap(repeatedTargets)) {
      yield finding(column, `${context.text(column.span)} is assigned twice, which PostgreSQL refuses`);
    }
    for (const column of repeated(declared(node), ({ name }) => truncateName(name))) {
      yield finding(column, `${context.text(column.span)} is declared twice, which PostgreSQL refuses`);
    }
    if (node.kind !== "create view" && node.kind !== "create table as") return;
    const names = outputNames(node.columns, node.query);
    for (const name of new Set(repeated(names, (one) => one))) {
      const message = `Two columns of the result are called ${name}, which PostgreSQL refuses`;
      yield { at: node.head, message, showsImpact: false };
    }
  },
});

function finding({ span }: Identifier, message: string): Finding {
  return { at: span, message, showsImpact: false };
}

function assigned(node: Node): readonly (readonly Target[])[] {
  switch (node.kind) {
    case "update":
      return [node.assignments];
    case "insert":
      return [node.targets, node.assignments];
    case "merge":
      return node.targets;
    default:
      return [];
  }
}

function declared(node: Node): readonly Identifier[] {
  if (node.kind === "create table") return node.columns.map(({ name }) => name);
  return node.kind === "create type" ? node.attributes.map(({ name }) => name) : [];
}

/** Two fields of one column may stand side by side, the column and a field of it may not. */
function repeatedTargets(targets: readonly Target[]): Identifier[] {
  const wholes = new Set<string>();
  const parts = new Set<string>();
  const result: Identifier[] = [];
  for (const { column, isWhole } of targets) {
    const name = truncateName(column.name);
    if (wholes.has(name) || (isWhole && parts.has(name))) result.push(column);
    (isWhole ? wholes : parts).add(name);
  }
  return result;
}

function repeated<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const seen = new Set<string>();
  return items.filter((item) => seen.size === seen.add(keyOf(item)).size);
}

/** The names of the result's columns as far as the text tells them: those given, then those of the query itself. */
function outputNames(given: readonly string[], query: Query | null): string[] {
  let first = query;
  while (first?.kind === "set operation") first = first.left;
  if (first?.kind !== "select") return [...given];
  const targets = first.targets.slice(given.length);
  // How many columns a star stands for is not in the text.
  if (first.targets.slice(0, given.length).some(({ value }) => isStar(value))) return [...given];
  return [...given, ...targets.flatMap(({ value, alias }) => alias ?? nameOf(value) ?? [])];
}

function isStar(value: Expression): boolean {
  return value.kind === "column" && value.path.at(-1) === "*";
}

/** What the server calls a column that has no alias, where that is the same on all versions. */
function nameOf(value: Expression): string | null {
  if (value.kind === "column") return isStar(value) ? null : (value.path.at(-1) ?? null);
  return value.kind === "constant" && value.type !== "boolean" ? "?column?" : null;
}
