import { type Expression, walkExpression } from "../../model/expression.ts";
import { branchesOf, type ColumnTypes, typeOf } from "../expression-type.ts";
import { isOwnFunction } from "../own-functions.ts";
import { fail, type Ledger } from "./ledger.ts";
import { classOf } from "./type-classes.ts";
import { refuseCondition } from "./value-refusals.ts";

/** What stands behind WHEN is a condition, and all that a CASE, COALESCE, GREATEST or LEAST may come to is of one kind. */
export function refuseBranches(ledger: Ledger, whole: Expression, columns: ColumnTypes | null): void {
  const { world } = ledger;
  const isOwn = (name: string) => isOwnFunction(world.schema, name);
  walkExpression(whole, (node) => {
    if (node.kind !== "case" && node.kind !== "coalesce" && node.kind !== "greatest" && node.kind !== "least")
      return;
    if (node.kind === "case" && node.argument === null)
      for (const { when } of node.branches) refuseCondition(ledger, when, columns, "what stands behind WHEN");
    if (world.schema.hasCasts) return;
    const classes = branchesOf(node).flatMap((one) => classOf(world, typeOf(one, columns, isOwn)) ?? []);
    const [first = ""] = classes;
    const other = classes.find((one) => one !== first);
    if (other === undefined) return;
    const code = categoryOf(first) === categoryOf(other) ? "42846" : "42804";
    fail(ledger, code, `the values of ${node.kind.toUpperCase()} are of types that do not go together`);
  });
}

/** Types of one category are taken to go together until the server finds no cast. */
function categoryOf(name: string): string {
  if (name.startsWith("enum ")) return "enums";
  return categories.get(name) ?? name;
}

const categories: ReadonlyMap<string, string> = new Map([
  ["int2", "numbers"],
  ["money", "numbers"],
  ...["uuid", "json", "jsonb", "bytea", "xml"].map((name) => [name, "others"] as const),
]);
