import { searchPathOf } from "../analysis/session.ts";
import type { World } from "../analysis/world.ts";
import { nameOf, qualifyName, quoteName } from "../sql/names.ts";
import { isMark, isNameToken, tokensIn } from "../sql/tokens.ts";

/**
 * What a string comes out as that is handed to a regclass: quoted where it has to be, and with its schema unless the search path finds
 * it there. Null where it is no name: the number of a relation says nothing here.
 */
export function regclassText(text: string, { schema, session }: World): string | null {
  const [first, dot, second, ...more] = tokensIn(text);
  if (!isNameToken(first) || more.length > 0) return null;
  if (dot === undefined) return quoteName(nameOf(text, first));
  if (!isMark(text, dot, ".") || !isNameToken(second)) return null;
  const [home, name] = [nameOf(text, first), nameOf(text, second)];
  const path = searchPathOf(session);
  const found = schema.findRelation({ schema: null, name }, path);
  const isVisible = found === undefined ? path.includes(home) : found.schema === home;
  return isVisible ? quoteName(name) : qualifyName(home, name);
}
