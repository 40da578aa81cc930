import type { Table, TableConstraint } from "./entities.ts";

type Constraints = Table["constraints"];

/** Of long lists: constraints by name. Each of thousands of actions or findings asks for one. */
const byName = new WeakMap<Constraints, ReadonlyMap<string, TableConstraint>>();

/** In shorter lists looking is as fast. */
const long = 32;

/** The constraint of that name. */
export function constraintNamed({ constraints }: Table, name: string): TableConstraint | undefined {
  if (constraints.length < long) return constraints.find((one) => one.name === name);
  let known = byName.get(constraints);
  if (known === undefined) {
    known = new Map(constraints.map((one) => [one.name, one]));
    byName.set(constraints, known);
  }
  return known.get(name);
}
