import { type Expression, walkExpression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import { quoteName } from "../../sql/names.ts";
import type { Column, Table } from "../entities.ts";
import { type AlterPlan, isDroppedConstraint } from "./alter-plan.ts";
import { findUserType } from "./domains.ts";
import { constraintsInForce } from "./family.ts";
import { fail, failEvident } from "./ledger.ts";

/**
 * The words that an enum is compared with are kept as values of the enum. What holds such a comparison is made anew when the
 * column gets another type, which has no comparison with the enum.
 */
export function refuseOldValues(plan: AlterPlan, table: Table, column: Column, type: TypeDescription): void {
  const { ledger } = plan;
  const { schema } = ledger.world;
  const old = column.type === null ? undefined : findUserType(ledger.world, column.type);
  if (old?.kind !== "enum" || old.origin === null || schema.hasCasts || column.type?.dimensions !== 0) return;
  if (findUserType(ledger.world, type)?.id === old.id) return;
  // What nobody reads may have taken the index away.
  const refuseBy = schema.hasGap ? fail : failEvident;
  const refuse = (what: string) =>
    refuseBy(
      ledger,
      "42883",
      `${what} compares ${quoteName(column.name)} with values of ${quoteName(old.name)}, and is made anew for the new type`,
    );
  const holds = (value: Expression) => comparesWords(value, column.name, old.name);
  for (const index of schema.indexesOf(table.id))
    if ([...index.expressions, ...(index.predicate === null ? [] : [index.predicate])].some(holds))
      refuse(`index ${quoteName(index.name)}`);
  for (const one of constraintsInForce(schema, table))
    if (one.kind === "check" && !isDroppedConstraint(plan, one.name) && holds(one.expression))
      refuse(`constraint ${quoteName(one.name)}`);
}

const comparisons: ReadonlySet<string> = new Set(["=", "<>", "!=", "<", ">", "<=", ">="]);

/** Whether the bare column is compared with a word. */
function comparesWords(value: Expression, column: string, type: string): boolean {
  const isColumn = (one: Expression) => one.kind === "column" && one.path.at(-1) === column;
  const isWord = (one: Expression): boolean =>
    (one.kind === "constant" && one.type === "string") ||
    (one.kind === "cast" && one.type.name === type && isWord(one.argument));
  let found = false;
  walkExpression(value, (node) => {
    if (node.kind === "operator" && comparisons.has(node.name) && node.left !== null)
      found ||= (isColumn(node.left) && isWord(node.right)) || (isWord(node.left) && isColumn(node.right));
    else if (node.kind === "in") found ||= isColumn(node.argument) && node.list.some(isWord);
  });
  return found;
}
