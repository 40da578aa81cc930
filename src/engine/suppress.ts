import type { Rule } from "../rule.ts";
import { applySuppressions } from "./apply-suppressions.ts";
import { foreignIds } from "./foreign-ids.ts";
import type { Ignoring } from "./judged-files.ts";
import type { RawFinding } from "./judgement.ts";
import type { Options } from "./options.ts";
import { type KnownRules, readSuppressions, type SuppressionProblem } from "./suppressions.ts";

/** The words that suppressions and configurations may use for the rules of a catalogue. */
export function knownRules(catalogue: readonly Rule[]): KnownRules {
  const ids = new Set(catalogue.map((rule) => rule.id));
  const aliases = new Map<string, string[]>([...foreignIds.keys()].map((id) => [id, []]));
  for (const rule of catalogue) {
    for (const alias of rule.aliases ?? []) {
      const rules = aliases.get(alias);
      if (rules === undefined) aliases.set(alias, [rule.id]);
      else rules.push(rule.id);
    }
  }
  const options = new Map(
    catalogue.flatMap((rule) => (rule.options ? [[rule.id, rule.options] as const] : [])),
  );
  return { ids, aliases, options };
}

interface SuppressedFile {
  readonly kept: readonly RawFinding[];
  readonly suppressed: number;
  readonly problems: readonly SuppressionProblem[];
}

/** Takes the suppressed findings of a file away. `isActive` tells whether a rule looked at the file at all. */
export function suppressFile(
  text: string,
  { comments, statements }: Pick<Ignoring, "comments" | "statements">,
  findings: readonly RawFinding[],
  known: KnownRules,
  options: Options,
  isActive: (rule: string) => boolean,
): SuppressedFile {
  if (comments.length === 0) return { kept: findings, suppressed: 0, problems: [] };
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const read = readSuppressions(text, comments, statements, known, today, options.suppressions);
  const wrapped = findings.map((raw) => ({ raw, rule: raw.active.rule.id, at: raw.finding.at }));
  const { kept, suppressed, problems } = applySuppressions(wrapped, read.suppressions, isActive);
  return {
    kept: kept.map(({ raw }) => raw),
    suppressed: suppressed.length,
    problems: [...read.problems, ...problems],
  };
}
