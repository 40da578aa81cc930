import type { LockMode } from "../model/locks.ts";
import { qualifyName } from "../sql/names.ts";

/** A lock that a statement takes on a relation that existed before it. */
export interface Lock {
  /** `schema.name` as a person would write it in SQL: quoted where it has to be. */
  readonly relation: string;
  /** The identity in the schema; null where the history does not know the relation. */
  readonly id: number | null;
  readonly kind: "table" | "index" | "view" | "materialized view" | "sequence";
  readonly mode: LockMode;
  /** Of an index: its table. */
  readonly table?: string;
  /** Why a relation is locked that the statement does not name: `referenced by orders_user_id_fkey`, `partition of events`. */
  readonly because?: string;
  /** The trigger that takes it, as SQL: the statement only fires that. */
  readonly trigger?: string;
  /** An index that CONCURRENTLY takes away, locked when no query knows of it any more: nobody waits. */
  readonly isRetired?: true;
}

/** What `Lock.relation` says of a relation. */
export function labelOf(relation: { readonly schema: string; readonly name: string }): string {
  return qualifyName(relation.schema, relation.name);
}

/** How people call a relation: without the schema that everybody means. */
export function shortName(relation: string): string {
  return relation.startsWith("public.") ? relation.slice("public.".length) : relation;
}

const missing: ReadonlySet<string> = new Set(["42P01", "42703", "42704", "42883", "3F000"]);

/** Whether the server says with this SQLSTATE that something is not there. */
export function isOfMissing(sqlstate: string): boolean {
  return missing.has(sqlstate);
}

/** Something that could not be told from the text and the history alone. */
export interface Uncertainty {
  /** What decides it, for people: `the old type of orders.total`, `the functions that total() calls`. */
  readonly on: string;
}

/** What may have made, or taken away, what a statement is refused for. */
export const behindUnread: Uncertainty = { on: "what ran before it and could not be read" };

export interface Failure {
  readonly sqlstate: string;
  readonly reason: string;
  /** Whether the history itself took away, or renamed, what the statement names. */
  readonly isGone?: true;
  /** Whether the statement shows it by itself: whatever else is there, this is not. */
  readonly isEvident?: true;
  /** Whether it was found by a look at what is there, although its code is that of a slip in the statement, or of a missing name. */
  readonly isSeen?: true;
  /** The rule of its own that tells it, with the way that there is. */
  readonly rule?: string;
  /** Where only the age of the server stands in the way: what it lacks, and the first major version that has it. */
  readonly lacks?: { readonly what: string; readonly since: number };
}

/** Whether a relation is surely not there under the name that the statement uses. */
export function isAbsent(failure: Failure | null): boolean {
  return failure?.isGone === true || (failure?.isEvident === true && failure.sqlstate === "42P01");
}

/** undefined and duplicate columns, tables, objects and functions. */
const ofNames: ReadonlySet<string> = new Set([
  "42703",
  "42701",
  "42P01",
  "42P07",
  "42704",
  "42710",
  "42883",
  "42723",
]);

/**
 * Whether the server refuses a statement for what is missing, or there already, as far as the history tells: it may be otherwise
 * on the server. What the history itself took away is surely gone.
 */
export function isOfNames({ sqlstate, isGone, isEvident, isSeen }: Failure): boolean {
  return (ofNames.has(sqlstate) || isSeen === true) && isGone !== true && isEvident !== true;
}

/** Whether it is refused whatever is there: for what it says, for the server's age, or for what the history took away. */
export function isOfItself({ sqlstate, isGone, isEvident, isSeen, lacks }: Failure): boolean {
  if (lacks !== undefined || isGone === true || isEvident === true) return true;
  return isSeen !== true && ["42601", "25001", "25P01"].includes(sqlstate);
}

/**
 * What a statement does on the server: measured facts, never prose. The same shape for a whole statement and for one
 * action of ALTER TABLE.
 */
export interface Effects {
  readonly locks: readonly Lock[];
  /** Relations whose files are written anew. */
  readonly rewrites: readonly string[];
  /** Relations of which every row is read while others wait, or whose reading grows with the table. */
  readonly scans: readonly string[];
  /** Names of indexes that are built or rebuilt, as SQL; the server's choice of name where the statement gives none. */
  readonly buildsIndexes: readonly string[];
  readonly fails: Failure | null;
  /** Whether PostgreSQL refuses the statement inside a transaction block (25001). */
  readonly refusesTransaction: boolean;
  /** Null: certain. Locks, rewrites and scans are then those of the worst case. */
  readonly uncertain: Uncertainty | null;
}
