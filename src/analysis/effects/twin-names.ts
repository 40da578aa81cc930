import type { Source } from "../../model/query.ts";
import { quoteName } from "../../sql/names.ts";
import { fail, type Ledger } from "./ledger.ts";

/** Refuses two sources of one FROM under one name; tables of two schemas may be called alike. */
export function refuseTwinNames(ledger: Ledger, from: readonly Source[]): void {
  /** By its name: null for an alias, or the schema of a table that has none. */
  const seen = new Map<string, string | null>();
  const open: Source[] = [...from];
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    if (source.kind === "other") continue;
    const alias = source.alias ?? null;
    if (source.kind === "join" && alias === null) {
      open.push(source.left, source.right);
      continue;
    }
    const name = alias ?? (source.kind === "relation" ? source.name : null);
    if (name === null) continue;
    const place = alias === null && source.kind === "relation" ? (source.schema ?? "") : null;
    const before = seen.get(name);
    if (before !== undefined && (before === null || place === null || before === place))
      fail(ledger, "42712", `two tables of one FROM are called ${quoteName(name)}: give one an alias`);
    seen.set(name, place);
  }
}
