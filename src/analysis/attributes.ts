import type { AlterType } from "../model/statement.ts";
import { nameOf } from "../sql/names.ts";
import { isWord, tokensIn } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";

/** What ALTER TYPE does to one attribute of a composite type. */
interface AttributeChange {
  readonly verb: "add" | "drop" | "alter";
  readonly attribute: string;
  readonly ifExists: boolean;
  /** The attribute's name as it is written. */
  readonly span: Span;
}

const verbs = ["add", "drop", "alter"] as const;

/** The attributes that the statement adds, drops or alters, in its order. */
export function attributeChanges(text: string, statement: AlterType): AttributeChange[] {
  const tokens = tokensIn(text, statement.type.span.end, statement.span.end);
  return tokens.flatMap((token, k) => {
    const verb = verbs.find((word) => isWord(text, tokens[k - 1], word));
    if (!isWord(text, token, "attribute") || verb === undefined) return [];
    const ifExists = isWord(text, tokens[k + 1], "if");
    const own = tokens[ifExists ? k + 3 : k + 1];
    if (own === undefined) return [];
    const { start, end } = own;
    return [{ verb, attribute: nameOf(text, own), ifExists, span: { start, end } }];
  });
}
