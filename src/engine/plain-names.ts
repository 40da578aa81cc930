import { splitQualified } from "../sql/names.ts";
import type { ExplainedLock, Explanation } from "./explanation.ts";

/** What is done to relations, with their names as SQL. */
interface Work {
  readonly locks: readonly ExplainedLock[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  readonly buildsIndexes: readonly string[];
}

/** A name as the catalog has it, which is what scripts compare with: `public.Order Lines` of `public."Order Lines"`. */
export function plainName(name: string): string {
  if (!name.includes('"')) return name;
  const { schema, name: own } = splitQualified(name);
  return schema === "" ? own : `${schema}.${own}`;
}

/** The same with plain names: for JSON. People are told names as SQL, which they can paste. */
export function withPlainNames<Known extends Work>(known: Known): Known {
  return {
    ...known,
    locks: known.locks.map(({ relation, table, isRetired: _, isNew: __, ...lock }) => ({
      relation: plainName(relation),
      ...lock,
      ...(table !== undefined && { table: plainName(table) }),
    })),
    rewrites: known.rewrites.map(plainName),
    scans: known.scans.map(plainName),
    buildsIndexes: known.buildsIndexes.map(plainName),
  };
}

/** What `explain --format json` prints. */
export function plainExplanation(explanation: Explanation): Explanation {
  const statements = explanation.statements.map(({ ways: _, ...statement }) => withPlainNames(statement));
  return { ...explanation, statements };
}
