import type { Node } from "jsonc-parser";
import { parseDuration } from "../analysis/session.ts";
import { nearestWord } from "../engine/nearest.ts";
import type { KnownRules, RuleOptions } from "../engine/suppressions.ts";
import { shorten } from "../text/shorten.ts";
import { type Shape, severities } from "./shape.ts";

/** What the names in a configuration are held against. */
export interface KnownNames {
  readonly rules: KnownRules;
  readonly runners: readonly string[];
}

/** A problem with its offset in the text. */
export interface Misfit {
  readonly offset: number;
  readonly message: string;
}

/** Everything about a value that does not fit its shape; `name` is how the value is called in messages. */
export function findMisfits(node: Node, shape: Shape, known: KnownNames, name: string): Misfit[] {
  const misfits: Misfit[] = [];
  check(node, shape, name, { known, add: (at, message) => misfits.push({ offset: at.offset, message }) });
  return misfits;
}

interface Walk {
  readonly known: KnownNames;
  add(at: Node, message: string): void;
}

function check(node: Node, shape: Shape, name: string, walk: Walk): void {
  const value: unknown = node.value;
  const wants = (words: string) => walk.add(node, `${name} must be ${words}, not ${renderKind(node)}`);
  switch (shape.is) {
    case "text":
      if (typeof value !== "string" || value === "") wants("text");
      return;
    case "duration":
      if (typeof value !== "string" || parseDuration(value) === null)
        wants('a duration such as "5s" or "500ms"');
      return;
    case "boolean":
      if (typeof value !== "boolean") wants("true or false");
      return;
    case "integer":
      if (!Number.isInteger(value) || Number(value) < shape.from || Number(value) > shape.to) {
        const range =
          shape.to === Number.MAX_SAFE_INTEGER ? `${shape.from} or more` : `${shape.from} to ${shape.to}`;
        wants(`a whole number, ${range}`);
      }
      return;
    case "word":
      checkWord(node, shape.words, name, walk);
      return;
    case "runner":
      checkWord(node, walk.known.runners, name, walk);
      return;
    case "list":
      if (shape.orOne && node.type !== "array") check(node, shape.of, name, walk);
      else if (node.type !== "array") wants("a list");
      else checkList(node, shape.of, name, walk);
      return;
    case "tables":
      if (node.type !== "object") wants("an object");
      for (const [key, child] of propertiesOf(node)) check(child, shape.of, `${name}.${key.value}`, walk);
      return;
    case "rules":
      checkRules(node, name, walk);
      return;
    case "object":
      checkObject(node, shape, name, walk);
  }
}

function checkList(node: Node, of: Shape, name: string, walk: Walk): void {
  let index = 0;
  for (const child of node.children ?? []) check(child, of, `${name}[${index++}]`, walk);
}

function checkObject(node: Node, shape: Shape & { is: "object" }, name: string, walk: Walk): void {
  if (node.type !== "object") {
    walk.add(node, `${name} must be an object, not ${renderKind(node)}`);
    return;
  }
  const seen = new Set<string>();
  for (const [key, child] of propertiesOf(node)) {
    const word = String(key.value);
    const inner = Object.hasOwn(shape.fields, word) ? shape.fields[word] : undefined;
    if (seen.has(word)) walk.add(key, `${word} stands here twice`);
    seen.add(word);
    if (inner !== undefined) check(child, inner, word, walk);
    else walk.add(key, `${word} is no key of ${name}${hint(word, Object.keys(shape.fields))}`);
  }
  const missing = (shape.needs ?? []).filter((key) => !seen.has(key));
  if (missing.length > 0) walk.add(node, `${name} lacks ${missing.join(" and ")}`);
}

function checkRules(node: Node, name: string, walk: Walk): void {
  if (node.type !== "object") {
    walk.add(node, `${name} must be an object, not ${renderKind(node)}`);
    return;
  }
  const { ids, aliases } = walk.known.rules;
  for (const [key, child] of propertiesOf(node)) {
    const id = String(key.value);
    if (!ids.has(id) && !aliases.has(id)) {
      walk.add(key, `${id} is no rule${hint(id, [...ids]) || "; `lockwise rules` lists them all"}`);
    }
    const severity = child.type === "array" ? child.children?.[0] : child;
    if (severity === undefined) walk.add(child, `${id} must be a severity, or [severity, options]`);
    else checkWord(severity, severities, id, walk);
    const options = child.type === "array" ? child.children?.slice(1) : [];
    if ((options?.length ?? 0) > 1) walk.add(child, `${id} must be a severity, or [severity, options]`);
    else if (options?.[0] !== undefined) checkOptions(options[0], id, walk);
  }
}

/** The options that a rule takes, or those that an id of another linter stands for. */
function optionsOf(id: string, { ids, aliases, options }: KnownRules): RuleOptions {
  const rules = ids.has(id) ? [id] : (aliases.get(id) ?? []);
  return Object.assign({}, ...rules.map((rule) => options.get(rule))) as RuleOptions;
}

function checkOptions(node: Node, id: string, walk: Walk): void {
  if (node.type !== "object") {
    walk.add(node, `the options of ${id} must be an object, not ${renderKind(node)}`);
    return;
  }
  const known = optionsOf(id, walk.known.rules);
  for (const [key, child] of propertiesOf(node)) {
    const word = String(key.value);
    const option = Object.hasOwn(known, word) ? known[word] : undefined;
    if (option === undefined) {
      const none = Object.keys(known).length === 0 ? `; ${id} takes none` : hint(word, Object.keys(known));
      walk.add(key, `${word} is no option of ${id}${none}`);
    } else if (child.type !== option.is)
      walk.add(child, `${word} must be ${kinds[option.is]}, not ${renderKind(child)}`);
  }
}

const kinds = { boolean: "true or false", number: "a number", string: "text" } as const;

function checkWord(node: Node, words: readonly string[], name: string, walk: Walk): void {
  if (typeof node.value === "string" && words.includes(node.value)) return;
  const near = typeof node.value === "string" ? hint(node.value, words) : "";
  walk.add(node, `${name} must be one of ${words.join(", ")}, not ${renderKind(node)}${near}`);
}

function hint(word: string, candidates: readonly string[]): string {
  const near = nearestWord(word, candidates);
  return near === null ? "" : `; did you mean ${near}?`;
}

/** Keys and values of an object node; a key without a value is a syntax error that is told elsewhere. */
export function* propertiesOf(node: Node): Generator<[key: Node, value: Node]> {
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (property.type === "property" && key !== undefined && value !== undefined) yield [key, value];
  }
}

function renderKind(node: Node): string {
  if (node.type === "array") return "a list";
  if (node.type === "object") return "an object";
  return shorten(JSON.stringify(node.value) ?? "nothing", 60);
}
