import type { AlterDomain } from "../model/statement.ts";
import type { Context, Migration } from "../rule.ts";
import { freshName } from "./text.ts";

/** The constraint for new values only; null where PostgreSQL has no such form. */
export function alterDomainRecipe(statement: AlterDomain, context: Context): Migration[] | null {
  const { action, constraint, domain } = statement;
  const isNotNull =
    action === "set not null" || (action === "add constraint" && constraint?.kind === "not null");
  const title = "Check new values from now on; no table is locked or read";
  if (isNotNull) {
    // The not-null constraint of a domain has no NOT VALID; a CHECK that says the same has.
    const name = constraint?.name
      ? context.text(constraint.name.span)
      : freshName([domain.name.name, "not_null"]);
    const sql = `ALTER DOMAIN ${context.nameOf(domain)} ADD CONSTRAINT ${name} CHECK (VALUE IS NOT NULL) NOT VALID;`;
    return [{ title, sql, transaction: true }];
  }
  if (action !== "add constraint") return null;
  return [{ title, sql: `${context.text(statement.span)} NOT VALID;`, transaction: true }];
}
