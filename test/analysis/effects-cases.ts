import { accessSetting } from "../../src/analysis/access-mode.ts";
import { type Deferral, foldDeferral, noDeferral } from "../../src/analysis/deferral.ts";
import type { Effects } from "../../src/analysis/effect.ts";
import { effectsOf } from "../../src/analysis/effects.ts";
import type { UserFunction } from "../../src/analysis/entities.ts";
import { foldPrepared, nonePrepared, type Prepared } from "../../src/analysis/prepared.ts";
import { emptySchema, foldSchema, type Schema } from "../../src/analysis/schema.ts";
import { settingsOfQuery } from "../../src/analysis/set-config.ts";
import { parserAsOf } from "../../src/engine/later-keywords.ts";
import { readRoutine, readSqlBody } from "../../src/engine/sql-bodies.ts";
import { accessMode } from "../../src/model/access-mode.ts";
import { type LockMode, lockModes, strongest } from "../../src/model/locks.ts";
import type { Statement } from "../../src/model/statement.ts";
import type { Parser } from "../../src/parse/parser.ts";
import { splitQualified } from "../../src/sql/names.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";
import type { Span } from "../../src/text/span.ts";
import type { Case, Result } from "../postgres/measure.d.mts";

/** What the analysis says of a case, in the words of the measurements. */
export interface Prediction {
  readonly locks: Readonly<Record<string, LockMode>>;
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  /** Scans of what the statements themselves made. */
  readonly newScans: readonly string[];
  readonly buildsIndexes: readonly string[];
  readonly fails: readonly string[];
  readonly refusesTransaction: boolean;
  readonly uncertain: string | null;
  /** What is said to people: why it fails, what decides it, why a relation is locked that it does not name. */
  readonly words: readonly string[];
  /** A syntax error for our parser, which is that of 18. */
  readonly isBroken: boolean;
}

interface State {
  schema: Schema;
  readonly settings: Map<string, { readonly value: string }>;
  searchPath: readonly string[];
  deferral: Deferral;
  prepared: Prepared;
}

type Parsed = readonly { readonly statement: Statement | null }[];

/** Set-ups are read for each version, but parsed once where the version does not matter. */
const parsed = new Map<string, Parsed>();
const mayDiffer = /json|normalize/i;

function parse(newest: Parser, text: string, version: number): Parsed {
  const key = mayDiffer.test(text) ? `${version} ${text}` : text;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const parser = parserAsOf(newest, version);
  const result = splitStatements(text).statements.map((part) => {
    const outcome = parser.parse({ text, statement: part, tokens: statementTokens(text, part) });
    return { statement: outcome.outcome === "statement" ? outcome.statement : null };
  });
  parsed.set(key, result);
  return result;
}

function fold(
  state: State,
  statement: Statement,
  version: number,
  text: string,
  transaction: number,
  locks: Effects["locks"] = [],
): void {
  const settings = statement.kind === "select" ? settingsOfQuery(statement.query) : [];
  const mode =
    statement.kind === "set" && statement.name === "transaction" && accessMode(statement.value ?? "");
  if (typeof mode === "string") state.settings.set(accessSetting, { value: mode });
  for (const { name, value } of statement.kind === "set" ? [statement] : settings) {
    if (value === null) {
      state.settings.delete(name);
      continue;
    }
    state.settings.set(name, { value });
    if (name === "search_path") state.searchPath = value.split(",").map((part) => part.trim());
  }
  if (transaction > 0) state.deferral = foldDeferral(state.deferral, statement, { ...state, text, locks });
  state.prepared = foldPrepared(state.prepared, statement, { ...state, text });
  const origin = { unit: transaction, transaction, release: transaction };
  const { searchPath } = state;
  state.schema = foldSchema(state.schema, statement, { origin, searchPath, version, text });
}

/** Folds the set-up of a case, then predicts its statements; those of an array share a transaction. */
export function predict(parser: Parser, one: Case, version: number): Prediction {
  const state: State = {
    schema: emptySchema(),
    settings: new Map(),
    searchPath: ["app", "public"],
    deferral: noDeferral,
    prepared: nonePrepared,
  };
  for (const text of [one.setup, one.session ?? ""])
    for (const { statement } of parse(parser, text, version))
      if (statement !== null) fold(state, statement, version, text, 0);
  const before = state.schema;
  let all: Effects[] = [];
  const savepoints: (Pick<State, "schema" | "deferral"> & { readonly count: number })[] = [];
  let isBroken = false;
  for (const text of typeof one.sql === "string" ? [one.sql] : one.sql) {
    for (const { statement } of parse(parser, text, version)) {
      if (statement === null) {
        isBroken = true;
        continue;
      }
      const { schema, settings, searchPath, deferral, prepared } = state;
      const readBody = (body: Span) => readSqlBody(parser, text, body);
      const reads = (routine: UserFunction) => readRoutine(parser, routine);
      const effects = effectsOf(statement, {
        schema,
        version,
        searchPath,
        settings,
        text,
        deferral,
        prepared,
        readBody,
        readRoutine: reads,
      });
      all.push(effects);
      fold(state, statement, version, text, 1, effects.locks);
      if (statement.kind !== "transaction") continue;
      if (statement.action === "savepoint") savepoints.push({ ...state, count: all.length });
      const saved = savepoints.at(-1);
      if (statement.action !== "rollback to" || saved === undefined) continue;
      // What was locked behind a savepoint is let go with it.
      all = all.slice(0, saved.count);
      state.schema = saved.schema;
      state.deferral = saved.deferral;
    }
  }
  return merge(all, before, state.schema, isBroken);
}

/** Effects of several statements as one, on what was there before the first. */
function merge(all: readonly Effects[], before: Schema, after: Schema, isBroken: boolean): Prediction {
  const locks: Record<string, LockMode> = {};
  const isOld = (name: string) => findByLabel(before, name);
  for (const { relation, id, mode } of all.flatMap((effects) => effects.locks)) {
    if (id !== null && before.relationById(id) === undefined) continue;
    const known = id === null ? undefined : before.relationById(id);
    // A relation that was renamed on the way is measured under its old name.
    const name = plain(known === undefined ? relation : `${known.schema}.${known.name}`);
    locks[name] = name in locks ? strongest(locks[name] ?? mode, mode) : mode;
  }
  const names = (pick: (effects: Effects) => readonly string[]) =>
    [...new Set(all.flatMap(pick).filter(isOld).map(plain))].sort();
  return {
    locks,
    rewrites: names((effects) => effects.rewrites),
    scans: names((effects) => effects.scans),
    newScans: all.flatMap((effects) => effects.scans.filter((name) => !isOld(name)).map(plain)),
    buildsIndexes: [
      ...new Set(
        all
          .filter((effects) => effects.scans.length === 0 || effects.scans.some(isOld))
          .flatMap((effects) => effects.buildsIndexes)
          .map((name) => plain(`app.${name}`))
          .filter((name) => !isOnNew(name, before, after)),
      ),
    ].sort(),
    fails: all.flatMap((effects) => effects.fails?.sqlstate ?? []),
    refusesTransaction: all.some((effects) => effects.refusesTransaction),
    uncertain: all.map((effects) => effects.uncertain?.on).find((on) => on !== undefined) ?? null,
    words: all.flatMap(({ fails, uncertain, locks }) => [
      ...(fails === null ? [] : [`${fails.sqlstate} ${fails.reason}`]),
      ...(uncertain === null ? [] : [`depends on ${uncertain.on}`]),
      ...locks.flatMap(({ relation, kind, because }) =>
        because === undefined ? [] : [`${kind} ${relation}: ${because}`],
      ),
    ]),
    isBroken,
  };
}

/** An index on a table that the statements themselves made. */
function isOnNew(name: string, before: Schema, after: Schema): boolean {
  const index = after.findRelation({ schema: "app", name });
  return index?.kind === "index" && before.relationById(index.table) === undefined;
}

function findByLabel(schema: Schema, label: string): boolean {
  return schema.findRelation(splitQualified(label)) !== undefined;
}

function plain(label: string): string {
  const { schema, name } = splitQualified(label);
  return schema === "app" ? name : `${schema}.${name}`;
}

/**
 * SQLSTATEs that rows, the machine or the session decide, never the schema: violated constraints (23), values that cannot
 * be read as another type (22P02), a path that is not there (58P01), a database that is (42P04), values of an enum that are new
 * (55P04).
 */
function isDecidedElsewhere(sqlstate: string): boolean {
  return sqlstate.startsWith("23") || ["22P02", "58P01", "42P04", "55P04"].includes(sqlstate);
}

/**
 * What is not there: a history may begin in the middle, so a name that it does not know is taken to exist. Nothing is
 * predicted to fail for it.
 */
const missingObjects = ["42P01", "3F000", "42704", "42883"];

/** The server looks rows of a foreign key up by whatever plan is cheapest: how much it reads is up to the rows. */
function readsByKey(one: Case): boolean {
  return /FOREIGN KEY|REFERENCES|VALIDATE|_fk/i.test(
    typeof one.sql === "string" ? one.sql : one.sql.join(";"),
  );
}

/** What differs between a prediction and a measurement; empty: nothing. */
export function compare(one: Case, predicted: Prediction, measured: Result): readonly string[] {
  const differences: string[] = [];
  const isSure = predicted.uncertain === null;
  if (measured.setup === "unsupported") return [];
  if (measured.fails !== undefined) {
    // The server's grammar refuses some marks of constraints with a code of their own.
    const isUnread = predicted.isBroken && ["42601", "0A000"].includes(measured.fails);
    const isForeseen = predicted.fails.length === 0 || predicted.fails.includes(measured.fails);
    if ((isDecidedElsewhere(measured.fails) && isForeseen) || isUnread) return [];
    if (predicted.fails.includes(measured.fails) || (!isSure && predicted.fails.length === 0)) return [];
    if (missingObjects.includes(measured.fails) && predicted.fails.length === 0) return [];
    return [`fails ${measured.fails}, predicted ${predicted.fails.join() || "success"}`];
  }
  if (predicted.fails.length > 0 && isSure) return [`predicted ${predicted.fails.join()}, runs`];
  if (predicted.isBroken) return ["does not parse, runs"];
  const isRefused = measured.inTransaction === "25001";
  if (predicted.refusesTransaction !== isRefused)
    differences.push(`in a transaction: ${isRefused ? "25001" : "accepted"}, predicted otherwise`);
  for (const relation of new Set([...Object.keys(measured.locks ?? {}), ...Object.keys(predicted.locks)])) {
    const [real, said] = [measured.locks?.[relation], predicted.locks[relation]];
    if (real === said) continue;
    // It says that it cannot tell which.
    if (!isSure && Object.keys(predicted.locks).length === 0) continue;
    if (!isSure && said !== undefined && (real === undefined || rank(real) <= rank(said))) continue;
    differences.push(`lock on ${relation}: ${real ?? "none"}, predicted ${said ?? "none"}`);
  }
  const isFilled = filledTables(one);
  const real = {
    rewrites: new Set(measured.rewrites),
    scans: new Set([...(measured.scans ?? []), ...(measured.verifies ?? [])]),
    buildsIndexes: new Set(measured.buildsIndexes?.map((name) => name.slice(name.indexOf(".") + 1))),
  };
  // Verified and made by the same transaction: nobody waits for it.
  for (const name of predicted.newScans) real.scans.delete(name);
  // What it cannot tell at all, such as what a DO block does.
  if (!isSure && Object.keys(predicted.locks).length === 0) return differences;
  for (const kind of ["rewrites", "scans", "buildsIndexes"] as const) {
    const said = new Set(predicted[kind]);
    for (const name of real[kind]) if (!said.has(name)) differences.push(`${kind} ${name}, not predicted`);
    for (const name of said) {
      if (real[kind].has(name) || !isSure || (kind === "scans" && (!isFilled(name) || readsByKey(one))))
        continue;
      differences.push(`${kind} ${name} predicted, not seen`);
    }
  }
  return differences;
}

function rank(mode: string): number {
  return (lockModes as readonly string[]).indexOf(mode);
}

/** A full pass is only seen where the set-up puts rows: into the table, or into a parent of it. */
function filledTables(one: Case): (name: string) => boolean {
  const filled = new Set<string>();
  for (const match of one.setup.matchAll(
    /INSERT INTO (\S+)[^;]*\b(?:FROM|generate_series)\b|CREATE (?:MATERIALIZED VIEW|TABLE) (\S+) AS/gi,
  ))
    filled.add((match[1] ?? match[2] ?? "").replaceAll('"', ""));
  const parents = new Map<string, string>();
  for (const match of one.setup.matchAll(/TABLE (\S+) PARTITION OF (\S+)/gi))
    parents.set((match[1] ?? "").replaceAll('"', ""), (match[2] ?? "").replaceAll('"', ""));
  for (const match of one.setup.matchAll(/TABLE (\S+) ATTACH PARTITION (\S+)/gi))
    parents.set((match[2] ?? "").replaceAll('"', ""), (match[1] ?? "").replaceAll('"', ""));
  return (name) => {
    for (let next: string | undefined = name, k = 0; next !== undefined && k < 9; k += 1) {
      if (filled.has(next) || filled.has(`app.${next}`)) return true;
      next = parents.get(next) ?? parents.get(`app.${next}`);
    }
    return false;
  };
}
