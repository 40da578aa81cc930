import { splitQualified } from "../../sql/names.ts";
import type { Ledger } from "./ledger.ts";
import { depend, shortName } from "./ledger.ts";

/**
 * Whether IF EXISTS finds nothing: the history took the relation away. Or is taken to find nothing: the history made every
 * relation that it uses, and this one is not among them, or it only begins. Nothing is locked then. Otherwise the relation may
 * well be there.
 */
export function isMissing(ledger: Ledger, label: string): boolean {
  const { schema } = ledger.world;
  return isGone(ledger, label) || (schema.isComplete && schema.isTelling);
}

/**
 * The same of what is altered, not dropped. Who drops a name that no file made clears the way for it; who alters one knows a
 * database that has it, whatever made it there.
 */
export function isGone(ledger: Ledger, label: string): boolean {
  if (ledger.world.schema.findGone("relation", splitQualified(label)) !== undefined) return true;
  depend(ledger, `whether ${shortName(ledger.world, label)} exists`);
  return false;
}
