import type { Expression } from "../../model/expression.ts";
import type { Query } from "../../model/query.ts";
import { byteLength, MAX_NAME_BYTES } from "../../sql/names.ts";
import { effort } from "../effort.ts";

/**
 * The names that PostgreSQL chooses: makeObjectName, ChooseRelationName, ChooseIndexColumnNames and
 * FigureIndexColname of its source, byte for byte.
 */

/** `name1_name2_label`, the longer of the two names cut first until all fits into 63 bytes. */
export function makeObjectName(first: string, second: string | null, label: string): string {
  let firstBytes = byteLength(first);
  let secondBytes = second === null ? 0 : byteLength(second);
  const available = MAX_NAME_BYTES - byteLength(label) - 1 - (second === null ? 0 : 1);
  while (firstBytes + secondBytes > available) {
    if (firstBytes > secondBytes) firstBytes -= 1;
    else secondBytes -= 1;
  }
  const parts = [clip(first, firstBytes)];
  if (second !== null) parts.push(clip(second, secondBytes));
  return [...parts, label].join("_");
}

/** So many numbers are tried one by one, as the server does; beyond, a free one is found in leaps. */
const TRIES = 20;

/** What it takes to find a name behind all these: as much as to list so many relations. */
const effortOfLeaps = 100;

/** Numbers the label until the name is free: `t_a_idx`, `t_a_idx1`, `t_a_idx2`. */
export function chooseName(
  first: string,
  second: string | null,
  label: string,
  isTaken: (name: string) => boolean,
): string {
  // Where nothing has to be cut, only the number changes.
  const longest = `${label}${Number.MAX_SAFE_INTEGER}`;
  const isShort = byteLength(first) + byteLength(second ?? "") + longest.length + 2 <= MAX_NAME_BYTES;
  const whole = isShort ? makeObjectName(first, second, label) : "";
  const nameAt = (pass: number) => {
    if (isShort) return pass === 0 ? whole : `${whole}${pass}`;
    return makeObjectName(first, second, pass === 0 ? label : `${label}${pass}`);
  };
  for (let pass = 0; pass < TRIES; pass += 1) {
    const name = nameAt(pass);
    if (!isTaken(name)) return name;
  }
  effort.spent += effortOfLeaps;
  let taken = TRIES - 1;
  let free = TRIES * 2;
  while (isTaken(nameAt(free))) {
    taken = free;
    free *= 2;
  }
  while (free - taken > 1) {
    const middle = Math.floor((taken + free) / 2);
    if (isTaken(nameAt(middle))) taken = middle;
    else free = middle;
  }
  return nameAt(free);
}

/** What stands between the table's name and the label: column names joined, cut as the server does. */
export function joinColumnNames(columns: readonly string[]): string {
  let joined = "";
  for (const column of columns) {
    if (joined !== "") joined += "_";
    joined += column;
    if (byteLength(joined) >= MAX_NAME_BYTES + 1) break;
  }
  return joined;
}

/** Names of index columns: a repeated one is numbered, `a`, `a1`. */
export function nameIndexColumns(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  /** Up to where the numbers of a name have been tried: what was taken stays taken. */
  const tried = new Map<string, number>();
  return names.map((original) => {
    let name = original;
    let pass = tried.get(original) ?? 1;
    for (; taken.has(name); pass += 1) {
      name = `${clip(original, MAX_NAME_BYTES - String(pass).length)}${pass}`;
    }
    if (pass > 1) tried.set(original, pass);
    taken.add(name);
    return name;
  });
}

/** How the server calls an index column that is an expression. */
export function nameOfExpression(expression: Expression): string {
  return figure(expression).name ?? "expr";
}

/** How the server calls a column of a query that is an expression without a name of its own. */
export function nameOfOutput(expression: Expression): string {
  return figure(expression).name ?? "?column?";
}

/** The name of the only column that a scalar subquery gives. */
function figureQuery(query: Query): Figure {
  if (query.kind === "set operation") return figureQuery(query.left);
  if (query.kind === "values") return { name: "column1", strength: 2 };
  const target = query.kind === "select" ? query.targets[0] : undefined;
  if (target === undefined) return nameless;
  return target.alias === null ? figure(target.value) : { name: target.alias, strength: 2 };
}

interface Figure {
  readonly name: string | null;
  readonly strength: 0 | 1 | 2;
}

const nameless: Figure = { name: null, strength: 0 };

/** The name and how good it is: a cast's type gives way to a better name inside of it. */
function figure(expression: Expression): Figure {
  switch (expression.kind) {
    case "column": {
      const last = expression.path.at(-1);
      return last === undefined || last === "*" ? nameless : { name: last, strength: 2 };
    }
    case "call":
      return { name: expression.name, strength: 2 };
    case "field":
      return { name: expression.name, strength: 2 };
    case "subscript":
    case "collate":
      return figure(expression.argument);
    case "cast": {
      const inner = figure(expression.argument);
      return inner.strength > 1 ? inner : { name: expression.type.name, strength: 1 };
    }
    case "case": {
      const inner = expression.otherwise === null ? null : figure(expression.otherwise);
      return inner !== null && inner.strength > 1 ? inner : { name: "case", strength: 1 };
    }
    case "coalesce":
    case "greatest":
    case "least":
    case "array":
    case "row":
      return { name: expression.kind, strength: 2 };
    case "subquery":
      if (expression.use === "scalar") return figureQuery(expression.query);
      return expression.use === "exists" || expression.use === "array"
        ? { name: expression.use, strength: 2 }
        : nameless;
    default:
      return nameless;
  }
}

function clip(name: string, limit: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of name) {
    bytes += byteLength(character);
    if (bytes > limit) break;
    end += character.length;
  }
  return name.slice(0, end);
}
