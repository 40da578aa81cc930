import { getNodeValue, type Node, type ParseError, parseTree } from "jsonc-parser";
import { indexLines, positionAt } from "../text/lines.ts";
import type { Configuration, ConfigurationProblem } from "./configuration.ts";
import { configurationShape } from "./shape.ts";
import { findMisfits, type KnownNames, type Misfit, propertiesOf } from "./validate.ts";

/** The words for jsonc-parser's error numbers that people meet. */
const mistakes: Readonly<Record<number, string>> = {
  1: "this is no value",
  2: "this is no number",
  3: "a key in double quotes is expected here",
  4: "a value is expected here",
  5: 'a colon ":" is expected here',
  6: 'a comma "," is expected here',
  7: 'a closing brace "}" is missing',
  8: 'a closing bracket "]" is missing',
  9: "the file ends here and more follows",
  11: "this comment never ends",
  12: "this string never ends",
  16: "this character is not allowed here",
};

/** A configuration file as text, parsed with its places. */
export interface ConfigurationText {
  readonly path: string;
  readonly text: string;
  readonly root: Node | null;
  readonly problems: readonly ConfigurationProblem[];
}

/** Parses JSON with comments and trailing commas; of package.json the part under `key`. */
export function parseConfiguration(path: string, text: string, key?: string): ConfigurationText {
  const errors: ParseError[] = [];
  const clean = text.startsWith("\ufeff") ? ` ${text.slice(1)}` : text;
  if (clean.length > largest) {
    const slip = { offset: 0, message: "this is too large to be a configuration" };
    return { path, text: clean, root: null, problems: place(path, clean, [slip]) };
  }
  const whole = parseShallow(clean, errors);
  if (whole === "too deep") {
    const slip = { offset: 0, message: `this is nested more than ${deepest} levels deep` };
    return { path, text: clean, root: null, problems: place(path, clean, [slip]) };
  }
  const root = key === undefined ? whole : whole && propertyOf(whole, key);
  const misfits: Misfit[] = errors.map(({ error, offset }) => ({
    offset,
    message: `${mistakes[error] ?? "this is not JSON"}`,
  }));
  if (root === undefined && misfits.length === 0) misfits.push({ offset: 0, message: "the file is empty" });
  // One slip makes others: the first says it.
  return { path, text: clean, root: root ?? null, problems: place(path, clean, misfits.slice(0, 1)) };
}

/** In UTF-16 units: what is larger was written to take long. */
const largest = 1024 * 1024;

/** No configuration needs more, and what reads it calls itself for each level. */
const deepest = 50;

function parseShallow(text: string, errors: ParseError[]): Node | undefined | "too deep" {
  let whole: Node | undefined;
  try {
    whole = parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    if (error instanceof RangeError) return "too deep";
    throw error;
  }
  let level = whole === undefined ? [] : [whole];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return "too deep";
    // Between an object and its values the tree has a node for each key.
    level = level.flatMap(({ children = [] }) =>
      children.flatMap((node) => (node.type === "property" ? (node.children ?? []) : [node])),
    );
  }
  return whole;
}

/** The values of a configuration, and what is wrong with them. */
export function readConfiguration(
  source: ConfigurationText,
  known: KnownNames,
): { configuration: Configuration; problems: ConfigurationProblem[] } {
  if (source.problems.length > 0 || source.root === null) {
    return { configuration: {}, problems: [...source.problems] };
  }
  const misfits = findMisfits(source.root, configurationShape, known, "the configuration");
  if (misfits.length > 0) return { configuration: {}, problems: place(source.path, source.text, misfits) };
  return { configuration: getNodeValue(source.root) as Configuration, problems: [] };
}

/** The strings of a list in a configuration, before anything is validated: plugins have to be loaded first. */
export function peekList(source: ConfigurationText, key: string): string[] {
  const node = source.root && propertyOf(source.root, key);
  if (node === undefined || node === null) return [];
  const nodes = node.type === "array" ? (node.children ?? []) : [node];
  return nodes.map(({ value }) => value as unknown).filter((value) => typeof value === "string");
}

/** The problem at a key of a configuration, or at its start. */
export function problemAt(source: ConfigurationText, key: string, message: string): ConfigurationProblem {
  const node = source.root && propertyOf(source.root, key);
  const [problem] = place(source.path, source.text, [{ offset: node?.offset ?? 0, message }]);
  return problem ?? { path: source.path, line: 1, column: 1, message };
}

function propertyOf(node: Node, key: string): Node | undefined {
  for (const [name, value] of propertiesOf(node)) if (name.value === key) return value;
  return undefined;
}

function place(path: string, text: string, misfits: readonly Misfit[]): ConfigurationProblem[] {
  const lines = indexLines(text);
  return misfits.map(({ offset, message }) => {
    const { line, column } = positionAt(lines, offset);
    return { path, line, column, message };
  });
}
