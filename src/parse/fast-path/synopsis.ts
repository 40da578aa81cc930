import { FLOAT, INTEGER, STRING } from "./codes.ts";
import { COLUMN_NAME, FUNCTION_NAME, keyword, LABEL, PLAIN_NAME } from "./keywords.ts";
import {
  allOf,
  anyNumberOf,
  type Form,
  firstOf,
  keywords,
  listOf,
  type Matcher,
  mark,
  optional,
  unheard,
} from "./matchers.ts";
import { take, takeName } from "./reader.ts";

/** What a synopsis may refer to by a name in small letters: another synopsis, or a function. */
export type Parts = ReadonlyMap<string, string | Matcher>;

/**
 * Compiles a synopsis as the documentation of PostgreSQL writes them: `DROP TABLE [ IF EXISTS ] name,... [ CASCADE |
 * RESTRICT ]`. Capitals are keywords, small letters other forms, `[ ]` may be left out, of `{ | }` the first that fits
 * is taken; behind a form stands `,...` for a list with commas, `*` for any number of times, `unheard_` before one whose
 * expressions the model has no place for. All other signs stand for themselves.
 */
export function compileSynopsis(synopsis: string, parts: Parts): Matcher {
  const words = synopsis.split(/\s+/).filter((each) => each !== "");
  const compiler: Compiler = { words, at: 0, parts };
  const { match } = compileChoice(compiler);
  if (compiler.at < words.length) throw new Error(`a synopsis ends too early: ${synopsis}`);
  return match;
}

interface Compiler {
  readonly words: readonly string[];
  at: number;
  readonly parts: Parts;
}

function compileChoice(compiler: Compiler): Form {
  const choices = [compileSequence(compiler)];
  while (compiler.words[compiler.at] === "|") {
    compiler.at++;
    choices.push(compileSequence(compiler));
  }
  return firstOf(choices);
}

const ends = new Set(["|", "]", "}", "},...", "}*", "]*"]);

function compileSequence(compiler: Compiler): Form {
  const steps: Form[] = [];
  for (;;) {
    const next = compiler.words[compiler.at];
    if (next === undefined || ends.has(next)) break;
    const run = takeKeywords(compiler);
    steps.push(run.length > 0 ? keywords(run) : compileOne(compiler, next));
  }
  return allOf(steps);
}

/** The codes of the keywords that follow each other at the compiler's place. */
function takeKeywords(compiler: Compiler): number[] {
  const run: number[] = [];
  for (;;) {
    const next = compiler.words[compiler.at] ?? "";
    if (next === next.toLowerCase()) return run;
    const word = next.toLowerCase();
    run.push(keyword(word));
    compiler.at++;
  }
}

const UNHEARD = "unheard_";

function compileOne(compiler: Compiler, next: string): Form {
  compiler.at++;
  if (next === "[" || next === "{") {
    const inner = compileChoice(compiler);
    const end = compiler.words[compiler.at++];
    if (next === "[") return optional(inner);
    if (end === "}*") return anyNumberOf(inner);
    return end === "},..." ? listOf(inner) : inner;
  }
  const isList = next.endsWith(",...");
  const name = isList ? next.slice(0, -4) : next;
  if (name.length === 1 && name.toUpperCase() === name) return mark(name.charCodeAt(0));
  const isUnheard = name.startsWith(UNHEARD);
  const found = reference(isUnheard ? name.slice(UNHEARD.length) : name, compiler.parts);
  const part = isUnheard ? unheard(found) : found;
  return isList ? listOf(part) : part;
}

/** Looked up when first used: what is never asked for is never compiled. */
function reference(name: string, parts: Parts): Form {
  let matcher: Matcher | null = null;
  const match: Matcher = (reader) => {
    matcher ??= compiledPart(name, parts);
    return matcher(reader);
  };
  return { match, first: null };
}

const compiled = new Map<string, Matcher>();

function compiledPart(name: string, parts: Parts): Matcher {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const part = parts.get(name) ?? basic.get(name);
  if (part === undefined) throw new Error(`a synopsis speaks of ${name}, which is nothing`);
  const matcher = typeof part === "string" ? compileSynopsis(part, parts) : part;
  compiled.set(name, matcher);
  return matcher;
}

const basic = new Map<string, Matcher>([
  ["name", (reader) => takeName(reader, COLUMN_NAME)],
  ["label", (reader) => takeName(reader, LABEL)],
  ["function", (reader) => takeName(reader, FUNCTION_NAME)],
  ["plain", (reader) => takeName(reader, PLAIN_NAME)],
  ["string", (reader) => take(reader, STRING)],
  ["integer", (reader) => take(reader, INTEGER)],
  ["float", (reader) => take(reader, FLOAT)],
]);
