import { domainOf } from "../analysis/effects/domains.ts";
import { isSerial } from "../model/type-names.ts";
import type { Context } from "../rule.ts";
import type { AddColumn } from "./add-column.ts";
import { worldOf } from "./world.ts";

type FillCause = "self-filling" | "generated" | "domain" | "default";

/**
 * What makes ADD COLUMN write every row anew. Several things may; the rule of the first one speaks, and tells the whole way
 * round. Null: nothing does.
 */
export function fillCause(action: AddColumn, context: Context): FillCause | null {
  const { column } = action;
  if (context.effects.rewrites.length === 0) return null;
  if (isSerial(column) || column.identity !== null) return "self-filling";
  if (column.generated !== null) return "generated";
  const domain = column.type === null ? null : domainOf(worldOf(context), column.type);
  return domain?.isConstrained === true ? "domain" : "default";
}
