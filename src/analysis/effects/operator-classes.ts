import type { TypeDescription } from "../../model/name.ts";
import type { ExclusionConstraint, IndexElement, KeyConstraint } from "../../model/table.ts";
import { quoteName, truncateName } from "../../sql/names.ts";
import { isKnownType, isStringType } from "../facts/casts.ts";
import { keyOfThing } from "../named-things.ts";
import { domainOf, findUserType } from "./domains.ts";
import { depend, type EffectsWorld, fail, failEvident, failSeen, type Ledger } from "./ledger.ts";

const scalars =
  "bool int2 int4 int8 float4 float8 numeric money text varchar bpchar char name date time timetz timestamp timestamptz " +
  "interval inet cidr macaddr macaddr8 bit varbit oid regclass regproc regtype bytea uuid";
const ranges = "int4range int8range numrange tsrange tstzrange daterange";
const shapes = "point box polygon circle line lseg path";

/** By access method the types that the server itself has no default operator class for; PostgreSQL 12 to 18. */
const classless: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    btree: `json xml ${shapes}`,
    hash: `json xml ${shapes} money bit varbit tsvector tsquery`,
    gin: `${scalars} json xml ${shapes} tsquery ${ranges}`,
    gist: `${scalars} json jsonb xml lseg path`,
    spgist: `${scalars} json jsonb xml circle lseg path tsvector tsquery`.replace(
      /\b(?:text|varchar|inet|cidr) /g,
      "",
    ),
    brin: `bool money json jsonb xml point polygon circle lseg path tsvector tsquery`,
  }).map(([method, types]) => [method, new Set(types.split(" "))]),
);

/** Extensions that come with the server and give scalars a class; what they leave out, and before which version. */
const scalarClasses: ReadonlyMap<
  string,
  { readonly extension: string; readonly since: ReadonlyMap<string, number> }
> = new Map([
  ["gin", { extension: "btree_gin", since: new Map() }],
  [
    "gist",
    {
      extension: "btree_gist",
      since: new Map([
        ["bool", 15],
        ["char", Number.POSITIVE_INFINITY],
        ["name", Number.POSITIVE_INFINITY],
      ]),
    },
  ],
]);
const isScalar: ReadonlySet<string> = new Set(scalars.split(" "));

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

/** What a key or an exclusion constraint compares: of types that its index can. `typeOf` is told names as they are kept. */
export function refuseClassesOf(
  ledger: Ledger,
  constraint: KeyConstraint | ExclusionConstraint,
  typeOf: (column: string) => TypeDescription | null | undefined,
): void {
  const isKey = constraint.kind !== "exclusion";
  const method = isKey ? (constraint.withoutOverlaps ? "gist" : "btree") : constraint.method;
  const elements = isKey
    ? constraint.columns.map((column) => ({ column, operatorClass: null }))
    : constraint.elements;
  for (const { column, operatorClass } of elements)
    if (column !== null)
      refuseOperatorClass(ledger, method, { operatorClass }, typeOf(truncateName(column.name)) ?? null);
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
    if (classless.get(method)?.has(own) === true) refuseClassless(ledger, method, own);
    return;
  }
  const wanted = typeOfClass(operatorClass);
  if (wanted !== undefined && !isTakenFor(own, wanted))
    fail(ledger, "42804", `operator class ${quoteName(operatorClass)} does not take values of type ${own}`);
}

/** An extension may be there that no migration has made; of a history with gaps nothing is said. */
function refuseClassless(ledger: Ledger, method: string, type: string): void {
  const { schema, searchPath, version } = ledger.world;
  const given = isScalar.has(type) ? scalarClasses.get(method) : undefined;
  const reason = `the type ${type} has no default operator class for an index of method ${method}`;
  if (given === undefined || version < (given.since.get(type) ?? 0)) {
    failEvident(ledger, "42704", reason);
    return;
  }
  const { extension } = given;
  const thing = { kind: "extension" as const, schema: null, name: extension, ifNotExists: false };
  if (ledger.fails !== null || !schema.isComplete || schema.hasMade(keyOfThing(thing, searchPath))) return;
  failSeen(ledger, "42704", reason);
  depend(ledger, `whether the extension ${extension} is there`);
}
