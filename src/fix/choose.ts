import { groupBy } from "../engine/group.ts";
import type { TriedStatement } from "../engine/rehearsal.ts";
import type { Diagnostic } from "../engine/report.ts";
import type { Statement } from "../model/statement.ts";
import type { Span } from "../text/span.ts";
import { isOfRows, needsAny, tablesChanged, takesAway, touchedNames, usedNames } from "./follow.ts";

/** A statement of the migration, with the unit that it stands in. */
export interface ReadStatement {
  readonly tried: TriedStatement;
  readonly span: Span;
  /** Index of the unit in the file, and its number on the stage. */
  readonly place: number;
  readonly unit: number;
  /** SET search_path, and settings of times, before it, as written. */
  readonly prelude: string;
}

export interface Chosen {
  readonly read: ReadStatement;
  readonly diagnostics: readonly Diagnostic[];
}

/** The dangerous statements, and those behind them that need what they make; `more` are others that cannot stay. */
export function chooseStatements(
  statements: readonly ReadStatement[],
  diagnostics: readonly Diagnostic[],
  text: string,
  more: ReadonlySet<number>,
): Chosen[] {
  const able = diagnostics.filter(
    ({ rewrite, rule }) =>
      (rewrite !== null && rewrite.length > 0) || rule === "drop-column" || rule === "drop-table",
  );
  const impossible = impossibleIn(diagnostics);
  const ableAt = groupBy(able, ({ statement }) => statement.start);
  const chosen: Chosen[] = [];
  const names = new Set<string>();
  const used = new Set<string>();
  // Of changes of rows: what they read, and what they change. Others that do the same keep their place.
  const read = new Set<string>();
  const written = new Set<string>();
  for (const one of statements) {
    const { statement } = one.tried;
    if (isSetting(statement) || impossible.has(one.span.start)) continue;
    // What stands in a body cannot be taken out of it; the whole can follow what it needs.
    const own = statement.kind === "do" ? [] : (ableAt.get(one.span.start) ?? []);
    const changed = tablesChanged(statement);
    const isBehind =
      needsAny(statement, names, text) ||
      takesAway(statement, used) ||
      (isOfRows(statement) && needsAny(statement, written, text)) ||
      changed.some((table) => read.has(table));
    if (own.length === 0 && !more.has(one.span.start) && !isBehind) continue;
    chosen.push({ read: one, diagnostics: own });
    for (const name of usedNames(statement.span, text)) {
      used.add(name);
      if (changed.length > 0) read.add(name);
    }
    for (const table of changed) written.add(table);
    for (const name of touchedNames(one.tried)) names.add(name);
  }
  return chosen;
}

/** Where the statements begin that PostgreSQL refuses however they are run: there is no way round to be printed, only to be told. */
export function impossibleIn(diagnostics: readonly Diagnostic[]): ReadonlySet<number> {
  const told = diagnostics.filter(({ rule }) => rule === "impossible-statement");
  return new Set(told.map(({ statement }) => statement.start));
}

/** What is no change of its own. */
function isSetting({ kind }: Statement): boolean {
  return kind === "transaction" || kind === "set";
}

/** What is no change of its own, or holds statements that cannot be taken out of it. */
export function isBorder(statement: Statement): boolean {
  return isSetting(statement) || statement.kind === "do";
}
