import type { UserFunction } from "../analysis/entities.ts";
import type { BodyStep } from "../parse/plpgsql.ts";
import { nameOf } from "../sql/names.ts";
import type { Token } from "../sql/token.ts";
import { isMark, isNameToken } from "../sql/tokens.ts";

/** The names of a body's variables: those of a routine's parameters, of DECLARE, of loops, and PL/pgSQL's own. */
export function variablesOf(
  steps: readonly BodyStep[],
  routine?: Pick<UserFunction, "parameters">,
): ReadonlySet<string> {
  const [whole] = steps;
  const names = new Set(["found", "new", "old", "sqlstate", "sqlerrm"]);
  if (whole?.kind === "block") for (const name of whole.variables ?? []) names.add(name);
  for (const { name } of routine?.parameters ?? []) if (name !== null) names.add(name);
  return names;
}

/** Whether a statement names one of them, other than as a part of something else; `$1` is one too. */
export function namesAny(sql: string, tokens: readonly Token[], names: ReadonlySet<string>): boolean {
  return tokens.some(
    (token, k) =>
      token.kind === "parameter" ||
      (isNameToken(token) && names.has(nameOf(sql, token)) && !isMark(sql, tokens[k - 1], ".")),
  );
}
