import type { Rule, Severity } from "../rule.ts";
import { append } from "../text/append.ts";
import type { Span } from "../text/span.ts";
import { nearestWord } from "./nearest.ts";
import { coverStatements, type FoundDirective } from "./suppression-cover.ts";
import type { Directive, WrittenId } from "./suppression-directive.ts";
import { parseDirective } from "./suppression-syntax.ts";

/** The names that a suppression may use. */
export interface KnownRules {
  readonly ids: ReadonlySet<string>;
  /** Ids of other linters, each with the rules that it stands for; an empty list: known, and nothing here. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** The options that the rules take, by id; none where a rule is missing. */
  readonly options: ReadonlyMap<string, RuleOptions>;
}

export type RuleOptions = NonNullable<Rule["options"]>;

/** A comment that hides findings. */
export interface Suppression {
  readonly comment: Span;
  /** What it covers; null: no statement follows it. */
  readonly covers: Span | null;
  /** Null: every rule. */
  readonly names: readonly SuppressedName[] | null;
  readonly reason: string | null;
  readonly until: string | null;
  readonly isForeign: boolean;
}

export interface SuppressedName extends Span {
  readonly written: string;
  readonly rules: readonly string[];
}

/** Something wrong with the comments themselves: a finding without SQL. */
export interface SuppressionProblem {
  readonly rule: SuppressionRule;
  readonly severity: Severity;
  readonly at: Span;
  readonly message: string;
}

type SuppressionRule =
  | "unused-suppression"
  | "unknown-suppression"
  | "expired-suppression"
  | "incomplete-suppression";

export interface SuppressionPolicy {
  readonly requireReason?: boolean;
  readonly requireUntil?: boolean;
}

/**
 * Reads the suppressions of a file. `comments` are ascending; `statements` may be nested (a DO block and what stands
 * in its body), in any order. `today` is YYYY-MM-DD: a suppression whose day has passed hides nothing and is told.
 */
export function readSuppressions(
  text: string,
  comments: readonly Span[],
  statements: readonly Span[],
  known: KnownRules,
  today: string,
  policy: SuppressionPolicy = {},
): { suppressions: Suppression[]; problems: SuppressionProblem[] } {
  const found: FoundDirective[] = [];
  for (const comment of comments) {
    const directive = parseDirective(text, comment);
    if (directive !== null) found.push({ comment, directive });
  }
  if (found.length === 0) return { suppressions: [], problems: [] };
  const covers = coverStatements(text, found, statements);
  const suppressions: Suppression[] = [];
  const problems: SuppressionProblem[] = [];
  found.forEach(({ comment, directive }, k) => {
    if (directive.scope === "end of range") return;
    append(problems, slipsOf(directive));
    const names = directive.ids === null ? null : resolveNames(directive, directive.ids, known, problems);
    const { until, reason, isForeign } = directive;
    if (!isForeign) append(problems, policyProblems(comment, directive, policy));
    if (until !== null && until < today) {
      const message = `This suppression expired on ${until}: it hides nothing any more`;
      problems.push({ rule: "expired-suppression", severity: "error", at: comment, message });
      return;
    }
    if (names !== null && names.length === 0) return;
    suppressions.push({ comment, covers: covers[k] ?? null, names, reason, until, isForeign });
  });
  return { suppressions, problems };
}

function slipsOf(directive: Directive): SuppressionProblem[] {
  return directive.slips.map(({ rule, message, ...at }) => ({
    rule,
    severity: rule === "incomplete-suppression" ? "error" : "warning",
    at,
    message,
  }));
}

function resolveNames(
  directive: Directive,
  ids: readonly WrittenId[],
  known: KnownRules,
  problems: SuppressionProblem[],
): SuppressedName[] {
  const names: SuppressedName[] = [];
  for (const { id, ...span } of ids) {
    const rules = known.ids.has(id) ? [id] : known.aliases.get(id);
    if (rules !== undefined) {
      if (rules.length > 0) names.push({ written: id, rules, ...span });
    } else {
      // A rule of another linter may be newer than the list here: of its names only a slip of the pen is told.
      const near = directive.isForeign
        ? nearestWord(id, known.aliases.keys(), 2)
        : nearestWord(id, known.ids);
      if (near === null && directive.isForeign) continue;
      const hint = near === null ? "`lockwise rules` lists them all" : `did you mean ${near}?`;
      const message = `${id} is no rule: ${hint}`;
      problems.push({ rule: "unknown-suppression", severity: "warning", at: span, message });
    }
  }
  return names;
}

function policyProblems(at: Span, directive: Directive, policy: SuppressionPolicy): SuppressionProblem[] {
  const missing: string[] = [];
  if (policy.requireReason === true && directive.reason === null) missing.push('a reason (after " -- ")');
  if (policy.requireUntil === true && directive.until === null) missing.push("a date (until=YYYY-MM-DD)");
  if (missing.length === 0) return [];
  const message = `This suppression needs ${missing.join(" and ")}: the configuration asks for it`;
  return [{ rule: "incomplete-suppression", severity: "error", at, message }];
}
