import type { Expression } from "../model/expression.ts";
import { impliesComparison } from "./comparison.ts";
import { normalise } from "./normalise.ts";
import { areEqual } from "./schema/expressions.ts";

/**
 * Whether constraints prove a condition, as PostgreSQL decides it before it spares itself a scan
 * (ConstraintImpliedByRelConstraint, predicate_implied_by with weak implication: a CHECK that gives NULL counts as
 * fulfilled, so `c > 0` says nothing about nulls). True only where the server would say so too; it may know more.
 *
 * @param given constraints in force, each valid and enforced; column references by bare names
 * @param type the built-in type of a column, to compare dates and times; undefined where it is not known
 */
export function implies(
  given: readonly Expression[],
  goal: Expression,
  type: (column: string) => string | undefined = () => undefined,
): boolean {
  return proves(clauseOf(given, type), normalise(goal, type), type);
}

/** The same for who compares each with many: of a clause from {@link clauseOf}, and a goal that is normalised. */
export function proves(
  clause: Expression,
  goal: Expression,
  type: (column: string) => string | undefined,
): boolean {
  return isImplied(clause, goal, { type, steps: MAX_STEPS });
}

/** Constraints as one clause in the form in which the server proves. */
export function clauseOf(
  given: readonly Expression[],
  type: (column: string) => string | undefined,
): Expression {
  return flat({ kind: "and", arguments: given.map((one) => normalise(one, type)) });
}

/** Whether a valid CHECK proves that the column holds no nulls, so that SET NOT NULL does not scan. */
export function impliesNotNull(check: Expression, column: string): boolean {
  return implies([check], { kind: "is null", argument: { kind: "column", path: [column] }, negated: true });
}

/** Long lists and nested ANDs and ORs multiply: beyond this the answer is no, as it is on the server for long lists. */
const MAX_STEPS = 20_000;

interface Proof {
  readonly type: (column: string) => string | undefined;
  steps: number;
}

/** predicate_implied_by_recurse: what is to be proved is taken apart by its own AND or OR and by that of the clause. */
function isImplied(clause: Expression, goal: Expression, proof: Proof): boolean {
  proof.steps -= 1;
  if (proof.steps < 0) return false;
  if (goal.kind === "and") return goal.arguments.every((part) => isImplied(clause, part, proof));
  if (clause.kind === "or") {
    return clause.arguments.every((part) => isImplied(part, goal, proof));
  }
  if (goal.kind === "or" && goal.arguments.some((part) => isImplied(clause, part, proof))) return true;
  if (clause.kind === "and") return clause.arguments.some((part) => isImplied(part, goal, proof));
  if (goal.kind === "or") return false;
  return areEqual(clause, goal) || impliesComparison(clause, goal, proof.type);
}

function flat(clause: Expression): Expression {
  const [only] = clause.kind === "and" ? clause.arguments : [];
  return clause.kind === "and" && clause.arguments.length === 1 && only !== undefined ? only : clause;
}
