import { defineRule } from "../src/rule.ts";
import { explainSlip } from "../src/sql/slips.ts";

export default defineRule({
  id: "syntax-error",
  severity: "error",
  category: "error",
  summary: "A statement that PostgreSQL's grammar rejects",
  why: `
The statement is no SQL that PostgreSQL 18 could read, so the migration stops there. Statements before it have run by then:
outside a transaction they stay, and the migration cannot simply be run again.

The body of a routine in SQL or PL/pgSQL is read as well, called or not: CREATE FUNCTION fails where the body is no SQL, unless
check_function_bodies is off.

The grammar is PostgreSQL's own. Only this statement is skipped; its neighbours are linted.`,
  instead: "Correct the statement at the underlined token.",
  references: ["sql-commands.html", "sql-syntax-lexical.html"],
  aliases: ["syntax-error"],
  on: ["syntax error"],

  *check(node) {
    // unsupported-syntax tells of it.
    if (node.lacks !== undefined) return;
    const { tokens, text } = node;
    const found = tokens.findIndex((token) => token.end > node.at.start);
    const at = node.at.start === node.at.end || found === -1 ? tokens.length : found;
    const hint = explainSlip({ text, tokens, at });
    const message = node.message.charAt(0).toUpperCase() + node.message.slice(1);
    yield {
      at: node.at,
      message: hint === null ? message : `${message}: ${hint}`,
      showsImpact: false,
    };
  },
});
