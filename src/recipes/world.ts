import type { EffectsWorld } from "../analysis/effects.ts";
import { searchPathOf } from "../analysis/session.ts";
import type { Context } from "../rule.ts";

/** The world of a node as the analysis asks for it. */
export function worldOf(context: Context): EffectsWorld {
  const { schema, session, version, sourceText } = context;
  return { schema, version, searchPath: searchPathOf(session), settings: session.settings, text: sourceText };
}
