import type { Expression } from "../../model/expression.ts";
import type { Identifier } from "../../model/name.ts";
import type { IndexElement } from "../../model/table.ts";
import { qualifyName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import type { Table } from "../entities.ts";
import { chooseName, joinColumnNames, nameIndexColumns, nameOfExpression } from "../schema/naming.ts";
import type { EffectsWorld, Target } from "./ledger.ts";
import { bareNameOf, findRelation, schemaOf } from "./ledger.ts";

/** What CREATE INDEX says of its columns. */
interface IndexWords {
  readonly elements: readonly IndexElement[];
  readonly including: readonly Identifier[];
}

/** What the statement itself has made of a name so far; null: nothing. */
type NameChange = (name: string) => "free" | "taken" | null;

/** The name that the server chooses for the index of a key: `users_email_key`, `users_pkey`. */
export function nameKeyIndex(
  world: EffectsWorld,
  target: Target,
  columns: readonly string[],
  label: "key" | "pkey" | "excl",
  becomes: NameChange = () => null,
): string {
  const middle = label === "pkey" || columns.length === 0 ? null : joinColumnNames(nameIndexColumns(columns));
  return choose(world, target, middle, label, becomes);
}

/** The name that the server chooses for CREATE INDEX without one: `users_email_idx`. Included columns count in it. */
export function nameIndex(world: EffectsWorld, target: Target, index: IndexWords): string {
  const names = index.elements.map(
    (element) =>
      element.column?.name ?? (element.expression === null ? "expr" : nameOf(world, element.expression)),
  );
  const columns = nameIndexColumns([...names, ...index.including.map(({ name }) => name)]);
  return choose(world, target, joinColumnNames(columns), "idx");
}

/**
 * The name of the copy of a parent's index on a partition. `given` holds, with their schemas, the names that the statement has
 * chosen before, and takes this one.
 */
export function namePartitionIndex(
  world: EffectsWorld,
  partition: Table,
  keys: readonly (string | null)[],
  expressions: readonly Expression[],
  label: "key" | "pkey" | "idx",
  given: Set<string> = new Set(),
): string {
  const target = { known: partition, label: labelOf(partition) };
  let next = 0;
  const names = nameIndexColumns(
    keys.map((key) => {
      if (key !== null) return key;
      const expression = expressions[next];
      next += 1;
      return expression === undefined ? "expr" : nameOf(world, expression);
    }),
  );
  const middle = label === "pkey" ? null : joinColumnNames(names);
  const isGiven = (name: string) => given.has(qualifyName(partition.schema, name));
  const name = choose(world, target, middle, label, (one) => (isGiven(one) ? "taken" : null));
  given.add(qualifyName(partition.schema, name));
  return name;
}

/** Before 14 EXTRACT was another way to write date_part(). */
function nameOf({ version }: EffectsWorld, expression: Expression): string {
  const name = nameOfExpression(expression);
  return version < 14 && name === "extract" ? "date_part" : name;
}

function choose(
  world: EffectsWorld,
  target: Target,
  middle: string | null,
  label: string,
  becomes: NameChange = () => null,
): string {
  const schema = schemaOf(target);
  return chooseName(
    bareNameOf(target),
    middle,
    label,
    (name) =>
      (becomes(name) ?? (findRelation(world, { schema, name }) === undefined ? "free" : "taken")) === "taken",
  );
}
