/** A CASE in the tokens of a statement: from its first word to its END. */
interface CaseWords {
  readonly first: number;
  readonly last: number;
  /** Where the values begin that it gives. */
  readonly given: readonly number[];
  /** Where the values begin that what stands behind CASE is compared with. */
  readonly compared: readonly number[];
}

/** All of them that are closed, the inner ones as well; `words` in lower case. */
export function casesIn(words: readonly string[]): readonly CaseWords[] {
  const all: CaseWords[] = [];
  const open: { first: number; given: number[]; compared: number[] }[] = [];
  for (const [at, word] of words.entries()) {
    const inner = open.at(-1);
    if (word === "case") open.push({ first: at, given: [], compared: [] });
    else if (inner === undefined) continue;
    else if (word === "then" || word === "else") inner.given.push(at + 1);
    else if (word === "when" && words[inner.first + 1] !== "when") inner.compared.push(at + 1);
    else if (word === "end") {
      open.pop();
      all.push({ last: at, ...inner });
    }
  }
  return all;
}

/** What stands behind a value that CASE gives or compares with. */
const ends: ReadonlySet<string> = new Set(["when", "then", "else", "end"]);

/**
 * Of each value that is given by CASE, in CASE and so on, the outermost of them. Only where all that they give are single tokens
 * that leave the type to others, as `isPlain` says: literals, which get theirs from where the whole stands.
 */
export function outermostCases(
  words: readonly string[],
  cases: readonly CaseWords[],
  isPlain: (at: number) => boolean,
): ReadonlyMap<number, CaseWords> {
  const byFirst = new Map(cases.map((one) => [one.first, one]));
  const values = new Map<CaseWords, readonly number[] | null>();
  const inner = new Set<CaseWords>();
  // An inner one is closed before the one around it.
  for (const one of cases) {
    const found = one.given.map((at) => {
      const [from, below] = nestedAt(words, byFirst, at);
      if (below === undefined) return isPlain(at) && ends.has(words[at + 1] ?? "") ? [at] : null;
      inner.add(below);
      const isWhole = ends.has(words[below.last + 1 + (from - at)] ?? "");
      return isWhole ? (values.get(below) ?? null) : null;
    });
    values.set(one, found.every((each) => each !== null) ? found.flat() : null);
  }
  const outermost = new Map<number, CaseWords>();
  for (const [one, found] of values)
    if (!inner.has(one)) for (const at of found ?? []) outermost.set(at, one);
  return outermost;
}

/** The CASE that a value is, in parentheses or not. */
function nestedAt(
  words: readonly string[],
  byFirst: ReadonlyMap<number, CaseWords>,
  at: number,
): readonly [number, CaseWords | undefined] {
  let from = at;
  while (words[from] === "(") from += 1;
  return [from, byFirst.get(from)];
}
