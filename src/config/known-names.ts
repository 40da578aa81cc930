import { knownRules } from "../engine/suppress.ts";
import { profiles } from "../layout/index.ts";
import type { Rule } from "../rule.ts";
import { squawkRules } from "./squawk.ts";
import type { KnownNames } from "./validate.ts";

/** What a configuration may name: the rules of a catalogue, those of squawk besides, and the tools. */
export function knownNames(catalogue: readonly Rule[]): KnownNames {
  const rules = knownRules(catalogue);
  const aliases = new Map([...squawkRules.map((id) => [id, []] as const), ...rules.aliases]);
  return { rules: { ...rules, aliases }, runners: profiles.map(({ name }) => name) };
}
