import type { Effects } from "../analysis/effect.ts";
import { effectsOf, effectsOfAction } from "../analysis/effects.ts";
import type { Relation } from "../analysis/entities.ts";
import type { Schema } from "../analysis/schema.ts";
import { searchPathOf } from "../analysis/session.ts";
import type { World } from "../analysis/world.ts";
import type { Action } from "../model/action.ts";
import type { QualifiedName } from "../model/name.ts";
import type { Statement } from "../model/statement.ts";
import type { Context, Down, Runner } from "../rule.ts";
import type { Span } from "../text/span.ts";
import type { Place } from "./visit.ts";

/** What every context of a unit shares. */
export interface UnitFacts {
  readonly path: string;
  readonly version: number;
  readonly runner: Runner;
  readonly unit: number;
  readonly release: number;
  readonly maxLockTimeout: number;
  /** What the configuration declares, by `schema.name` or name. */
  readonly tables: Readonly<Record<string, { readonly rows?: number; readonly hot?: boolean }>>;
  readonly down: Down;
  /** The statements of the unit so far. */
  readonly earlier: Statement[];
  /** What {@link Context.isFirst} has been asked so far. */
  readonly asked: Set<string>;
}

/** What a rule is told of a node, but for the options of that rule. */
export type NodeContext = Omit<Context, "options" | "isFirst" | "notes">;

/** The context of a statement. Effects are computed when first asked for. */
export function createContext(
  statement: Statement,
  world: World,
  facts: UnitFacts,
  place: Pick<Place, "text" | "shown" | "outer" | "depth" | "loop">,
): NodeContext {
  const { text: source, shown, outer } = place;
  let effects: Effects | null = null;
  const compute = (): Effects => {
    effects ??= effectsOf(statement, effectsWorld(world, facts.version, source));
    return effects;
  };
  return {
    outer,
    isInBody: place.depth > 0,
    loop: place.loop,
    earlier: facts.earlier,
    down: facts.down,
    declared: (name: QualifiedName) => declaredFacts(name, world.schema, facts),
    version: facts.version,
    schema: world.schema,
    session: world.session,
    statement,
    path: facts.path,
    runner: facts.runner,
    maxLockTimeout: facts.maxLockTimeout,
    get table() {
      if (statement.kind !== "alter table") throw new Error(`${statement.kind} has no table around it`);
      return statement;
    },
    get effects() {
      return compute();
    },
    get statementEffects() {
      return compute();
    },
    sourceText: shown,
    text: (span: Span) => shown.slice(span.start, span.end),
    nameOf: (name: QualifiedName) => shown.slice(name.span.start, name.span.end),
    isNew: (name: QualifiedName) => isNewRelation(world.schema.findRelation(name), world.schema, facts),
    isNewEntity: (entity) => isNewEntity(entity, facts),
    waitedFor() {
      return this.effects.locks.filter(
        (lock) => lock.id === null || !isNewRelation(world.schema.relationById(lock.id), world.schema, facts),
      );
    },
  };
}

/** The context of one action of ALTER TABLE: the same world, effects of its own. */
export function createActionContext(
  action: Action,
  parent: NodeContext,
  world: World,
  version: number,
  source: string,
): NodeContext {
  let effects: Effects | null = null;
  const own = Object.create(parent) as NodeContext;
  Object.defineProperty(own, "effects", {
    get() {
      effects ??= effectsOfAction(action, parent.table, effectsWorld(world, version, source));
      return effects;
    },
  });
  return own;
}

function effectsWorld(world: World, version: number, text: string) {
  const { schema, session } = world;
  return { schema, version, searchPath: searchPathOf(session), settings: session.settings, text };
}

function declaredFacts(name: QualifiedName, schema: Schema, facts: UnitFacts) {
  const relation = schema.findRelation(name);
  const schemaName = relation?.schema ?? name.schema?.name ?? "public";
  const bare = relation?.name ?? name.name.name;
  return (
    facts.tables[`${schemaName}.${bare}`] ??
    (schemaName === "public" ? facts.tables[bare] : undefined) ??
    null
  );
}

function isNewRelation(relation: Relation | undefined, schema: Schema, facts: UnitFacts): boolean {
  if (relation === undefined) return false;
  if (relation.kind === "table" && relation.persistence === "temporary") return true;
  if (relation.isCertainlyNew || !hasWholeHistory(relation.schema, schema, facts))
    return isNewEntity(relation, facts);
  return isNewEntity({ origin: relation.origin }, facts);
}

function isNewEntity(entity: Parameters<Context["isNewEntity"]>[0], facts: UnitFacts): boolean {
  const { origin, isCertainlyNew } = entity;
  if (origin === null || isCertainlyNew === false) return false;
  return origin.unit === facts.unit || origin.release === facts.release;
}

/**
 * CREATE TABLE IF NOT EXISTS does not prove by itself that the table is new. A history does, if it has never used a relation of
 * that schema that it did not create.
 */
function hasWholeHistory(name: string, schema: Schema, facts: UnitFacts): boolean {
  if (facts.unit === 0) return false;
  let assumed = assumedSchemas.get(schema);
  if (assumed === undefined) {
    assumed = new Set();
    for (const relation of schema.relations()) if (relation.origin === null) assumed.add(relation.schema);
    assumedSchemas.set(schema, assumed);
  }
  return !assumed.has(name);
}

const assumedSchemas = new WeakMap<Schema, Set<string>>();
