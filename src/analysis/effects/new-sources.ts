import type { Call } from "../../model/expression.ts";
import type { DataChange, Source } from "../../model/query.ts";
import type { Statement } from "../../model/statement.ts";
import { isMark, isNameToken, isWord, tokensIn } from "../../sql/tokens.ts";
import { visitNodes } from "../visit-nodes.ts";
import type { Ledger } from "./ledger.ts";
import { needVersion } from "./ledger.ts";

/** A query in FROM begins like this; all but a few statements have none, and are not worth a walk. */
const subquery = /(?:\b(?:from|join|using|lateral)|[,(])\s*\(\s*(?:select|values|with|table)\b/i;
const joined = /\busing\s*\([^()]*\)\s*as\b/i;
const row = /\breturning\b.*\b(?:old|new)\s*\./is;

/** Refuses what only newer servers take in a query: one in FROM without a name, a name of a join, AT LOCAL, OLD and NEW. */
export function checkSources(ledger: Ledger, statement: Statement): void {
  const { text, version } = ledger.world;
  if (version >= 18) return;
  const source = text.slice(statement.span.start, statement.span.end);
  if (version < 16 && subquery.test(source))
    visitNodes(statement, (node) => {
      if (node.kind === "subquery" && "alias" in node && node.alias === null)
        needVersion(ledger, 16, "a subquery in FROM without a name of its own");
    });
  // Only names stand between the parentheses: USING (SELECT ...) AS s is the source of a MERGE.
  if (version < 14 && joined.test(source) && hasNamedJoin(text, statement))
    needVersion(ledger, 14, "a name for the columns of USING");
  if (version < 17 && /\bat\s+local\b/i.test(source))
    visitNodes(statement, (node) => {
      const call = node as Partial<Call>;
      if (node.kind === "call" && call.name === "timezone" && call.arguments?.length === 1)
        needVersion(ledger, 17, "AT LOCAL");
    });
  const isChange = ["insert", "update", "delete", "merge"].includes(statement.kind);
  if (isChange && row.test(source)) checkReturning(ledger, statement as DataChange);
}

function hasNamedJoin(text: string, { span }: Statement): boolean {
  const tokens = tokensIn(text, span.start, span.end);
  return tokens.some((token, k) => {
    if (!isWord(text, token, "using") || !isMark(text, tokens[k + 1], "(")) return false;
    let at = k + 2;
    while (isNameToken(tokens[at]) && isMark(text, tokens[at + 1], ",")) at += 2;
    return isNameToken(tokens[at]) && isMark(text, tokens[at + 1], ")") && isWord(text, tokens[at + 2], "as");
  });
}

/** `RETURNING old.a`: the row as it was. A table can have that name, too. */
function checkReturning(ledger: Ledger, change: DataChange): void {
  const { text } = ledger.world;
  const { start, end } = change.span;
  const tokens = tokensIn(text, start, end);
  const first = tokens.findLastIndex((token) => isWord(text, token, "returning"));
  const used = ["old", "new"].filter((word) =>
    tokens.some((token, k) => k > first && isWord(text, token, word) && isMark(text, tokens[k + 1], ".")),
  );
  if (first === -1 || used.length === 0) return;
  const names = new Set([change.alias ?? change.table.name.name]);
  visitNodes(change, (node) => {
    const source = node as Partial<Extract<Source, { kind: "relation" }>>;
    if ("alias" in node) names.add(source.alias ?? source.name ?? "");
  });
  if (used.some((word) => !names.has(word))) needVersion(ledger, 18, "OLD and NEW in RETURNING", "42P01");
}
