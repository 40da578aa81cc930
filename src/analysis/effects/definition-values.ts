import type { Action } from "../../model/action.ts";
import type { Expression } from "../../model/expression.ts";
import type { CreateIndex, Policy } from "../../model/statement.ts";
import type { ColumnDefinition, Constraint } from "../../model/table.ts";

/** The conditions of a constraint, and what an exclusion constraint computes. */
export function constraintValues(constraint: Constraint): readonly Expression[] {
  if (constraint.kind === "check") return [constraint.expression.value];
  return constraint.kind === "exclusion" ? indexValues(constraint) : [];
}

/** What an index computes: its elements that are no columns, and its condition. */
export function indexValues({
  elements,
  where,
}: Pick<CreateIndex, "elements" | "where">): readonly Expression[] {
  const values = elements.flatMap(({ expression }) => expression ?? []);
  return where === null ? values : [...values, where.value];
}

/** What a column's definition says of the rows. Its default is not in it: that sees no row. */
export function columnValues({ generated, constraints }: ColumnDefinition): readonly Expression[] {
  const checks = constraints.flatMap(constraintValues);
  return generated === null ? checks : [generated.value, ...checks];
}

/** What an action of ALTER TABLE says of the rows; defaults are not in it. */
export function actionValues(action: Action): readonly Expression[] {
  switch (action.kind) {
    case "add column":
      return columnValues(action.column);
    case "add constraint":
      return constraintValues(action.constraint);
    case "set expression":
      return [action.expression.value];
    case "alter column type":
      return action.using === null ? [] : [action.using.value];
    default:
      return [];
  }
}

/** The two conditions of a policy, as far as they are given. */
export function policyValues({ using, withCheck }: Policy): readonly Expression[] {
  return [using, withCheck].flatMap((one) => one ?? []);
}
