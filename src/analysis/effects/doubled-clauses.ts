import type { ColumnDefinition } from "../../model/table.ts";
import { isSerial } from "../../model/type-names.ts";
import { quoteName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { areWords, isMark, isWord, tokensIn } from "../../sql/tokens.ts";
import { failEvident, type Ledger } from "./ledger.ts";

/** A definition that says a thing twice, or NULL and NOT NULL. Which of several holds, the model does not keep. */
export function refuseDoubledClauses(ledger: Ledger, column: ColumnDefinition): void {
  const { text } = ledger.world;
  const { type, span, name } = column;
  // All but a few definitions say neither NULL nor anything twice.
  if (!mayRepeat(text.slice(type?.span.end ?? name.span.end, span.end))) return;
  const tokens = tokensIn(text, type?.span.end ?? name.span.end, span.end);
  const clauses = clausesOf(text, tokens);
  refuseMisplaced(ledger, tokens);
  const count = (clause: Clause) => clauses.filter((one) => one === clause).length;
  const told = quoteName(name.name);
  const isKey = ledger.world.version >= 18 && count("primary key") > 0;
  const isNull = count("null") > 0;
  if (isNull && count("not null") > 0)
    failEvident(ledger, "42601", `column ${told} is declared NULL and NOT NULL`);
  if (isNull && (isKey || count("identity") > 0 || isSerial(column)))
    failEvident(ledger, "42601", `column ${told} is declared NULL, and can hold none`);
  for (const clause of ["default", "generated", "identity"] as const)
    if (count(clause) > 1)
      failEvident(ledger, "42601", `column ${told} has ${count(clause)} clauses ${words[clause]}`);
}

function mayRepeat(text: string): boolean {
  return (
    /\b(?:null|deferrable|initially|enforced)\b/i.test(text) ||
    (text.match(/\b(?:default|generated)\b/gi)?.length ?? 0) > 1
  );
}

const words = { default: "DEFAULT", generated: "GENERATED", identity: "GENERATED AS IDENTITY" } as const;

type Clause = "null" | "not null" | "default" | "generated" | "identity" | "primary key";

/** The clauses of a definition, in order. */
function clausesOf(text: string, tokens: readonly Token[]): readonly Clause[] {
  const found: Clause[] = [];
  let depth = 0;
  for (const [k, token] of tokens.entries()) {
    if (isMark(text, token, "(") || isMark(text, token, "[")) depth += 1;
    else if (isMark(text, token, ")") || isMark(text, token, "]")) depth -= 1;
    if (depth > 0 || token.kind !== "word") continue;
    const before = tokens[k - 1];
    // A name may be any of these words: CONSTRAINT default; a column or function of an expression is none of them.
    if (isWord(text, before, "constraint") || isMark(text, before, ".")) continue;
    if (areWords(text, tokens, k, "not", "null")) found.push("not null");
    else if (areWords(text, tokens, k, "primary", "key")) found.push("primary key");
    else if (isWord(text, token, "null") && isClause(text, before)) found.push("null");
    else if (isWord(text, token, "default") && !isAfter(text, before, ["set", "storage", "compression"]))
      found.push("default");
    else if (isWord(text, token, "generated"))
      found.push(
        areWords(text, tokens, k + 2, "as", "identity") || areWords(text, tokens, k + 3, "as", "identity")
          ? "identity"
          : "generated",
      );
  }
  return found;
}

/** DEFERRABLE belongs to a key or to REFERENCES right before it, NOT ENFORCED to CHECK or REFERENCES. */
function refuseMisplaced(ledger: Ledger, tokens: readonly Token[]): void {
  const { text } = ledger.world;
  let clause = "";
  let depth = 0;
  for (const [k, token] of tokens.entries()) {
    if (isMark(text, token, "(")) depth += 1;
    else if (isMark(text, token, ")")) depth -= 1;
    if (depth > 0 || token.kind !== "word" || isWord(text, tokens[k - 1], "constraint")) continue;
    const word = text.slice(token.start, token.end).toLowerCase();
    const isNull = word === "null" && !isAfter(text, tokens[k - 1], ["set", "default", "is"]);
    const isDefault = word === "default" && !isAfter(text, tokens[k - 1], ["set"]);
    if (isNull || isDefault || begins.has(word)) clause = word;
    const isOfKey = word === "deferrable" || word === "initially";
    if (isOfKey && !["references", "unique", "primary"].includes(clause))
      failEvident(ledger, "42601", "DEFERRABLE stands behind REFERENCES, UNIQUE or PRIMARY KEY");
    if (word === "enforced" && !["references", "check"].includes(clause))
      failEvident(ledger, "42601", "NOT ENFORCED stands behind REFERENCES or CHECK");
  }
}

const begins: ReadonlySet<string> = new Set(["references", "unique", "primary", "check", "generated"]);

/** Whether NULL stands there by itself: not as a value, nor behind NOT or ON DELETE SET. */
function isClause(text: string, before: Token | undefined): boolean {
  return (
    !isAfter(text, before, ["not", "default", "set", "is"]) &&
    before?.kind !== "operator" &&
    !isMark(text, before, ",")
  );
}

function isAfter(text: string, before: Token | undefined, all: readonly string[]): boolean {
  return all.some((word) => isWord(text, before, word));
}
