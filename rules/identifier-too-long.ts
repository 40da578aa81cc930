import type { Schema } from "../src/analysis/schema.ts";
import { isStandIn } from "../src/model/stand-in.ts";
import type { Drop } from "../src/model/statement.ts";
import { defineRule, type Finding } from "../src/rule.ts";
import { byteLength, MAX_NAME_BYTES, nameOf, quoteName, truncateName } from "../src/sql/names.ts";
import { isNamePart } from "../src/sql/scanner.ts";
import type { Token } from "../src/sql/token.ts";
import { isNameToken, tokenize } from "../src/sql/tokens.ts";
import type { Span } from "../src/text/span.ts";

export default defineRule({
  id: "identifier-too-long",
  severity: "warning",
  category: "error",
  summary: "A name of more than 63 bytes, which PostgreSQL cuts",
  why: `
PostgreSQL cuts names to 63 bytes and says so in a notice only. The object then has another name than the one in the
migration, tools that look for the full name do not find it, and two long names with the same beginning become one:
the second statement fails, or works on the wrong object.`,
  instead: "Choose a name of 63 bytes or less. Letters beyond ASCII count two to four bytes each.",
  references: ["sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"],
  aliases: ["identifier-too-long"],
  on: ["statement"],

  *check(statement, context): Iterable<Finding> {
    const { sourceText: text } = context;
    const { start, end } = statement.span;
    if (!mayHoldLongName(text, statement.span)) return;
    const byName = new Map<string, Token[]>();
    for (const token of tokenize(text, start, end)) {
      if (!isNameToken(token)) continue;
      if ((token.end - token.start) * 3 <= MAX_NAME_BYTES) continue;
      const name = nameOf(text, token);
      // What stands in for a part that only the server knows says nothing of its length.
      if (byteLength(name) > MAX_NAME_BYTES && !isStandIn(name))
        byName.set(name, [...(byName.get(name) ?? []), token]);
    }
    for (const [name, tokens] of byName) {
      const [first] = tokens;
      if (first === undefined) continue;
      const cut = truncateName(name);
      if (statement.kind === "drop" && isKnown(cut, statement, context.schema)) continue;
      const twin = [...byName.keys()].find((other) => other !== name && truncateName(other) === cut);
      yield {
        at: first,
        message:
          twin === undefined
            ? `PostgreSQL cuts this name of ${byteLength(name)} bytes to ${cut}`
            : `PostgreSQL cuts this name and ${twin} to the same ${cut}`,
        showsImpact: false,
        fix: {
          title: "Write the name that the server makes of it",
          edits: tokens.map((token) => ({ start: token.start, end: token.end, text: quoteName(cut) })),
        },
      };
    }
  },
});

/** What the history made under the long name is found by it, too: only making it is worth a word. */
function isKnown(cut: string, { names }: Drop, schema: Schema): boolean {
  const named = names.find(({ name }) => name.name === cut);
  if (named === undefined) return false;
  const known = { schema: named.schema?.name ?? null, name: cut };
  return schema.findRelation(known) !== undefined || schema.findFunctions(known).length > 0;
}

/**
 * Whether a word, or what stands between two double quotes, may be longer than the server takes. All but a few statements
 * hold nothing of the kind, and are not worth a list of tokens.
 */
function mayHoldLongName(text: string, { start, end }: Span): boolean {
  let word = 0;
  let behindQuote = Number.NEGATIVE_INFINITY;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    // No character takes more than three bytes for each of its units.
    const bytes = code < 128 ? 1 : 3;
    word = isNamePart(code) ? word + bytes : 0;
    behindQuote += bytes;
    if (word > MAX_NAME_BYTES) return true;
    if (code !== 34) continue;
    if (behindQuote - 1 > MAX_NAME_BYTES) return true;
    // A doubled quote is part of a name, and may be the first of its letters.
    const isDoubled = text.charCodeAt(at + 1) === 34;
    behindQuote = isDoubled ? Math.max(behindQuote, 0) : 0;
    if (isDoubled) at++;
  }
  return false;
}
