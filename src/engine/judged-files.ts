import { openWorld, type World } from "../analysis/world.ts";
import { mayHoldDirective } from "../sql/directives.ts";
import { append } from "../text/append.ts";
import { indexLines, type LineIndex } from "../text/lines.ts";
import type { Span } from "../text/span.ts";
import type { UnitFacts } from "./facts.ts";
import type { RunState } from "./run-state.ts";
import type { UnitText } from "./statements.ts";
import { bodyParts } from "./suppression-bodies.ts";
import type { PlannedUnit } from "./units.ts";

/** A file that is judged. What was read of it is let go unit by unit: of thousands it would fill the memory. */
export interface JudgedFile {
  readonly path: string;
  readonly text: string;
  readonly lines: LineIndex;
  statements: number;
  /** What suppressions are held against; null for the many files that cannot hold any. */
  ignoring: Ignoring | null;
}

/** What the ignore comments of a file are held against. */
export interface Ignoring {
  readonly comments: Span[];
  readonly statements: Span[];
  /** Facts and world at the end of the last unit. */
  facts: UnitFacts;
  world: World;
}

/** Adds what was read of one unit to its file. */
export function addUnit(
  judged: Map<string, JudgedFile>,
  planned: PlannedUnit,
  facts: UnitFacts,
  read: UnitText,
  run: RunState,
): void {
  const { path, text } = planned.source;
  const known = judged.get(path);
  const world = openWorld(run.schema, "autocommit", run.transactionNumber, run.defaults);
  const file = known ?? {
    path,
    text,
    lines: indexLines(text),
    statements: 0,
    ignoring: mayHoldDirective(text) ? { comments: [], statements: [], facts, world } : null,
  };
  if (known === undefined) judged.set(path, file);
  file.statements += read.statements.length;
  if (file.ignoring === null) return;
  const { comments } = file.ignoring;
  let hasInside = false;
  append(comments, read.comments);
  for (let k = 0; k < read.statements.length; k++) {
    const { start, end } = read.statements.at(k);
    file.ignoring.statements.push({ start, end });
    const inside = bodyParts(text, { start, end });
    if (inside === null) continue;
    append(comments, inside.comments);
    append(file.ignoring.statements, inside.statements);
    hasInside = true;
  }
  if (hasInside) comments.sort((one, other) => one.start - other.start);
  file.ignoring.facts = facts;
  file.ignoring.world = world;
}
