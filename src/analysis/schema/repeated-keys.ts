import type { Constraint } from "../../model/table.ts";
import { truncateName } from "../../sql/names.ts";

/** A constraint, and the name that another one over the same columns leaves it; null: its own. */
interface NamedConstraint {
  readonly constraint: Constraint;
  readonly name: string | null;
}

/**
 * The keys of one CREATE TABLE or ADD COLUMN as the server makes them: the primary key first, the others as they stand. UNIQUE
 * over what another key has already is no second index, whatever it is called; a key without a name takes its name over.
 */
export function mergeKeys(constraints: readonly Constraint[]): readonly NamedConstraint[] {
  const merged = new Map<string, { constraint: Constraint; name: string | null }>();
  const rank = ({ kind }: Constraint) => (kind === "primary key" ? 0 : 1);
  for (const constraint of [...constraints].sort((first, second) => rank(first) - rank(second))) {
    const key = shapeOf(constraint);
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { constraint, name: null });
    else if (known.constraint.name === null && known.name === null && constraint.name !== null)
      known.name = truncateName(constraint.name.name);
  }
  return [...merged.values()];
}

/** What two keys have to share for the server to make only one of them. */
function shapeOf(constraint: Constraint): string {
  if ((constraint.kind !== "unique" && constraint.kind !== "primary key") || constraint.usingIndex !== null)
    return `at ${constraint.span.start}`;
  const { columns, including, deferrable, initiallyDeferred, nullsNotDistinct, withoutOverlaps } = constraint;
  return JSON.stringify([
    columns.map(({ name }) => name),
    including.map(({ name }) => name),
    deferrable,
    initiallyDeferred,
    nullsNotDistinct,
    withoutOverlaps,
  ]);
}
