import type { Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import { shorten } from "../../text/shorten.ts";
import { integerEnds } from "../facts/integers.ts";
import { fail, type Ledger } from "./ledger.ts";

/** A constant that is worked out when the statement is planned, and is too long or too large for its column. */
export function refuseOverflow(
  ledger: Ledger,
  value: Expression,
  type: TypeDescription,
  column: string,
): void {
  if (type.schema !== null || type.dimensions > 0) return;
  const isNegative = value.kind === "operator" && value.name === "-" && value.left === null;
  const constant = isNegative ? value.right : value;
  if (constant.kind !== "constant") return;
  const { name, modifiers } = type;
  const [first, scale = 0] = modifiers.map(Number);
  if (constant.type === "string" && (name === "varchar" || name === "bpchar") && first !== undefined) {
    // Blanks behind the end are cut off.
    const { length } = [...constant.value.trimEnd()];
    if (length > first)
      fail(ledger, "22001", `${column} holds ${first} characters, and the value has ${length}`);
    return;
  }
  if (!/^\d+(?:\.\d*)?$/.test(constant.value) || constant.type === "string") return;
  const shown = shorten(constant.value);
  const limit = integerEnds.get(name);
  // Counted, not computed: whoever wrote them may have written a million digits.
  const digits = constant.value.replace(/\..*$/, "").replace(/^0+/, "");
  if (limit !== undefined && (digits.length > 19 || exceeds(BigInt(digits || 0), limit, isNegative)))
    fail(ledger, "22003", `${shown} does not fit into ${column}`);
  if (name === "numeric" && first !== undefined && scale >= 0 && digits.length > Math.max(first - scale, 0))
    fail(
      ledger,
      "22003",
      `${shown} does not fit into ${column}, which is numeric(${modifiers.map((one) => shorten(one)).join(", ")})`,
    );
}

function exceeds(whole: bigint, limit: bigint, isNegative: boolean): boolean {
  return isNegative ? whole > limit : whole >= limit;
}
