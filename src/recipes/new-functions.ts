import {
  immutableFunctions,
  mixedFunctions,
  stableFunctions,
  volatileFunctions,
} from "../analysis/facts/functions.ts";
import { isOwnFunction } from "../analysis/own-functions.ts";
import { visitNodes } from "../analysis/visit-nodes.ts";
import type { Call } from "../model/expression.ts";
import type { Statement } from "../model/statement.ts";
import type { Context } from "../rule.ts";
import { isMark, isWord, tokensIn } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";

/** A construct that PostgreSQL has not always had. */
export interface NewSyntax {
  readonly at: Span;
  /** As it is written: `NOT ENFORCED`. */
  readonly what: string;
  /** The first major version that has it: see its release notes, appendix E of the manual. */
  readonly since: number;
  /** Where the target may have it all the same: somebody else may have made it. */
  readonly isLikely?: boolean;
}

/** Aggregates stand in no list of functions. */
const aggregates =
  "any_value@16 bit_xor@14 json_agg_strict@16 jsonb_agg_strict@16 range_agg@14 range_intersect_agg@14";

/**
 * What there was under the same name before: pgcrypto had gen_random_uuid(), and EXTRACT(year FROM at) was another spelling of
 * date_part().
 */
const alsoElsewhere = new Set(["gen_random_uuid", "extract"]);

/** Names of a version are sought once: since when there is a function of that name, for those that the version lacks. */
const known = new Map<number, { readonly since: ReadonlyMap<string, number>; readonly called: RegExp }>();

function newFunctionsOf(version: number) {
  const found = known.get(version);
  if (found !== undefined) return found;
  const since = new Map<string, number>();
  for (const names of [immutableFunctions, stableFunctions, volatileFunctions, mixedFunctions, aggregates])
    for (const [, name = "", from] of names.matchAll(/(\w+)@(\d+)/g))
      if (Number(from) > version && !alsoElsewhere.has(name)) since.set(name, Number(from));
  const made = { since, called: new RegExp(`\\b(?:${[...since.keys()].join("|")})\\s*\\(`, "i") };
  known.set(version, made);
  return made;
}

/**
 * Calls of built-in functions that the target does not have yet. Somebody may have made a function of that name where no
 * migration shows it: only likely, unless the schema of the built-in ones is named.
 */
export function newFunctions(statement: Statement, context: Context): readonly NewSyntax[] {
  const { sourceText: text, version } = context;
  // A block can ask for the version of the server first.
  if (version >= 18 || context.isInBody || context.schema.hasGap) return [];
  const { since, called } = newFunctionsOf(version);
  if (!called.test(text.slice(statement.span.start, statement.span.end))) return [];
  const calls = new Map<string, Call>();
  visitNodes(statement, (node) => {
    const call = node as Call;
    if (node.kind !== "call" || !since.has(call.name)) return;
    if (call.schema !== null && call.schema !== "pg_catalog") return;
    if (call.schema === null && isOwnFunction(context.schema, call.name)) return;
    calls.set(call.name, call);
  });
  const tokens = tokensIn(text, statement.span.start, statement.span.end);
  return [...calls.values()].flatMap(({ name, schema }) => {
    const at = tokens.find((token, k) => isWord(text, token, name) && isMark(text, tokens[k + 1], "("));
    const found = { what: `the function ${name}()`, since: since.get(name) ?? 0, isLikely: schema === null };
    return at === undefined ? [] : [{ at, ...found }];
  });
}
