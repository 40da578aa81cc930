import type { Lock } from "../analysis/effect.ts";
import { isStandIn, standIn } from "../model/stand-in.ts";
import type { Finding } from "../rule.ts";

const quoted = `"?[^\\s,;()."]*${standIn}\\w*"?`;
/** The schema stands in for one that is named at run time, the table is known. */
const inSchema = new RegExp(`${quoted}\\.("[^"]+"|[A-Za-z_]\\w*)(?![\\w.])`, "g");
const anyName = new RegExp(`[^\\s,;()]*${quoted}(?:\\.[\\w"]+)*`, "g");

/** What a name that is put together at run time is the name of, as far as the locks tell. */
export function unknownKind(locks: readonly Pick<Lock, "relation" | "kind">[]): Lock["kind"] {
  return locks.find(({ relation }) => isStandIn(relation))?.kind ?? "table";
}

/** Names that are put together at run time are called so; what was called so once is "it" from there on. */
export function withoutStandIns(text: string, kind: Lock["kind"] = "table"): string {
  if (!isStandIn(text)) return text;
  let first: string | null = null;
  const described = `${kind === "index" ? "an" : "a"} ${kind} that is named at run time`;
  return text
    .replaceAll(inSchema, (whole, name: string) =>
      isStandIn(name) ? whole : `${name} of a schema that is named at run time`,
    )
    .replaceAll(anyName, (name) => {
      if (first === null) first = name;
      else return name === first ? "it" : "another one";
      return described;
    });
}

/** SQL with a mark in the place of each name that is put together at run time. */
export function sqlWithoutStandIns(sql: string): string {
  return isStandIn(sql) ? sql.replaceAll(new RegExp(quoted, "g"), "...") : sql;
}

/** A finding without stand-ins; no SQL can be printed for a name that nobody knows. */
export function withoutUnknownNames(finding: Finding, kind: Lock["kind"]): Finding {
  const { rewrite, ...rest } = finding;
  const message = withoutStandIns(finding.message, kind);
  if (rewrite === undefined || rewrite.some((step) => isStandIn(step.sql))) return { ...rest, message };
  return { rewrite, ...rest, message };
}
