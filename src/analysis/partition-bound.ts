import type { Expression } from "../model/expression.ts";
import type { PartitionBound, PartitionKey } from "../model/table.ts";

/**
 * What a bound says of every row, as the server writes it out (get_qual_for_list, get_qual_for_range): with IS NOT NULL,
 * which a CHECK has to prove as well. Null: DEFAULT (it depends on the others), hash, and keys that are not known.
 */
export function partitionConstraint(
  key: PartitionKey | null,
  bound: PartitionBound | null,
): Expression | null {
  if (key === null || bound === null) return null;
  const keys = key.columns.map(({ column, expression }) =>
    column === null ? expression : ({ kind: "column", path: [column] } as const),
  );
  const known = keys.filter((own) => own !== null);
  if (known.length === 0 || known.length < keys.length) return null;
  if (bound.kind === "list") return known[0] === undefined ? null : listConstraint(known[0], bound.values);
  if (bound.kind !== "range") return null;
  return conjunction([
    ...known.map((own): Expression => ({ kind: "is null", argument: own, negated: true })),
    ...rangeSide(known, bound.from, ">"),
    ...rangeSide(known, bound.to, "<"),
  ]);
}

function listConstraint(key: Expression, values: readonly Expression[]): Expression {
  const isNull: Expression = { kind: "is null", argument: key, negated: false };
  const list = values.filter((value) => !isNullConstant(value));
  const some: Expression = { kind: "in", argument: key, list, negated: false };
  if (list.length === values.length) return conjunction([{ ...isNull, negated: true }, some]);
  return list.length === 0 ? isNull : { kind: "or", arguments: [isNull, some] };
}

/** The lower (`>`) or upper (`<`) side: column by column, the last one inclusive below and exclusive above. */
function rangeSide(
  keys: readonly Expression[],
  values: readonly Expression[],
  operator: ">" | "<",
): readonly Expression[] {
  const alternatives: Expression[] = [];
  for (let last = 0; last < keys.length; last += 1) {
    const next = values[last + 1];
    const key = keys[last];
    const value = values[last];
    if (key === undefined || value === undefined || isInfinite(value)) break;
    const equal = keys.slice(0, last).flatMap((own, k): Expression[] => {
      const other = values[k];
      return other === undefined ? [] : [compare(own, "=", other)];
    });
    // What lies behind an endless next column decides nothing any more: the border itself is inside.
    const isInside =
      operator === ">" ? next === undefined || isNamed(next, "minvalue") : isNamed(next, "maxvalue");
    const name = isInside ? (`${operator}=` as const) : operator;
    alternatives.push(conjunction([...equal, compare(key, name, value)]));
    if (isInfinite(next)) break;
  }
  if (alternatives.length === 0) return [];
  const [only] = alternatives;
  return alternatives.length === 1 && only !== undefined ? [only] : [{ kind: "or", arguments: alternatives }];
}

function isInfinite(value: Expression | undefined): boolean {
  return isNamed(value, "minvalue") || isNamed(value, "maxvalue");
}

function isNamed(value: Expression | undefined, name: "minvalue" | "maxvalue"): boolean {
  return value?.kind === "column" && value.path.length === 1 && value.path[0] === name;
}

function isNullConstant(value: Expression): boolean {
  if (value.kind === "cast") return isNullConstant(value.argument);
  return value.kind === "constant" && value.type === "null";
}

function compare(left: Expression, name: string, right: Expression): Expression {
  return { kind: "operator", name, left, right };
}

function conjunction(parts: readonly Expression[]): Expression {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: "and", arguments: parts };
}
