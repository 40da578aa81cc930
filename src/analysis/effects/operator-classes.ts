import type { TypeDescription } from "../../model/name.ts";
import type { IndexElement } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import { isKnownType, isStringType } from "../facts/casts.ts";
import { domainOf, findUserType } from "./domains.ts";
import { type EffectsWorld, fail, failEvident, type Ledger } from "./ledger.ts";

/** Types without an order and without equality: no extension of the server's own distribution gives them a class either. */
const incomparable = new Set(["json", "xml", "point", "box", "polygon", "circle", "line", "lseg", "path"]);

/** Of built-in operator classes the type that their names do not spell as it is called here. */
const spelled: ReadonlyMap<string, string> = new Map([
  ["text_pattern_ops", "text"],
  ["varchar_pattern_ops", "text"],
  ["varchar_ops", "text"],
  ["bpchar_pattern_ops", "bpchar"],
  ["jsonb_path_ops", "jsonb"],
  ["inet_inclusion_ops", "inet"],
  ["cidr_ops", "inet"],
]);

/** Types whose classes are called `<type>_ops` by each method that has one for them. */
const called = new Set(
  (
    "bit bool bpchar bytea date float4 float8 inet int2 int4 int8 interval jsonb macaddr macaddr8 name numeric oid text " +
    "time timestamp timestamptz timetz tsquery tsvector uuid varbit"
  ).split(" "),
);

function typeOfClass(name: string): string | undefined {
  const own = spelled.get(name);
  if (own !== undefined) return own;
  const type = name.endsWith("_ops") ? name.slice(0, -"_ops".length) : "";
  return called.has(type) ? type : undefined;
}

/** The built-in type that a column of the type is to the server; null: a user's own, an array, or not known. */
function baseOf(world: EffectsWorld, type: TypeDescription | null): string | null {
  if (type === null || type.isReference) return null;
  const base = domainOf(world, type)?.base ?? type;
  const isBuiltIn = base.schema === null && base.dimensions === 0 && isKnownType(base.name);
  return isBuiltIn && findUserType(world, base) === undefined ? base.name : null;
}

/** Whether values of the one type are taken for the other without a conversion. */
function isTakenFor(own: string, wanted: string): boolean {
  if (own === wanted) return true;
  // text and varchar pass for each other and for char(n), which passes for neither.
  if (own === "text" || own === "varchar") return isStringType(wanted) && wanted !== "name";
  if (own === "cidr") return wanted === "inet";
  if (wanted === "oid") return own === "int4" || own.startsWith("reg");
  // Extensions have types of their own that pass for text.
  return own === "citext" || own === "xml" || own === "bit" || own === "varbit";
}

/** A column or value of an index: of a type that its operator class, or the one that is taken where none is named, is for. */
export function refuseOperatorClass(
  ledger: Ledger,
  method: string,
  element: Pick<IndexElement, "operatorClass">,
  type: TypeDescription | null,
): void {
  const own = baseOf(ledger.world, type);
  if (own === null) return;
  const { operatorClass } = element;
  if (operatorClass === null) {
    const isPlain = method === "btree" || method === "hash";
    const hasNone = isPlain ? incomparable.has(own) : own === "json" || own === "xml";
    if (hasNone)
      failEvident(
        ledger,
        "42704",
        `the type ${own} has no default operator class for an index of method ${method}`,
      );
    return;
  }
  const wanted = typeOfClass(operatorClass);
  if (wanted !== undefined && !isTakenFor(own, wanted))
    fail(ledger, "42804", `operator class ${quoteName(operatorClass)} does not take values of type ${own}`);
}
