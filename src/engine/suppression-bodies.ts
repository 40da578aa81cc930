import { mayHoldDirective } from "../sql/directives.ts";
import { isMark, isWord, tokenize, tokensIn } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";

/** Comments and statements inside of a body, as places of the file. */
interface BodyParts {
  readonly comments: readonly Span[];
  readonly statements: readonly Span[];
}

/**
 * What stands in the bodies of a DO block or a routine: to the server a body is a string, but its statements are judged, and
 * people write their comments beside them. Null where no comment of it can matter.
 */
export function bodyParts(text: string, statement: Span): BodyParts | null {
  if (!mayHoldDirective(text.slice(statement.start, statement.end))) return null;
  const tokens = tokensIn(text, statement.start, statement.end);
  const [first] = tokens;
  const isRoutine =
    isWord(text, first, "create") && tokens.slice(0, 5).some((token) => isRoutineWord(text, token));
  if (!isWord(text, first, "do") && !isRoutine) return null;
  const comments: Span[] = [];
  const statements: Span[] = [];
  for (const { start, end } of tokens) {
    const delimiter = /^\$[^$]*\$/.exec(text.slice(start, Math.min(end, start + 65)))?.[0];
    if (delimiter === undefined || end - start < 2 * delimiter.length) continue;
    let from: number | null = null;
    for (const token of tokenize(text, start + delimiter.length, end - delimiter.length)) {
      const isEnd = isMark(text, token, ";");
      if (token.kind === "comment") comments.push({ start: token.start, end: token.end });
      else if (!isEnd) from ??= token.start;
      else if (from !== null) {
        statements.push({ start: from, end: token.end });
        from = null;
      }
    }
  }
  return comments.length === 0 ? null : { comments, statements };
}

function isRoutineWord(text: string, token: Span & Parameters<typeof isWord>[1]): boolean {
  return isWord(text, token, "function") || isWord(text, token, "procedure");
}
