import type { Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import { quoteName } from "../../sql/names.ts";
import type { Column, Table } from "../entities.ts";
import { notNullOf } from "../inherited-not-null.ts";
import { normalise } from "../normalise.ts";
import { areEqual } from "../schema/expressions.ts";
import { fail, type Ledger } from "./ledger.ts";

/** Whether the column of a parent and that of its child are surely not of one type. */
export function isOtherType(type: TypeDescription | null, own: TypeDescription | null): boolean {
  if (type === null || own === null || type.schema !== null || own.schema !== null) return false;
  const isSame =
    type.name === own.name && type.modifiers.join() === own.modifiers.join() && type.fields === own.fields;
  return !isSame || type.dimensions !== own.dimensions;
}

/**
 * A column that the parent computes is computed in the new partition or child (`what`), in the same way; one that it does not,
 * from 16, is not.
 */
export function refuseGeneratedOf(ledger: Ledger, column: Column, own: Column, what: string): void {
  if (column.generated === own.generated || (column.generated === null && ledger.world.version < 16)) return;
  const name = `column ${quoteName(column.name)} of the ${what}`;
  const must =
    column.generated === null ? "must not be generated" : "must be generated, like that of the parent";
  fail(ledger, "42804", `${name} ${must}`);
}

type NotNull = Extract<Table["constraints"][number], { readonly kind: "not null" }>;
type Check = Extract<Table["constraints"][number], { readonly kind: "check" }>;

/** A CHECK of the parent has to be on the new partition or child (`what`), by its name. */
export function refuseCheckOf(ledger: Ledger, check: Check, table: Table, what: string): void {
  if (check.noInherit) return;
  const own = table.constraints.find((one) => one.name === check.name);
  const name = quoteName(check.name);
  if (own?.kind !== "check") fail(ledger, "42804", `the ${what} has no constraint ${name}`);
  else if (!isSameCheck(own.expression, check.expression))
    fail(ledger, "42804", `constraint ${name} of the ${what} says something else`);
  else if (own.noInherit || (!own.validated && check.validated))
    fail(ledger, "42P17", `constraint ${name} of the ${what} is NOT VALID or not inherited`);
}

/** NOT NULL of the parent (18) is not merged with one of the new partition or child that says less. */
export function refuseNotNullOf(ledger: Ledger, above: NotNull, table: Table, what: string): void {
  const own = above.noInherit ? undefined : notNullOf(table, above.columns[0] ?? "");
  if (own !== undefined && (own.noInherit || (!own.validated && above.validated)))
    fail(
      ledger,
      "42P17",
      `the not-null constraint ${quoteName(own.name)} of the ${what} is NOT VALID or not inherited`,
    );
}

/** Whether two conditions say the same, as the server compares them: after their casts are worked out. */
export function isSameCheck(left: Expression, right: Expression): boolean {
  return areEqual(
    normalise(left, () => undefined),
    normalise(right, () => undefined),
  );
}
