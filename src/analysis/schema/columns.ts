import { type Expression, isNullConstant } from "../../model/expression.ts";
import type { TypeDescription, TypeName } from "../../model/name.ts";
import type { ColumnDefinition } from "../../model/table.ts";
import { serialBase } from "../../model/type-names.ts";
import { nameOf, quoteName, truncateName } from "../../sql/names.ts";
import { areWords, isMark, tokensIn } from "../../sql/tokens.ts";
import { type Column, isTable, type Table } from "../entities.ts";
import { isKnownType } from "../facts/casts.ts";
import { bindCalls, boundCalls } from "./bound-calls.ts";
import { addNotNull } from "./constraints.ts";
import { type Draft, findRelation, findType, originOf, tableById, takeId } from "./draft.ts";
import { chooseRelationName, putRelation } from "./draft-edits.ts";
import { columnsOf } from "./expressions.ts";

/** The column that a definition makes, with the sequence behind it; its constraints are the caller's. */
export function makeColumn(draft: Draft, table: Table, definition: ColumnDefinition): Column {
  const name = truncateName(definition.name.name);
  const integer = serialTypeOf(definition.type);
  const isIdentity = definition.identity !== null;
  const identity = definition.identity?.span;
  const identityText =
    identity === undefined ? undefined : draft.context.text.slice(identity.start, identity.end);
  const sequence =
    integer !== null || isIdentity
      ? addSequence(draft, table, name, { named: sequenceNameIn(identityText), isIdentity })
      : null;
  const type = definition.type === null ? null : knownType(draft, definition.type);
  // Field by field: there are more columns than anything else, and copying the fields of another object is slow.
  return {
    id: takeId(draft),
    name,
    type: sharedType(integer ?? type),
    collation: definition.collation,
    notNull: "no",
    default:
      integer !== null && sequence !== null
        ? nextValue(sequence)
        : keptDefault(draft, type, definition.default?.value),
    generated: definition.generated === null ? null : definition.generated.stored ? "stored" : "virtual",
    generatedFrom: definition.generated === null ? none : columnsOf(definition.generated.value),
    ...(definition.generated !== null && boundCalls(draft, definition.generated.value)),
    identity: isIdentity,
    ...(definition.identity?.always === true && { isAlways: true }),
    ...(identityText !== undefined && { identityText }),
    origin: originOf(draft),
  };
}

const none: readonly never[] = [];

/** Types that were met, by name: most columns of a large schema have one of a few, which is worth half of its memory. */
const types = new Map<string, TypeDescription>();
const mostTypes = 1000;
/** V8 makes a longer name a slice of its text, and the text would stay as long as the name. */
const longestName = 12;

/** A type without the place where it was written; one object for all that say the same. */
function sharedType(type: TypeDescription | null): TypeDescription | null {
  if (type === null) return null;
  const { schema, name, modifiers, fields, dimensions, isSetOf, isReference } = type;
  const hasModifiers = modifiers.length > 0 || fields !== undefined;
  const isPlain = schema === null && !hasModifiers && dimensions === 0 && !isSetOf && !isReference;
  const known = isPlain ? types.get(name) : undefined;
  if (known !== undefined) return known;
  const kept = fields === undefined ? {} : { fields };
  const bare = {
    schema,
    name,
    modifiers: isPlain ? none : modifiers,
    ...kept,
    dimensions,
    isSetOf,
    isReference,
  };
  if (isPlain && name.length <= longestName && types.size < mostTypes) types.set(name, bare);
  return bare;
}

/** DEFAULT NULL is no default to the server, but where it overrides that of a domain. */
export function keptDefault(
  draft: Draft,
  type: TypeDescription | null,
  value: Expression | undefined,
): Expression | null {
  if (value === undefined) return null;
  if (!isNullConstant(value)) return bindCalls(draft, value);
  if (type === null) return null;
  // With a length or precision the server keeps a call that cuts the null to size.
  const isKept =
    type.modifiers.length > 0 || type.fields !== undefined || findType(draft, type)?.kind === "domain";
  return isKept ? value : null;
}

/** What a definition says of nulls, once its column is in the table. Serial, identity and key columns hold none. */
export function addOwnNotNull(draft: Draft, id: number, definition: ColumnDefinition, only: boolean): void {
  const { notNull } = definition;
  const isKey = definition.constraints.some((constraint) => constraint.kind === "primary key");
  const isImplied = isKey || serialTypeOf(definition.type) !== null || definition.identity !== null;
  if (notNull === null && !isImplied) return;
  const name = notNull?.name == null ? null : truncateName(notNull.name.name);
  const noInherit = notNull?.noInherit === true;
  addNotNull(draft, id, truncateName(definition.name.name), name, {
    only: only || noInherit,
    isValid: true,
    noInherit,
  });
}

/** A type as it is stored: a known user type carries its schema, so that it is found whatever the search path. */
export function knownType<Type extends TypeDescription>(draft: Draft, type: Type): Type {
  const cut = truncateName(type.name);
  const found = findType(draft, { schema: type.schema, name: cut });
  if (found !== undefined) return { ...type, schema: found.schema, name: found.name };
  // The row type of a table; names of the server's own types come first.
  const row = isKnownType(cut) ? undefined : findRelation(draft, { schema: type.schema, name: cut });
  return row === undefined || !isTable(row) ? type : { ...type, schema: row.schema, name: row.name };
}

/** The sequence behind a serial or identity column, named by the server if nobody else does. */
export function addSequence(
  draft: Draft,
  table: Table,
  column: string,
  { named = null, isIdentity }: { readonly named?: string | null; readonly isIdentity: boolean },
): string {
  const name = named ?? chooseRelationName(draft, table.schema, [table.name, column, "seq"], false);
  putRelation(draft, {
    kind: "sequence",
    id: takeId(draft),
    schema: table.schema,
    name,
    origin: originOf(draft),
    isCertainlyNew: true,
    ownedBy: { table: table.id, column },
    ...(isIdentity && { isIdentity }),
  });
  const current = tableById(draft, table.id)?.schema ?? table.schema;
  return current === "public" ? quoteName(name) : `${quoteName(current)}.${quoteName(name)}`;
}

/** The name that `GENERATED ... AS IDENTITY (SEQUENCE NAME n)` gives; its schema can only be that of the table. */
export function sequenceNameIn(identity = ""): string | null {
  if (!/\bsequence\b/i.test(identity)) return null;
  const tokens = tokensIn(identity);
  let k = tokens.findIndex((_, at) => areWords(identity, tokens, at, "sequence", "name"));
  if (k < 0) return null;
  k += 2;
  while (isMark(identity, tokens[k + 1], ".")) k += 2;
  const name = tokens[k];
  return name === undefined ? null : truncateName(nameOf(identity, name));
}

/** The integer type behind `serial` and its kin; null for every other type. */
export function serialTypeOf(type: TypeName | null): TypeName | null {
  const name = serialBase(type);
  return type === null || name === null || type.dimensions > 0 ? null : { ...type, name };
}

/** nextval('...'::regclass), as the server writes the default of a serial column. */
function nextValue(sequence: string): Expression {
  const type: TypeDescription = {
    schema: null,
    name: "regclass",
    modifiers: [],
    dimensions: 0,
    isSetOf: false,
    isReference: false,
  };
  const argument = { kind: "constant", type: "string", value: sequence } as const;
  const cast = { kind: "cast", argument, type } as const;
  return { kind: "call", schema: null, name: "nextval", arguments: [cast], isWindow: false };
}
