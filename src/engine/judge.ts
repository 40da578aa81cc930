import type { Effects } from "../analysis/effect.ts";
import { comesToNothing } from "../analysis/refusal.ts";
import type { Schema } from "../analysis/schema.ts";
import type { World } from "../analysis/world.ts";
import type { Finding, NodeKind, SuppressionNode, SyntaxErrorNode } from "../rule.ts";
import { moveSpan, type Span } from "../text/span.ts";
import type { ActiveRule, RuleIndex } from "./active-rules.ts";
import { createContext, NodeContext, RuleContext } from "./context.ts";
import type { UnitFacts } from "./facts.ts";
import { impactOf } from "./impact.ts";
import { isOfOtherRound, type Judgement } from "./judgement.ts";
import { createLooseEnds, type LooseEnds } from "./loose-ends.ts";
import { createMemories, type RuleMemories } from "./memories.ts";
import type { Place } from "./place.ts";
import {
  foundNames,
  namesOf,
  type PlaceholderNames,
  restoreImpact,
  restorePlaceholders,
} from "./placeholder-names.ts";
import { type Form, inRunnersForm } from "./runner-form.ts";
import { unknownKind, withoutUnknownNames } from "./unknown-names.ts";
import type { Visit, Visitor } from "./visit.ts";

export interface Judge extends Visitor {
  /** After the last unit: findings that waited for the end of the history. */
  endOfHistory(schema: Schema): void;
  suppression(node: SuppressionNode, world: World, facts: UnitFacts): void;
}

/** Where what the rules say goes, and what they know of what came before. */
interface Bench {
  readonly judgement: Judgement;
  readonly looseEnds: LooseEnds;
  readonly memories: RuleMemories;
  readonly form: Form;
}

/** The visitor that asks the rules. `rulesFor` gives the rules that are on for a path, `form` says how their migrations are told. */
export function createJudge(
  rulesFor: (path: string) => RuleIndex,
  judgement: Judgement,
  form: Form = inRunnersForm,
): Judge {
  const looseEnds = createLooseEnds(judgement);
  const memories = createMemories();
  const bench: Bench = { judgement, looseEnds, memories, form };
  const toldOf = new Set<string>();
  /** Of the unit that was asked about last: units come one after the other. */
  let last: UnitFacts | null = null;
  let rules: RuleIndex = { byKind: new Map(), ids: new Set(), memories: [] };
  const turnTo = (facts: UnitFacts) => {
    if (facts === last) return;
    last = facts;
    rules = rulesFor(facts.path);
  };
  const ask = (
    kind: NodeKind,
    node: unknown,
    context: NodeContext,
    place: FindingPlace,
    facts: UnitFacts,
  ) => {
    turnTo(facts);
    const active = rules.byKind.get(kind);
    if (active === undefined) return;
    const spelt = foundNames(facts);
    for (const one of active) askRule(bench, one, node, context, place, facts, spelt);
  };
  return {
    statement(visit) {
      const { statement, context, place, facts } = visit;
      namesOf(facts, place.text, place.shown);
      ask("statement", statement, context, place, facts);
      ask(statement.kind, statement, context, place, facts);
      if (statement.kind === "alter table") askActions(visit, ask);
      memories.note(rules.memories, statement, facts);
    },
    syntaxError(node, world, facts, place) {
      const where = place ?? inFile(node.span);
      // What was told where the routine is made is not told again where it is called.
      if (where.depth > 0 && toldOf.has(brokenAt(node, facts, where))) return;
      ask("syntax error", node, borderContext(node, node.span, world, facts), where, facts);
    },
    brokenBody(node, world, facts, place) {
      toldOf.add(brokenAt(node, facts, place));
      ask("syntax error", node, borderContext(node, node.span, world, facts), place, facts);
    },
    suppression(node, world, facts) {
      ask("suppression", node, borderContext(node, node.at, world, facts), inFile(node.at), facts);
    },
    notUnderstood(span, reason, _world, facts) {
      // A loop, or a routine that is called with every table, says the same of one place again and again.
      const key = `${facts.path}\n${span.start}\n${reason}`;
      if (toldOf.has(key)) return;
      toldOf.add(key);
      judgement.notUnderstood.push({ path: facts.path, offset: span.start, reason });
    },
    told: () => judgement.findings.length + judgement.notUnderstood.length + looseEnds.count(),
    moved: (world) => looseEnds.moved(world.schema),
    endOfHistory: (schema) => looseEnds.settle("history", schema),
    end(world, facts, unit, wayBack) {
      const span = { start: unit.end, end: unit.end };
      const node = { kind: "file" as const, path: facts.path, span, wayBack };
      ask("file", node, borderContext(node, span, world, facts), inFile(span), facts);
      looseEnds.settle("file", world.schema);
    },
  };
}

function brokenAt(node: SyntaxErrorNode, facts: UnitFacts, place: FindingPlace): string {
  return `${facts.path}\n${place.toFile(node.at.start)}\nbroken`;
}

/** What of a place matters to a finding: the statement around it, and where its own spans lie in the file. */
type FindingPlace = Pick<
  Place,
  "span" | "outer" | "toFile" | "depth" | "isElsewhere" | "usesVariables" | "round"
>;

function inFile(outer: Span): FindingPlace {
  return {
    span: outer,
    outer,
    toFile: (offset) => offset,
    depth: 0,
    isElsewhere: false,
    usesVariables: false,
  };
}

type Ask = (
  kind: NodeKind,
  node: unknown,
  context: NodeContext,
  place: FindingPlace,
  facts: UnitFacts,
) => void;

function askActions(visit: Visit, ask: Ask): void {
  const { statement, context, place, facts, world } = visit;
  if (statement.kind !== "alter table") return;
  for (const action of statement.actions) {
    const own = new NodeContext(statement, world, facts, place, action, context);
    ask(action.kind, action, own, place, facts);
  }
}

/** A context for nodes that are no statement: a broken one, an ignore comment, the end of a file. */
function borderContext(
  node: { readonly kind: string; readonly text?: string },
  span: Span,
  world: World,
  facts: UnitFacts,
): NodeContext {
  const head = { start: span.start, end: span.start };
  const text = node.text ?? "";
  const place = {
    text,
    shown: text,
    outer: span,
    depth: 0,
    loop: "none" as const,
    loopOver: "",
    isLast: false,
    mayBeSkipped: false,
    handled: null,
  };
  return createContext({ kind: "other", command: node.kind, span, head }, world, facts, place);
}

/** What a statement that is refused does not do to anybody. */
const mootCategories: ReadonlySet<string> = new Set(["lock", "compatibility"]);

function askRule(
  { judgement, looseEnds, memories, form }: Bench,
  active: ActiveRule,
  node: unknown,
  nodeContext: NodeContext,
  place: FindingPlace,
  facts: UnitFacts,
  names: PlaceholderNames,
): void {
  const context = new RuleContext(nodeContext, active.rule, active.options, memories);
  const { path } = facts;
  const statement = place.outer;
  try {
    // What may never run is told of nobody's refusal.
    const isMoot = context.isSure && mootCategories.has(active.rule.category);
    if (isMoot && comesToNothing(context.effects) && context.effects.fails?.rule !== active.rule.id) return;
    for (const told of active.rule.check(node as never, context)) {
      const key = `${path}\n${active.rule.id}\n${place.span.start}`;
      if (place.round !== undefined && isOfOtherRound(judgement, key, place.round)) continue;
      const own = nodeContext.isOfSeveral() ? besideOthers(told) : told;
      const finding = place.round === undefined ? own : advised(inWords(own), otherRounds);
      const impact =
        finding.showsImpact === false ? null : impactOf(context.effects, nodeContext.waitedFor());
      const { looseEnd, ...said } = finding;
      const raw = {
        active,
        finding: form(restorePlaceholders(placed(said, place, context.effects), names), {
          runner: facts.runner,
          session: context.session,
          isInBody: place.depth > 0,
        }),
        path,
        statement,
        impact: restoreImpact(impact, names),
      };
      if (looseEnd === undefined) judgement.findings.push(raw);
      else looseEnds.add(raw, looseEnd);
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    judgement.failures.push({ rule: active.rule.id, path, offset: statement.start, message });
  }
}

/** What one round of a loop over a written list is told of may be true of the others. */
const otherRounds = "It stands in a loop: look at its other rounds as well";

/** A series of migrations that cannot be printed is said in the words above its steps. */
function inWords(finding: Finding): Finding {
  const { rewrite, advice } = finding;
  if (rewrite === undefined || advice !== undefined) return finding;
  return { ...finding, advice: rewrite.map(({ title }) => title).join("; ") };
}

function advised(finding: Finding, more: string): Finding {
  const { advice } = finding;
  return { ...finding, advice: advice === undefined ? more : `${advice}. ${more}` };
}

/**
 * Pasted over the statement, a series of migrations for one of its actions would lose the others. A single one is a query to
 * ask before, or what follows, or has the others in it.
 */
function besideOthers(finding: Finding): Finding {
  if (finding.rewrite === undefined || finding.rewrite.length < 2) return finding;
  return advised(finding, "This is for one action of several; lockwise plan writes them all");
}

/** A finding in a body is moved to its place in the file; edits cannot be. */
function placed(finding: Finding, place: FindingPlace, effects: Effects): Finding {
  if (place.depth === 0) return finding;
  // What names a variable of the body cannot be printed as a migration of its own.
  const { fix: _, rewrite, at, ...rest } = place.usesVariables ? inWords(finding) : finding;
  const inFile = {
    at: place.isElsewhere ? { start: place.span.start, end: place.span.end } : moveSpan(at, place.toFile),
    ...rest,
    ...(rewrite === undefined || place.usesVariables ? {} : { rewrite }),
  };
  return withoutUnknownNames(inFile, unknownKind(effects.locks));
}
