import type { Effects } from "./effect.ts";

/**
 * The work of a statement in a few words for people: `none: catalog only`, `table rewrite of public.orders`,
 * `scan of public.orders`, `builds an index over all rows of public.orders`.
 */
export function renderWork(effects: Effects): string {
  const { rewrites, scans, buildsIndexes } = effects;
  const parts: string[] = [];
  if (rewrites.length > 0) parts.push(`table rewrite of ${list(rewrites)}`);
  const rewritten = new Set(rewrites);
  const read = scans.filter((relation) => !rewritten.has(relation));
  if (buildsIndexes.length > 0) {
    const verb = rewrites.length > 0 ? "builds its indexes anew" : describeBuild(buildsIndexes.length, read);
    parts.push(verb);
    if (rewrites.length > 0 && read.length > 0) parts.push(`scan of ${list(read)}`);
  } else if (read.length > 0) parts.push(`scan of ${list(read)}`);
  return parts.length === 0 ? "none: catalog only" : parts.join(", ");
}

function describeBuild(count: number, relations: readonly string[]): string {
  const what = count === 1 ? "builds an index" : `builds ${count} indexes`;
  return relations.length === 0 ? what : `${what} over all rows of ${list(relations)}`;
}

/** All of a few, the first of many. */
function list(names: readonly string[]): string {
  if (names.length === 3) return `${names.slice(0, 2).join(", ")} and ${names[2]}`;
  if (names.length < 3) return names.join(" and ");
  return `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}
