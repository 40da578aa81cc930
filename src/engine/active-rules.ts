import type { Memory, NodeKind, Rule, Severity } from "../rule.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { RuleSetting } from "./options.ts";

/** A rule that is switched on for a file, with its severity and options there. */
export interface ActiveRule {
  readonly rule: Rule;
  readonly severity: Severity;
  /** Whether the configuration set the severity; else a finding may choose its own. */
  readonly isConfigured: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The active rules by the kind of node that they look at, and their ids. */
export interface RuleIndex {
  readonly byKind: ReadonlyMap<NodeKind, readonly ActiveRule[]>;
  readonly ids: ReadonlySet<string>;
  /** What they remember of the statements that pass. */
  readonly memories: readonly Memory<unknown>[];
}

/** Options with which a rule reaches as far as squawk's. */
const squawkOptions: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map([
  ["int-primary-key", { everyIntColumn: true }],
]);

const noOptions: Readonly<Record<string, unknown>> = {};

/** Which rules look at a file: severity from the rule, the configuration and the overrides that match its path. */
export function indexRules(
  options: EngineOptions,
  version: number,
  matches: (glob: string) => boolean,
): RuleIndex {
  const index = new Map<NodeKind, ActiveRule[]>();
  const ids = new Set<string>();
  const memories = new Set<Memory<unknown>>();
  for (const rule of options.catalogue) {
    const active = activate(rule, options, version, matches);
    if (active === null) continue;
    ids.add(rule.id);
    for (const memory of rule.remembers ?? []) memories.add(memory);
    for (const kind of rule.on) {
      const list = index.get(kind);
      if (list === undefined) index.set(kind, [active]);
      else list.push(active);
    }
  }
  return { byKind: index, ids, memories: [...memories] };
}

function activate(
  rule: Rule,
  options: EngineOptions,
  version: number,
  matches: (glob: string) => boolean,
): ActiveRule | null {
  if (options.only !== undefined && !options.only.includes(rule.id)) return null;
  if (version < (rule.versions?.from ?? 0) || version > (rule.versions?.to ?? Number.POSITIVE_INFINITY))
    return null;
  let severity = presetSeverity(rule, options);
  let ruleOptions = (options.extends === "squawk" ? squawkOptions.get(rule.id) : undefined) ?? noOptions;
  let isConfigured = false;
  const apply = (setting: RuleSetting | undefined) => {
    if (setting === undefined) return;
    isConfigured = true;
    if (typeof setting === "string") severity = setting;
    else [severity, ruleOptions] = setting;
  };
  apply(options.rules?.[rule.id]);
  for (const override of options.overrides ?? []) {
    if (override.files.some(matches)) apply(override.rules[rule.id]);
  }
  if (severity === "off") {
    // Who asks for one rule by name wants to see it.
    if (options.only === undefined || isConfigured) return null;
    severity = "warning";
  }
  return { rule, severity, isConfigured, options: ruleOptions };
}

function presetSeverity(rule: Rule, options: EngineOptions): Severity | "off" {
  if (options.extends === "strict" && rule.severity === "off" && rule.category !== "style") return "warning";
  if (options.extends === "squawk") {
    if (rule.aliases === undefined || rule.aliases.length === 0)
      return rule.id === "syntax-error" ? "error" : "off";
    return rule.severity === "off" ? "warning" : rule.severity;
  }
  return rule.severity;
}
