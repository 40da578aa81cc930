import type { LockMode } from "../../model/locks.ts";
import { strongest } from "../../model/locks.ts";
import { isStandIn } from "../../model/stand-in.ts";
import type { Statement } from "../../model/statement.ts";
import { qualifyName, quoteName, splitQualified } from "../../sql/names.ts";
import type { Span } from "../../text/span.ts";
import type { Deferral } from "../deferral.ts";
import {
  type Effects,
  type Failure,
  isAbsent,
  isOfMissing,
  type Lock,
  labelOf,
  type Uncertainty,
} from "../effect.ts";
import { effort } from "../effort.ts";
import { isTable, type Relation, type Table, type UserFunction } from "../entities.ts";
import type { Prepared } from "../prepared.ts";
import type { Gone } from "../schema/gone-names.ts";
import { isSystemName } from "../schema/name-parts.ts";
import type { NameLike, Schema } from "../schema.ts";

/** What is known just before a statement. A session's settings can be handed on as they are. */
export interface EffectsWorld {
  readonly schema: Schema;
  /** Major version of the server, 12 to 18. */
  readonly version: number;
  /** Where unqualified names are looked up; the first is where they are taken to be when nobody knows them. */
  readonly searchPath: readonly string[];
  /** Settings in force, lower-case names; only `timezone` matters. */
  readonly settings: ReadonlyMap<string, { readonly value: string }>;
  /** The text that spans refer to. */
  readonly text: string;
  /** Whether a sentence names what stands for a placeholder, which the tool fills in. */
  readonly namesPlaceholder?: (reason: string) => boolean;
  /** Whether the statement stands in a body: what it names may be a variable. */
  readonly isInBody?: boolean;
  /** Names in a body that may stand for what a function is called with. */
  readonly parameters?: ReadonlySet<string>;
  /** Reads the body of an SQL function, where somebody can. */
  readonly readBody?: (body: Span) => readonly BodyStatement[];
  /** Reads the body of a routine of the history, where somebody can. */
  readonly readRoutine?: (routine: UserFunction) => RoutineBody;
  /** Checks that wait for the end of the open transaction; missing outside of one. */
  readonly deferral?: Deferral;
  /** The statements that the session has prepared; missing where nobody keeps them. */
  readonly prepared?: Prepared;
}

/** A statement of a body, and the text that its spans refer to. */
export interface BodyStatement {
  readonly statement: Statement;
  readonly text: string;
}

/** What a routine runs, as far as it can be read. */
export interface RoutineBody {
  /** In order; `mayBeSkipped`: in a branch, a loop or a handler, or behind what may have left it. */
  readonly statements: readonly (BodyStatement & { readonly mayBeSkipped: boolean })[];
  /** What it calls its values. */
  readonly variables: ReadonlySet<string>;
  /** Whether these are all: not where it runs what only the server knows, nor where it is too long to be read. */
  readonly isWhole: boolean;
}

/** What a statement names: known to the history, or only its name. */
export interface Target<Known extends Relation = Relation> {
  readonly known: Known | null;
  /** As in `Lock.relation`. */
  readonly label: string;
}

/** The effects of one statement while they are being collected. */
export interface Ledger {
  readonly world: EffectsWorld;
  readonly locks: Map<string, Lock>;
  readonly rewrites: Set<string>;
  readonly scans: Set<string>;
  readonly buildsIndexes: Set<string>;
  /** Whether the statement is only planned, as EXPLAIN and PREPARE do: no row is touched. */
  isPlan: boolean;
  /** Routines that the statement has run so far: none is looked at twice. */
  readonly ran: Set<number>;
  /** What a statement of a routine does, when the statement runs the routine. */
  readonly collect: (ledger: Ledger, statement: Statement) => void;
  fails: Failure | null;
  refusesTransaction: boolean;
  uncertain: Uncertainty | null;
  /** What a routine or trigger may do: a statement that is refused before it comes to that does not depend on it. */
  unread: Uncertainty | null;
}

/** An empty ledger for one statement in the world before it. */
export function openLedger(world: EffectsWorld, collect: Ledger["collect"] = () => {}): Ledger {
  return {
    world,
    locks: new Map(),
    rewrites: new Set(),
    scans: new Set(),
    buildsIndexes: new Set(),
    isPlan: false,
    ran: new Set(),
    collect,
    fails: null,
    refusesTransaction: false,
    uncertain: null,
    unread: null,
  };
}

/** What the ledger holds. A statement that fails is rolled back: its work counts no more, its locks were taken. */
export function closeLedger(ledger: Ledger): Effects {
  const { isGone = false, isEvident = false } = ledger.fails ?? {};
  const isMissing = isAbsent(ledger.fails);
  const unread = ledger.fails === null ? ledger.unread : null;
  return {
    // On what is not there none was taken; what else the history does not know, a refused statement hardly reaches.
    locks: [...ledger.locks.values()].filter(({ id }) => !isMissing || id !== null),
    rewrites: [...ledger.rewrites],
    scans: [...ledger.scans],
    buildsIndexes: [...ledger.buildsIndexes].map(quoteName),
    fails: ledger.fails,
    refusesTransaction: ledger.refusesTransaction,
    // Whatever else is not known, that name is gone, or was never one.
    uncertain: isGone || isEvident ? null : (ledger.uncertain ?? unread),
  };
}

/** Takes a lock on a relation that the history knows. */
export function lock(ledger: Ledger, relation: Relation, mode: LockMode, because?: string): void {
  const kind = relation.kind === "foreign table" ? "table" : relation.kind;
  const table = relation.kind === "index" ? ledger.world.schema.relationById(relation.table) : undefined;
  addLock(ledger, {
    relation: labelOf(relation),
    id: relation.id,
    kind,
    mode,
    ...(table !== undefined && { table: labelOf(table) }),
    ...reason(because),
  });
}

/** Takes a lock on what a statement names, known or not. */
export function lockTarget(
  ledger: Ledger,
  target: Target,
  kind: Lock["kind"],
  mode: LockMode,
  because?: string,
): void {
  if (target.known !== null) lock(ledger, target.known, mode, because);
  else addLock(ledger, { relation: target.label, id: null, kind, mode, ...reason(because) });
}

/** Takes the last lock of a CONCURRENTLY on the index that goes. */
export function lockRetired(ledger: Ledger, index: Target): void {
  const table =
    index.known?.kind === "index" ? ledger.world.schema.relationById(index.known.table) : undefined;
  addLock(ledger, {
    relation: index.label,
    id: index.known?.id ?? null,
    kind: "index",
    mode: "ACCESS EXCLUSIVE",
    ...(table !== undefined && { table: labelOf(table) }),
    isRetired: true,
  });
}

function reason(because: string | undefined): { readonly because?: string } {
  return because === undefined ? {} : { because };
}

/** A lock is made and looked at by the rules: as much as to list so many relations. */
const effortOfLock = 4;

function addLock(ledger: Ledger, taken: Lock): void {
  effort.spent += effortOfLock;
  const held = ledger.locks.get(taken.relation);
  if (held === undefined) ledger.locks.set(taken.relation, taken);
  else if (strongest(held.mode, taken.mode) !== held.mode) {
    // A lock that the statement names itself needs no explanation, even if another reason made it stronger.
    ledger.locks.set(taken.relation, held.because === undefined ? { ...held, mode: taken.mode } : taken);
  }
}

/** The server refuses the statement; the first reason counts. */
export function fail(ledger: Ledger, sqlstate: string, reason: string): void {
  if (isUnsaid(ledger, sqlstate, reason)) return;
  ledger.fails ??= { sqlstate, reason };
}

/** Whether a reason is about a name that stands for another: what was named at run time may have been dropped at run time, too. */
function isUnsaid(ledger: Ledger, sqlstate: string, reason: string): boolean {
  if (isStandIn(reason)) return true;
  if (!isOfMissing(sqlstate) || ledger.world.namesPlaceholder?.(reason) !== true) return false;
  depend(ledger, "what its placeholders stand for");
  return true;
}

/** The server refuses what the statement says, and nothing that is there beside it can help. */
export function failEvident(ledger: Ledger, sqlstate: string, reason: string): void {
  if (isUnsaid(ledger, sqlstate, reason)) return;
  ledger.fails ??= { sqlstate, reason, isEvident: true };
}

/** The server refuses it for what is there: its code, that of a slip or of a missing name, does not tell so. */
export function failSeen(ledger: Ledger, sqlstate: string, reason: string): void {
  if (!isStandIn(reason)) ledger.fails ??= { sqlstate, reason, isSeen: true };
}

/** The server refuses it, and a rule of its own tells so. */
export function failByRule(ledger: Ledger, rule: string, sqlstate: string, reason: string): void {
  if (!isStandIn(reason)) ledger.fails ??= { sqlstate, reason, rule };
}

/** The history itself took it away: `orders was dropped in 0007_drop.sql:3`. */
export function failGone(ledger: Ledger, sqlstate: string, what: string, gone: Gone): void {
  if (isStandIn(what)) return;
  const where = gone.where === null ? "before" : `in ${gone.where}`;
  ledger.fails ??= { sqlstate, reason: `${what} was ${gone.became ?? "dropped"} ${where}`, isGone: true };
}

/** Servers older than that do not know it: a syntax error, unless measured otherwise. */
export function needVersion(ledger: Ledger, since: number, what: string, sqlstate = "42601"): void {
  if (ledger.world.version >= since || isStandIn(what)) return;
  ledger.fails ??= { sqlstate, reason: `${what} needs PostgreSQL ${since}`, lacks: { what, since } };
}

/** The answer depends on something that the history does not tell; the first thing counts. */
export function depend(ledger: Ledger, on: string): void {
  ledger.uncertain ??= { on };
}

/** The two parts of a name as plain text; the schema is null where none was written. */
export function nameParts(name: NameLike): { readonly schema: string | null; readonly name: string } {
  if (typeof name.name === "string") return { schema: name.schema as string | null, name: name.name };
  return { schema: (name.schema as { name: string } | null)?.name ?? null, name: name.name.name };
}

/** Looks a relation up as the server does, through the search path. */
export function findRelation(world: EffectsWorld, name: NameLike): Relation | undefined {
  return world.schema.findRelation(name, world.searchPath);
}

/** How an unknown name is called: in its schema, in the server's own, or in the one where new things go. */
export function labelOfName(world: EffectsWorld, name: NameLike): string {
  const parts = nameParts(name);
  const home = isSystemName(name) ? "pg_catalog" : (world.searchPath[0] ?? "public");
  return qualifyName(parts.schema ?? home, parts.name);
}

/** What a name stands for: the relation, if the history knows it, and how it is told of. */
export function targetOf(world: EffectsWorld, name: NameLike): Target {
  const known = findRelation(world, name) ?? null;
  return { known, label: known === null ? labelOfName(world, name) : labelOf(known) };
}

/** The schema in which a target is, or is looked for. */
export function schemaOf({ known, label }: Target): string {
  return known?.schema ?? splitQualified(label).schema;
}

/** Its name without the schema. */
export function bareNameOf({ known, label }: Target): string {
  return known?.name ?? splitQualified(label).name;
}

/** The target as a table; a relation of another kind counts as unknown. */
export function tableTarget(world: EffectsWorld, name: NameLike): Target<Table> {
  const target = targetOf(world, name);
  return { known: isTable(target.known) ? target.known : null, label: target.label };
}

/** For messages: the name without its schema where that is the first of the search path. */
export function shortName(world: EffectsWorld, label: string): string {
  const home = `${quoteName(world.searchPath[0] ?? "public")}.`;
  return label.startsWith(home) ? label.slice(home.length) : label;
}
