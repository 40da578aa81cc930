import type { Grant } from "../../model/statement.ts";
import { nameOf } from "../../sql/names.ts";
import { isMark, isWord, tokensIn } from "../../sql/tokens.ts";
import { isTable } from "../entities.ts";
import { failEvident, type Ledger, targetOf } from "./ledger.ts";

const ofTables = ["select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain"];
const ofColumns = ["select", "insert", "update", "references"];
const ofSequences = ["usage", "select", "update"];

/** The rights that there are on each kind of object. */
const rights: ReadonlyMap<Grant["object"], readonly string[]> = new Map([
  ["table", ofTables],
  ["all tables", ofTables],
  ["sequence", ofSequences],
  ["all sequences", ofSequences],
  ["function", ["execute"]],
  ["procedure", ["execute"]],
  ["routine", ["execute"]],
  ["all functions", ["execute"]],
  ["schema", ["create", "usage"]],
  ["database", ["create", "connect", "temporary", "temp"]],
  ["type", ["usage"]],
  ["domain", ["usage"]],
]);

/** GRANT and REVOKE of a right that no object of the kind has. */
export function refuseRights(ledger: Ledger, statement: Grant): void {
  const { text } = ledger.world;
  const { object, span, names } = statement;
  const known = rights.get(object);
  if (known === undefined) return;
  // A sequence may be called a table.
  if (object === "table" && !names.every((name) => isTable(targetOf(ledger.world, name).known))) return;
  const tokens = tokensIn(text, span.start, span.end);
  let depth = 0;
  for (const [k, token] of tokens.entries()) {
    if (isMark(text, token, "(")) depth += 1;
    else if (isMark(text, token, ")")) depth -= 1;
    if (depth > 0 || k === 0 || token.kind !== "word") continue;
    if (isWord(text, token, "on")) return;
    const right = nameOf(text, token);
    const isFirst = ["grant", "revoke", "for"].some((word) => isWord(text, tokens[k - 1], word));
    if (!isFirst && !isMark(text, tokens[k - 1], ",")) continue;
    // GRANT OPTION FOR of REVOKE, and ALL [PRIVILEGES].
    const isOfColumns = isMark(text, tokens[k + 1], "(");
    const isFit = known.includes(right) && !(isOfColumns && object === "table" && !ofColumns.includes(right));
    if (right === "grant" || right === "option" || right === "all" || isFit) continue;
    if (![...rights.values()].some((all) => all.includes(right))) {
      failEvident(ledger, "42601", `there is no right ${right.toUpperCase()}`);
      return;
    }
    failEvident(
      ledger,
      "0LP01",
      isOfColumns && known.includes(right)
        ? `there is no right ${right.toUpperCase()} on single columns`
        : `there is no right ${right.toUpperCase()} on a ${object.replace(/^all (.*)s$/, "$1")}`,
    );
    return;
  }
}
