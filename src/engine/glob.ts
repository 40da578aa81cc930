/**
 * A matcher for the globs of the configuration: `*` within a folder, `**` across folders, `?`, `[3-9]`, `{a,b}`. A glob without a
 * slash matches the name in any folder. Paths use "/". Built without backtracking into nested quantifiers.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const target = path.replace(/^\.\//, "");
  return expandBraces(glob.replace(/^\.\//, "")).some((pattern) => {
    const parts = (pattern.includes("/") ? pattern : `**/${pattern}`)
      .split("/")
      .filter((part) => part !== "");
    return matchParts(
      parts,
      target.split("/").filter((part) => part !== ""),
    );
  });
}

function matchParts(pattern: readonly string[], path: readonly string[]): boolean {
  // reachable[i]: the first i parts of the pattern match what was read of the path so far.
  let reachable = openStars(pattern, new Set([0]));
  for (const part of path) {
    const next = new Set<number>();
    for (const index of reachable) {
      const wanted = pattern[index];
      if (wanted === undefined) continue;
      if (wanted === "**") next.add(index);
      else if (matchPart(wanted, part)) next.add(index + 1);
    }
    reachable = openStars(pattern, next);
  }
  return reachable.has(pattern.length);
}

/** `**` also stands for no folder at all. */
function openStars(pattern: readonly string[], states: Set<number>): Set<number> {
  for (const state of states) if (pattern[state] === "**") states.add(state + 1);
  return states;
}

function matchPart(pattern: string, text: string): boolean {
  // A folder may be called `[id]`.
  if (pattern === text) return true;
  const wanted = wildcardsOf(pattern);
  let at = 0;
  let from = 0;
  let star = -1;
  let retry = 0;
  while (from < text.length) {
    const one = wanted[at];
    if (one === "*") {
      star = at++;
      retry = from;
    } else if (one !== undefined && takes(one, text[from] ?? "")) {
      at++;
      from++;
    } else if (star !== -1) {
      at = star + 1;
      from = ++retry;
    } else return false;
  }
  while (wanted[at] === "*") at++;
  return at === wanted.length;
}

/** The characters of a pattern; one of several, `[a-z]` or `[!a-z]`, in one piece. */
function wildcardsOf(pattern: string): string[] {
  const wanted: string[] = [];
  const last = pattern.lastIndexOf("]");
  for (let at = 0; at < pattern.length; at++) {
    const close = pattern[at] === "[" && at + 2 <= last ? pattern.indexOf("]", at + 2) : -1;
    wanted.push(close === -1 ? (pattern[at] ?? "") : pattern.slice(at, close + 1));
    if (close !== -1) at = close;
  }
  return wanted;
}

function takes(one: string, character: string): boolean {
  if (one.length < 2) return one === "?" || one === character;
  const isNegated = one[1] === "!" || one[1] === "^";
  const inside = one.slice(isNegated ? 2 : 1, -1);
  for (let at = 0; at < inside.length; at++) {
    const first = inside[at] ?? "";
    const last = inside[at + 1] === "-" ? inside[at + 2] : undefined;
    if (character >= first && character <= (last ?? first)) return !isNegated;
    if (last !== undefined) at += 2;
  }
  return isNegated;
}

const MOST_GLOBS = 256;

/** `a{b,c}` as two globs; unbalanced braces stand for themselves. At most 256 globs come out. */
function expandBraces(glob: string): string[] {
  let results = [""];
  let at = 0;
  for (;;) {
    const open = glob.indexOf("{", at);
    const close = open === -1 ? -1 : glob.indexOf("}", open);
    const before = glob.slice(at, close === -1 ? glob.length : open);
    if (close === -1) return results.map((start) => start + before);
    const choices = glob
      .slice(open + 1, close)
      .split(",")
      .slice(0, MOST_GLOBS);
    results = results
      .flatMap((start) => choices.map((choice) => start + before + choice))
      .slice(0, MOST_GLOBS);
    at = close + 1;
  }
}
