import type { Ledger } from "./ledger.ts";
import { depend, shortName } from "./ledger.ts";

/**
 * Whether IF EXISTS is taken to find nothing: the history made every relation that it uses, and this one is not among
 * them. Nothing is locked then. Otherwise the relation may well be there.
 */
export function isMissing(ledger: Ledger, label: string): boolean {
  const { schema } = ledger.world;
  depend(ledger, `whether ${shortName(ledger.world, label)} exists`);
  return schema.isComplete && !schema.isEmpty;
}
