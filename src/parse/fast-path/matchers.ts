import { COMMA } from "./codes.ts";
import { forget, type Reader, returnTo, take } from "./reader.ts";

/** Steps over a form if it certainly stands at the cursor; else the cursor may stand anywhere. */
export type Matcher = (reader: Reader) => boolean;

/** A matcher, and the codes of the tokens that its form can begin with; null where that is not known, or it may be empty. */
export interface Form {
  readonly match: Matcher;
  readonly first: ReadonlySet<number> | null;
}

/** One token of this code. */
export function mark(code: number): Form {
  return { match: (reader) => take(reader, code), first: new Set([code]) };
}

/** Keywords that follow each other. */
export function keywords(codes: readonly number[]): Form {
  const [only = 0] = codes;
  if (codes.length === 1) return mark(only);
  const match = (reader: Reader) => {
    for (let index = 0; index < codes.length; index++) {
      if (reader.codes[reader.at + index] !== codes[index]) return false;
    }
    reader.at += codes.length;
    return true;
  };
  return { match, first: new Set([only]) };
}

/** All of the forms, one behind the other. */
export function allOf(steps: readonly Form[]): Form {
  const [start] = steps;
  if (steps.length === 1 && start !== undefined) return start;
  const matchers = steps.map(({ match }) => match);
  const match = (reader: Reader) => {
    for (const step of matchers) if (!step(reader)) return false;
    return true;
  };
  return { match, first: start?.first ?? null };
}

/** The first of the choices that fits. Those that cannot begin with the token at the cursor are not tried. */
export function firstOf(choices: readonly Form[]): Form {
  const [only] = choices;
  if (choices.length === 1 && only !== undefined) return only;
  // Filled in for the codes that are met: most never are.
  const byCode = new Map<number, readonly Form[]>();
  const match = (reader: Reader) => {
    const { at, pieces } = reader;
    const kept = pieces.length;
    const code = reader.codes[at] ?? 0;
    let fitting = byCode.get(code);
    if (fitting === undefined) {
      fitting = choices.filter(({ first }) => first === null || first.has(code));
      byCode.set(code, fitting);
    }
    for (const choice of fitting) {
      if (choice.match(reader)) return true;
      returnTo(reader, at, kept);
    }
    return false;
  };
  return { match, first: firstCodes(choices) };
}

function firstCodes(choices: readonly Form[]): ReadonlySet<number> | null {
  const codes = new Set<number>();
  for (const { first } of choices) {
    if (first === null) return null;
    for (const code of first) codes.add(code);
  }
  return codes;
}

/** The form, or nothing. */
export function optional({ match: inner, first }: Form): Form {
  const match = (reader: Reader) => {
    const { at, pieces } = reader;
    if (first !== null && !first.has(reader.codes[at] ?? 0)) return true;
    const kept = pieces.length;
    if (!inner(reader)) returnTo(reader, at, kept);
    return true;
  };
  return { match, first: null };
}

/** The form as often as it comes, or not at all. */
export function anyNumberOf({ match: inner, first }: Form): Form {
  const match = (reader: Reader) => {
    for (;;) {
      const { at, pieces } = reader;
      if (first !== null && !first.has(reader.codes[at] ?? 0)) return true;
      const kept = pieces.length;
      if (inner(reader) && reader.at > at) continue;
      returnTo(reader, at, kept);
      return true;
    }
  };
  return { match, first: null };
}

/** One at least, with commas between them. */
export function listOf({ match: inner, first }: Form): Form {
  const match = (reader: Reader) => {
    do if (!inner(reader)) return false;
    while (take(reader, COMMA));
    return true;
  };
  return { match, first };
}

/** A form whose expressions the model has no place for. */
export function unheard({ match: inner, first }: Form): Form {
  const match = (reader: Reader) => {
    const kept = reader.pieces.length;
    if (!inner(reader)) return false;
    forget(reader, kept);
    return true;
  };
  return { match, first };
}
