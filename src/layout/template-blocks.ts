import { isOtherDatabase, isOwnDatabase } from "./dialects.ts";

/** A `{{ if }}`, `{{ else if }}` or `{{ else }}`, and what stands in it. */
interface Branch {
  readonly start: number;
  readonly verb: string;
  readonly words: string;
}

const openers = new Set(["if", "range", "with", "block", "define"]);

/** Where a template's `{{ x }}` closes may not be further away than this. */
const REACH = 2000;

/** The place of the `}}` that closes what opens before `from`, or -1. */
function closing(text: string, from: number): number {
  const close = text.slice(from, from + REACH).indexOf("}}");
  return close === -1 ? -1 : from + close;
}

/** The word that says what a `{{ }}` does; `inner` is what stands in it. */
export function verbOf(inner: string): string {
  const [word = ""] = inner.replace(/^-?\s*/, "").split(/[\s-]/, 1);
  if (word.startsWith("/*")) return "/*";
  // `{{ $x := 1 }}` sets a variable and prints nothing.
  return inner.includes(":=") && word.startsWith("$") ? "define" : word;
}

/**
 * The branches of a template that are not read: for the place of their `{{` the place where reading goes on. Of each block one
 * branch is: the first whose condition names no other database, as `{{ if .mysql }}` and `{{ if eq .Dialect "sqlite" }}` do.
 */
export function findPassed(text: string): Map<number, number> {
  const passed = new Map<number, number>();
  const blocks: Branch[][] = [];
  for (let open = text.indexOf("{{"); open !== -1; ) {
    const close = closing(text, open + 2);
    const words = close === -1 ? "" : text.slice(open + 2, close);
    const verb = verbOf(words);
    const branch = { start: open, verb, words };
    if (openers.has(verb)) blocks.push([branch]);
    else if (verb === "else") blocks.at(-1)?.push(branch);
    else if (verb === "end") pass(blocks.pop() ?? [], close + 2, passed);
    open = text.indexOf("{{", close === -1 ? open + 2 : close + 2);
  }
  return passed;
}

/** The text without those branches. */
export function withoutPassed(text: string): string {
  if (!text.includes("{{")) return text;
  let result = "";
  let at = 0;
  for (const [start, end] of [...findPassed(text)].sort(([a], [b]) => a - b)) {
    if (start < at) continue;
    result += text.slice(at, start);
    at = end;
  }
  return result + text.slice(at);
}

function pass(branches: readonly Branch[], end: number, passed: Map<number, number>): void {
  const chosen = branches.findIndex((branch) => !isForOthers(branch));
  branches.forEach(({ start }, k) => {
    if (k !== chosen) passed.set(start, branches[k + 1]?.start ?? end);
  });
}

/** Whether the condition holds for other databases alone. `and`, `or` and what else may be in it leave a doubt only with ours. */
function isForOthers({ verb, words }: Branch): boolean {
  if (verb !== "if" && verb !== "else") return false;
  const names: readonly string[] = words.toLowerCase().match(/[a-z_]\w*/g) ?? [];
  const isNegated = names.includes("not") || names.includes("ne");
  const hasOwn = names.some(isOwnDatabase);
  const hasOther = names.some(isOtherDatabase);
  if (hasOwn === hasOther) return false;
  if (isNegated) return hasOwn && !names.includes("and") && !names.includes("or");
  return hasOther && (!names.includes("or") || onlyOthers(words));
}

/** `or .mysql .sqlite`: whether each word behind the `or` is another database. */
function onlyOthers(words: string): boolean {
  const operands = words.slice(words.search(/\bor\b/) + 2).match(/[a-z_]\w*/gi) ?? [];
  return operands.every((name) => isOtherDatabase(name.toLowerCase()));
}
