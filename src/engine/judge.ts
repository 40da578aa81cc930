import type { Effects } from "../analysis/effect.ts";
import { renderWork } from "../analysis/work.ts";
import type { World } from "../analysis/world.ts";
import { blocksReads, blocksWrites } from "../model/locks.ts";
import type { Context, Finding, NodeKind, SuppressionNode, SyntaxErrorNode } from "../rule.ts";
import type { Span } from "../text/span.ts";
import type { ActiveRule, RuleIndex } from "./active-rules.ts";
import { createActionContext, createContext, type NodeContext, type UnitFacts } from "./context.ts";
import type { Impact } from "./report.ts";
import type { Visit, Visitor } from "./visit.ts";

/** A finding with the rule that made it, not yet tied to lines and suppressions. */
export interface RawFinding {
  readonly active: ActiveRule;
  readonly finding: Finding;
  readonly path: string;
  readonly statement: Span;
  readonly impact: Impact | null;
}

/** A rule that threw: a defect of the rule, told with its place; the other rules go on. */
export interface RuleFailure {
  readonly rule: string;
  readonly path: string;
  readonly offset: number;
  readonly message: string;
}

export interface Judgement {
  readonly findings: RawFinding[];
  readonly failures: RuleFailure[];
  readonly notUnderstood: { readonly path: string; readonly offset: number; readonly reason: string }[];
}

export function newJudgement(): Judgement {
  return { findings: [], failures: [], notUnderstood: [] };
}

export interface Judge extends Visitor {
  suppression(node: SuppressionNode, world: World, facts: UnitFacts): void;
}

/** The visitor that asks the rules. `rulesFor` gives the rules that are on for a path. */
export function createJudge(rulesFor: (path: string) => RuleIndex, judgement: Judgement): Judge {
  const ask = (kind: NodeKind, node: unknown, context: NodeContext, place: Span, facts: UnitFacts) => {
    for (const active of rulesFor(facts.path).byKind.get(kind) ?? []) {
      askRule(active, node, context, place, facts, judgement);
    }
  };
  return {
    statement(visit) {
      const { statement, context, outer, facts } = visit;
      ask("statement", statement, context, outer, facts);
      ask(statement.kind, statement, context, outer, facts);
      if (statement.kind === "alter table") askActions(visit, ask);
    },
    syntaxError(node, world, facts) {
      ask("syntax error", node, borderContext(node, node.span, world, facts), node.span, facts);
    },
    suppression(node, world, facts) {
      ask("suppression", node, borderContext(node, node.at, world, facts), node.at, facts);
    },
    notUnderstood(span, reason, _world, facts) {
      judgement.notUnderstood.push({ path: facts.path, offset: span.start, reason });
    },
    end(world, facts, unit) {
      const span = { start: unit.end, end: unit.end };
      const node = { kind: "file" as const, path: facts.path, span };
      ask("file", node, borderContext(node, span, world, facts), span, facts);
    },
  };
}

type Ask = (kind: NodeKind, node: unknown, context: NodeContext, place: Span, facts: UnitFacts) => void;

function askActions(visit: Visit, ask: Ask): void {
  const { statement, context, outer, facts, world, text } = visit;
  if (statement.kind !== "alter table") return;
  for (const action of statement.actions) {
    ask(action.kind, action, createActionContext(action, context, world, facts.version, text), outer, facts);
  }
}

/** A context for nodes that are no statement: a broken one, the end of a file. */
function borderContext(
  node: SyntaxErrorNode | { readonly kind: string },
  span: Span,
  world: World,
  facts: UnitFacts,
): NodeContext {
  const head = { start: span.start, end: span.start };
  const text = "text" in node ? node.text : "";
  return createContext({ kind: "other", command: node.kind, span, head }, world, facts, text);
}

function askRule(
  active: ActiveRule,
  node: unknown,
  nodeContext: NodeContext,
  statement: Span,
  facts: UnitFacts,
  judgement: Judgement,
): void {
  const context = Object.create(nodeContext, {
    options: { value: active.options },
    isFirst: { value: (key: string) => isFirst(facts.asked, `${active.rule.id}\n${key}`) },
  }) as Context;
  try {
    for (const finding of active.rule.check(node as never, context)) {
      const impact = finding.showsImpact === false ? null : impactOf(context.effects);
      judgement.findings.push({ active, finding, path: facts.path, statement, impact });
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    judgement.failures.push({ rule: active.rule.id, path: facts.path, offset: statement.start, message });
  }
}

function isFirst(asked: Set<string>, key: string): boolean {
  const before = asked.size;
  return asked.add(key).size > before;
}

/** The effects as reporters show them: what blocks nobody is left out. */
function impactOf(effects: Effects): Impact | null {
  const locks = effects.locks
    .map(({ relation, mode }) => ({
      relation,
      mode,
      blocksReads: blocksReads(mode),
      blocksWrites: blocksWrites(mode),
    }))
    .filter((lock) => lock.blocksReads || lock.blocksWrites);
  const work = renderWork(effects);
  if (
    locks.length === 0 &&
    effects.rewrites.length + effects.scans.length + effects.buildsIndexes.length === 0
  ) {
    return null;
  }
  if (effects.uncertain === null) return { locks, work };
  return { locks, work, certainty: "depends", on: effects.uncertain.on };
}
