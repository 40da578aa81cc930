import { behindUnread, type Effects, isOfItself, type Lock } from "../analysis/effect.ts";
import { type EffectsWorld, effectsOf, effectsOfAction } from "../analysis/effects.ts";
import type { Relation, UserFunction } from "../analysis/entities.ts";
import type { Schema } from "../analysis/schema.ts";
import { isInTransaction, type Session, searchPathOf } from "../analysis/session.ts";
import type { World } from "../analysis/world.ts";
import type { Action } from "../model/action.ts";
import type { LockMode } from "../model/locks.ts";
import type { QualifiedName } from "../model/name.ts";
import type { AlterTable, Statement } from "../model/statement.ts";
import type { Context, Down, Loop, Memory, Rule, Runner } from "../rule.ts";
import type { Span } from "../text/span.ts";
import { howEmptied } from "./emptied.ts";
import type { UnitFacts } from "./facts.ts";
import { heldWith, modesOf } from "./held-with.ts";
import type { RuleMemories } from "./memories.ts";
import { isNewEntity, isNewRelation } from "./new-relations.ts";
import type { ContextPlace } from "./place.ts";
import { namesOf, restoreName } from "./placeholder-names.ts";
import { readRoutine, readSqlBody } from "./sql-bodies.ts";

/**
 * What all rules that look at one node are told of it. A class, as is {@link RuleContext}: there are millions of them, and
 * objects of one shape with shared methods are what the engine below us is fast with. Effects are computed when first
 * asked for.
 */
export class NodeContext {
  readonly statement: Statement;
  readonly world: World;
  readonly facts: UnitFacts;
  readonly place: ContextPlace;
  private modes: ReadonlyMap<string, LockMode> | null = null;
  private readonly action: Action | null;
  private readonly whole: NodeContext | null;
  private known: Effects | null = null;
  private waited: readonly Lock[] | null = null;

  /** The context of a statement; with `action` and that statement's own context that of one action of ALTER TABLE. */
  constructor(
    statement: Statement,
    world: World,
    facts: UnitFacts,
    place: ContextPlace,
    action: Action | null = null,
    whole: NodeContext | null = null,
  ) {
    this.statement = statement;
    this.world = world;
    this.facts = facts;
    this.place = place;
    this.action = action;
    this.whole = whole;
  }

  get table(): AlterTable {
    if (this.statement.kind !== "alter table")
      throw new Error(`${this.statement.kind} has no table around it`);
    return this.statement;
  }

  /** Whether it is one action of several: what a rule says of it leaves the others out. */
  isOfSeveral(): boolean {
    return this.action !== null && this.table.actions.length > 1;
  }

  get effects(): Effects {
    this.known ??= this.findEffects();
    return this.known;
  }

  private findEffects(): Effects {
    // The only action of a statement does all that the statement does.
    if (this.whole !== null && this.table.actions.length === 1) return this.whole.effects;
    const world = effectsWorld(this.world, this.facts, this.place);
    const effects =
      this.action === null
        ? effectsOf(this.statement, world)
        : effectsOfAction(this.action, this.table, world);
    const { fails, uncertain } = effects;
    const held = this.whole === null ? effects : heldWith(effects, this.whole.modesHeld());
    if (fails === null || uncertain !== null || !this.facts.unread.is || isOfItself(fails)) return held;
    return { ...held, uncertain: behindUnread };
  }

  /** The mode of each relation that it locks. */
  modesHeld(): ReadonlyMap<string, LockMode> {
    this.modes ??= modesOf(this.effects);
    return this.modes;
  }

  get statementEffects(): Effects {
    return this.whole === null ? this.effects : this.whole.effects;
  }

  waitedFor(): readonly Lock[] {
    const { schema } = this.world;
    this.waited ??= this.effects.locks.filter(
      ({ id, relation }) =>
        !relation.startsWith(ownSchema) &&
        (id === null || !isNewRelation(tableAround(id, schema), schema, this.facts)),
    );
    return this.waited;
  }
}

/** What lies in it nobody else can see. */
const ownSchema = "pg_temp.";

/** Who uses a table uses its indexes and its sequences, old and new. */
function tableAround(id: number, schema: Schema): Relation | undefined {
  const relation = schema.relationById(id);
  const table =
    relation?.kind === "index"
      ? relation.table
      : relation?.kind === "sequence"
        ? relation.ownedBy?.table
        : undefined;
  return (table === undefined ? undefined : schema.relationById(table)) ?? relation;
}

/** The context of a statement. */
export function createContext(
  statement: Statement,
  world: World,
  facts: UnitFacts,
  place: ContextPlace,
): NodeContext {
  return new NodeContext(statement, world, facts, place);
}

/** What one rule is told of a node: the node's context, with the options and the memory of that rule. */
export class RuleContext implements Context {
  private readonly node: NodeContext;
  private readonly rule: Rule;
  private readonly memories: RuleMemories;
  readonly options: Readonly<Record<string, unknown>>;

  constructor(
    node: NodeContext,
    rule: Rule,
    options: Readonly<Record<string, unknown>>,
    memories: RuleMemories,
  ) {
    this.node = node;
    this.rule = rule;
    this.options = options;
    this.memories = memories;
  }

  get outer(): Span {
    return this.node.place.outer;
  }
  get isInBody(): boolean {
    return this.node.place.depth > 0;
  }
  get isSure(): boolean {
    const { mayBeSkipped, handled } = this.node.place;
    return !mayBeSkipped && handled === null;
  }
  get asksVersion(): boolean {
    return this.node.place.asksVersion === true;
  }
  get isReadLate(): boolean {
    return this.node.place.isReadLate === true;
  }
  get loop(): Loop {
    return this.node.place.loop;
  }
  get mayCommit(): boolean {
    return this.node.place.mayCommit ?? true;
  }
  get loopOver(): string {
    return this.node.place.loopOver;
  }
  get isLast(): boolean {
    return this.node.place.isLast;
  }
  get unitSpan(): Span {
    return this.node.facts.span;
  }
  get isStart(): boolean {
    return this.node.facts.unit === 0;
  }
  get down(): Down {
    return this.node.facts.down;
  }
  get version(): number {
    return this.node.facts.version;
  }
  get isVersionAssumed(): boolean {
    return this.node.facts.isVersionAssumed;
  }
  get schema(): Schema {
    return this.node.world.schema;
  }
  get session(): Session {
    return this.node.world.session;
  }
  get statement(): Statement {
    return this.node.statement;
  }
  get path(): string {
    return this.node.facts.path;
  }
  get runner(): Runner {
    return this.node.facts.runner;
  }
  get maxLockTimeout(): number {
    return this.node.facts.maxLockTimeout;
  }
  get table(): AlterTable {
    return this.node.table;
  }
  get effects(): Effects {
    return this.node.effects;
  }
  get statementEffects(): Effects {
    return this.node.statementEffects;
  }
  get sourceText(): string {
    return this.node.place.shown;
  }
  get notes(): Map<string, string> {
    return this.memories.notesOf(this.rule.id, this.node.facts.release);
  }

  recall<Kept>(memory: Memory<Kept>): Kept {
    if (this.rule.remembers?.includes(memory) !== true)
      throw new Error(`${this.rule.id} recalls what it does not remember`);
    return this.memories.recall(memory, this.node.facts);
  }
  text(span: Span): string {
    return this.sourceText.slice(span.start, span.end);
  }
  nameOf(name: QualifiedName): string {
    return this.text(name.span);
  }
  declared(name: QualifiedName) {
    return declaredFacts(name, this.schema, this.node.facts);
  }
  isNew(name: QualifiedName): boolean {
    if (name.schema?.name === "pg_temp") return true;
    return isNewRelation(this.schema.findRelation(name), this.schema, this.node.facts);
  }
  hasNoRows(name: QualifiedName): boolean {
    return this.isNew(name) || howEmptied(name, this.session, this.node.facts) === "truncated";
  }
  hasLostRows(name: QualifiedName): boolean {
    return this.isNew(name) || howEmptied(name, this.session, this.node.facts) !== null;
  }
  isNewEntity(entity: Parameters<Context["isNewEntity"]>[0]): boolean {
    return isNewEntity(entity, this.node.facts);
  }
  waitedFor(): readonly Lock[] {
    return this.node.waitedFor();
  }
  isFirst(key: string): boolean {
    const { asked } = this.node.facts;
    const before = asked.size;
    return asked.add(`${this.rule.id}\n${key}`).size > before;
  }
  isFirstInTransaction(key: string): boolean {
    const whole = `${this.session.transactionNumber} ${key}`;
    // Only the files of a run share a transaction; of all others there may be thousands.
    if (this.runner.mode !== "run") return this.isFirst(whole);
    const { notes } = this;
    const isFirst = !notes.has(whole);
    notes.set(whole, "");
    return isFirst;
  }
}

function effectsWorld(world: World, facts: UnitFacts, place: ContextPlace): EffectsWorld {
  const { text, shown, depth, loop } = place;
  // One row in each round is every row in the end: there a variable limits nothing.
  const variables = loop === "none" ? place.variables : undefined;
  const { version, parser } = facts;
  const { schema, session } = world;
  const { settings } = session;
  const readBody = (body: Span) => readSqlBody(parser, text, body);
  const searchPath = searchPathOf(session);
  const namesPlaceholder = (reason: string) => restoreName(reason, namesOf(facts, text, shown)) !== reason;
  const runs = (routine: UserFunction) => readRoutine(parser, routine);
  const parameters = variables === undefined ? {} : { parameters: variables };
  const placed = { text, ...parameters, isInBody: depth > 0, readBody, readRoutine: runs, namesPlaceholder };
  const { prepared } = session;
  const known = { schema, version, searchPath, settings, prepared, ...placed };
  return isInTransaction(session) ? { deferral: session.deferral, ...known } : known;
}

function declaredFacts(name: QualifiedName, schema: Schema, facts: UnitFacts) {
  const relation = schema.findRelation(name);
  const schemaName = relation?.schema ?? name.schema?.name ?? "public";
  const bare = relation?.name ?? name.name.name;
  const declared = (name: string) => (Object.hasOwn(facts.tables, name) ? facts.tables[name] : undefined);
  return declared(`${schemaName}.${bare}`) ?? (schemaName === "public" ? declared(bare) : undefined) ?? null;
}
