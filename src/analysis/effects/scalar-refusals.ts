import type { TypeDescription } from "../../model/name.ts";
import { quoteName } from "../../sql/names.ts";
import { isKnownType } from "../facts/casts.ts";
import { fail, type Ledger } from "./ledger.ts";

const spans = ["int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"];

/** WITHOUT OVERLAPS compares ranges. */
export function refuseScalar(
  ledger: Ledger,
  type: TypeDescription | null | undefined,
  name: string | undefined,
): void {
  if (name === undefined || type == null) return;
  const isOther = type.schema === null && type.dimensions === 0 && isKnownType(type.name);
  if (isOther && !spans.includes(type.name.replace("multirange", "range")))
    fail(ledger, "42804", `WITHOUT OVERLAPS needs a range, ${quoteName(name)} is not one`);
}
