import { isStandIn, standIn } from "../model/stand-in.ts";
import type { Finding } from "../rule.ts";

const quoted = `"?[^\\s,;()."]*${standIn}\\w*"?`;
/** The schema stands in for one that is named at run time, the table is known. */
const inSchema = new RegExp(`${quoted}\\.("[^"]+"|[A-Za-z_]\\w*)(?![\\w.])`, "g");
const anyName = new RegExp(`[^\\s,;()]*${quoted}(?:\\.[\\w"]+)*`, "g");

/** Names that are put together at run time are called so. */
export function withoutStandIns(text: string): string {
  if (!isStandIn(text)) return text;
  return text
    .replaceAll(inSchema, (whole, name: string) =>
      isStandIn(name) ? whole : `${name} of a schema that is named at run time`,
    )
    .replaceAll(anyName, "a table that is named at run time");
}

/** A finding without stand-ins; no SQL can be printed for a name that nobody knows. */
export function withoutUnknownNames(finding: Finding): Finding {
  const { rewrite, ...rest } = finding;
  const message = withoutStandIns(finding.message);
  if (rewrite === undefined || rewrite.some((step) => isStandIn(step.sql))) return { ...rest, message };
  return { ...rest, message, rewrite };
}
