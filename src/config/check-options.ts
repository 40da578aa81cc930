import type { Node } from "jsonc-parser";
import { nearestWord } from "../engine/nearest.ts";
import type { Options } from "../engine/options.ts";
import type { KnownRules } from "../engine/suppressions.ts";
import type { Rule } from "../rule.ts";
import { presets } from "./configuration.ts";
import { knownNames } from "./known-names.ts";
import { resolveSettings } from "./merge.ts";
import { configurationShape, type Shape } from "./shape.ts";
import { findMisfits } from "./validate.ts";

const { fields } = configurationShape;

/** What the library takes: the keys of the configuration that do not name files, and what it is told besides. */
const shape: Shape & { readonly is: "object" } = {
  is: "object",
  fields: {
    ...Object.fromEntries(
      Object.entries(fields).filter(
        ([key]) =>
          !["$schema", "extends", "migrations", "ignore", "schema", "baseline", "plugins"].includes(key),
      ),
    ),
    extends: { is: "word", words: presets },
    release: { is: "word", words: ["file", "run"] },
    only: { is: "list", of: { is: "text" } },
    today: { is: "text" },
  },
};

/** What the engine is handed besides. */
const others = ["catalogue", "project", "hasRoom", "history", "historyStore"];

/**
 * The options with our own ids of rules. `catalogue`: all rules that may be named. Throws where sources or options are not what they
 * have to be: a slip of the pen shall not pass for a clean report.
 */
export function checkCall<Given extends Options>(
  sources: unknown,
  options: Given,
  catalogue: readonly Rule[],
): Given {
  checkSources(sources);
  const known = knownNames(catalogue);
  const given = Object.entries(options).filter(
    ([key, value]) => value !== undefined && !others.includes(key),
  );
  for (const [key] of given)
    if (!Object.hasOwn(shape.fields, key))
      throw new Error(`${key} is no option${hint(key, Object.keys(shape.fields))}`);
  const [misfit] = findMisfits(nodeOf(Object.fromEntries(given)), shape, known, "the options");
  if (misfit !== undefined) throw new Error(misfit.message);
  return withOwnIds(options, known.rules);
}

function checkSources(sources: unknown): void {
  if (!Array.isArray(sources)) throw new Error("sources must be a list of { path, text }");
  for (const [k, source] of sources.entries()) {
    for (const key of ["path", "text"])
      if (typeof source?.[key] !== "string") throw new Error(`sources[${k}] has no ${key}`);
    if (source.role !== undefined && !["history", "lint"].includes(source.role))
      throw new Error(
        `the role of sources[${k}] must be history or lint, not ${JSON.stringify(source.role)}`,
      );
  }
}

/** An id of another linter stands for the rules behind it. */
function withOwnIds<Given extends Options>(options: Given, known: KnownRules): Given {
  const { rules, overrides, only } = options;
  for (const id of only ?? [])
    if (!known.ids.has(id) && !known.aliases.has(id))
      throw new Error(`${id} is no rule${hint(id, [...known.ids])}`);
  const own = (id: string) => (known.ids.has(id) ? [id] : (known.aliases.get(id) ?? []));
  return {
    ...options,
    ...(rules !== undefined && { rules: resolveSettings(rules, known) }),
    ...(overrides !== undefined && {
      overrides: overrides.map((one) => ({ ...one, rules: resolveSettings(one.rules, known) })),
    }),
    ...(only !== undefined && { only: only.flatMap(own) }),
  };
}

/** A value as the validation of configurations reads it. */
function nodeOf(value: unknown): Node {
  const at = { offset: 0, length: 0 };
  if (Array.isArray(value)) return { ...at, type: "array", children: value.map(nodeOf) };
  if (typeof value !== "object" || value === null)
    return { ...at, type: value === null ? "null" : (typeof value as Node["type"]), value };
  const children = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]): Node => ({ ...at, type: "property", children: [nodeOf(key), nodeOf(inner)] }));
  return { ...at, type: "object", children };
}

function hint(word: string, candidates: readonly string[]): string {
  const near = nearestWord(word, candidates);
  return near === null ? "" : `: did you mean ${near}?`;
}
