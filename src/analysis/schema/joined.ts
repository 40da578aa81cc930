import type { Output, ScopeSource } from "./reading.ts";

/** Two things in FROM that are joined and have no name together. */
export interface Joined {
  readonly left: Item;
  readonly right: Item;
  /** The columns that USING and NATURAL make one of; null where they cannot be told. */
  readonly merged: readonly string[] | null;
}

type Item = ScopeSource | Joined;

/** Whether a star gives one column where two sides have one each. */
export function merges(item: Item): boolean {
  if (!("left" in item)) return false;
  return item.merged === null || item.merged.length > 0 || merges(item.left) || merges(item.right);
}

/** The columns that a star gives, each with the relation it is of; null where they cannot be told. */
export function outputsOfAll(items: readonly Item[]): readonly Output[] | null {
  const outputs = items.map(outputsOfItem);
  return outputs.some((one) => one === null) ? null : outputs.flatMap((one) => one ?? []);
}

export function outputsOfItem(item: Item): readonly Output[] | null {
  if (!("left" in item)) {
    const { relation, outputs } = item;
    return relation === null ? outputs : (outputs?.map((output) => ({ ...output, of: relation })) ?? null);
  }
  const left = outputsOfItem(item.left);
  const right = outputsOfItem(item.right);
  const { merged } = item;
  if (left === null || right === null || merged === null) return null;
  // Those of both sides come first, and are noted where the join is read.
  const shared = merged.map((name) => ({ name, type: left.find((one) => one.name === name)?.type ?? null }));
  const isOwn = ({ name }: Output) => !merged.includes(name);
  return [...shared, ...left.filter(isOwn), ...right.filter(isOwn)];
}

/** What NATURAL joins by: the names that both sides have, in the order of the left one. */
export function sharedNames(left: Item, right: Item): readonly string[] | null {
  const here = outputsOfItem(left);
  const there = outputsOfItem(right);
  if (here === null || there === null) return null;
  return here.map(({ name }) => name).filter((name) => there.some((one) => one.name === name));
}
