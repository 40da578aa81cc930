import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "enum-type",
  severity: "off",
  category: "style",
  summary: "CREATE TYPE ... AS ENUM",
  why: `
A value of an enum can be added and renamed, but never taken out, and a new one cannot be used in the transaction that adds it.
Whatever else is to change means a new type and a table rewrite of every table that uses it.`,
  instead: "Use text with a CHECK, or a table of values and a foreign key to it.",
  references: ["datatype-enum.html"],
  on: ["create type"],

  *check(create, context) {
    if (create.form !== "enum") return;
    yield {
      at: create.head,
      message: `No value of ${context.nameOf(create.type)} can be taken out again`,
      showsImpact: false,
      advice: "Use text with a CHECK, or a table of values and a foreign key to it",
    };
  },
});
