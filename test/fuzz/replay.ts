import { effectsOf } from "../../src/analysis/effects.ts";
import { emptySchema } from "../../src/analysis/schema.ts";
import { searchPathOf } from "../../src/analysis/session.ts";
import { foldWorld, openWorld, type World } from "../../src/analysis/world.ts";
import { loadParser } from "../../src/parse/load.ts";
import { type StatementText, splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";
import type { Random } from "./random.ts";

type Effects = ReturnType<typeof effectsOf>;

/** A statement that was read, what was foreseen of it, and the world behind it. */
export interface Replayed {
  readonly statement: StatementText;
  readonly effects: Effects;
  readonly world: World;
}

export interface ReplayOptions {
  /** Whether what is foreseen to be refused leaves the world as it was, as on a server: else everything is folded. */
  readonly onlyWhatRuns?: boolean;
  /** Whether a statement is folded with its effects known; it always is without this. */
  knowsEffects?(): boolean;
}

/** Goes through the statements of a text that can be read, and resolves to the world behind the last. */
export async function replay(
  text: string,
  random: Random,
  see: (replayed: Replayed) => void,
  { onlyWhatRuns = false, knowsEffects = () => true }: ReplayOptions = {},
): Promise<World> {
  const parser = await loadParser("postgres");
  const version = 12 + random.below(7);
  let world = openWorld(emptySchema(), random.pick(["autocommit", "runner", "implicit"]), 0, new Map());
  for (const statement of splitStatements(text).statements) {
    if (statement.kind !== "sql") continue;
    const result = parser.parse({ text, statement, tokens: statementTokens(text, statement) });
    if (result.outcome !== "statement") continue;
    const { schema, session } = world;
    const { settings } = session;
    const searchPath = searchPathOf(session);
    const effects = effectsOf(result.statement, { schema, version, settings, searchPath, text });
    const told = knowsEffects() ? effects : null;
    const unit = random.below(3);
    if (!onlyWhatRuns || effects.fails === null)
      world = foldWorld(world, result.statement, told, { unit, release: 0, version, text });
    see({ statement, effects, world });
  }
  return world;
}
