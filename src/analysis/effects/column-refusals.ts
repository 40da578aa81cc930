import { type Expression, isNullConstant } from "../../model/expression.ts";
import type { TypeDescription, TypeName } from "../../model/name.ts";
import type { ColumnDefinition } from "../../model/table.ts";
import { isSerial } from "../../model/type-names.ts";
import { quoteName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isWord, textOf, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import type { Table } from "../entities.ts";
import { actionsOn, hasActionOn } from "../same-statement.ts";
import { serialTypeOf } from "../schema/columns.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { columnOf, hasOtherPrimaryKey } from "./alter-plan.ts";
import { isAlwaysPlain, placeIn, refuseStorageWord } from "./alter-refusals.ts";
import { isInteger } from "./domains.ts";
import { refuseDoubledClauses } from "./doubled-clauses.ts";
import {
  isSystemColumn,
  refuseCollation,
  refuseDefault,
  refuseModifiers,
  refusePseudoType,
} from "./expression-refusals.ts";
import { descendantsOf, isPartitioned } from "./family.ts";
import { refuseGenerationOf } from "./generation-refusals.ts";
import type { Ledger } from "./ledger.ts";
import { fail, failEvident, needVersion } from "./ledger.ts";
import { refuseRowUsers } from "./row-types.ts";
import { refuseRange } from "./sequences.ts";
import { refuseValue } from "./value-refusals.ts";

/** What a new column cannot be, on a table that is there. */
export function refuseColumn(plan: AlterPlan, column: ColumnDefinition): void {
  const { ledger, statement } = plan;
  const { schema, version } = ledger.world;
  const table = plan.target.known;
  const name = column.name.name;
  if (isSystemColumn(name)) failEvident(ledger, "42701", `${quoteName(name)} is the name of a system column`);
  refuseDefinition(ledger, column);
  refuseGeneration(plan, column);
  if (actionsOn(statement, "add column", name).length > 1 && !isFirst(plan, column))
    failEvident(ledger, "42701", `column ${quoteName(name)} is added twice`);
  if (table === null) return;
  if (hasOtherPrimaryKey(plan, table) && column.constraints.some((one) => one.kind === "primary key"))
    fail(ledger, "42P16", "multiple primary keys are not allowed");
  if (column.type !== null && schema.findRelation(column.type)?.id === table.id)
    fail(ledger, "42P16", `a table cannot have a column of the type of its own rows`);
  if (table.ofType !== undefined) fail(ledger, "42809", "a table made of a type has no columns of its own");
  // A default, stored or not, is worked out for each row; NULL is none.
  const isNull = column.default === null || isPlainNull(plan, column.default.value, column.type);
  if (!isNull || column.generated?.stored === true || column.identity !== null) refuseRowUsers(plan, table);
  if (statement.only) return;
  const below = descendantsOf(schema, table);
  const isShared = isPartitioned(table) && version >= 17;
  if (column.identity !== null && below.length > 0 && !isShared)
    fail(ledger, "42P16", "an identity column cannot be added to a table that has child tables");
  for (const child of below) refuseOtherType(plan, column, child);
}

/** DEFAULT NULL is no default, but where it is cut to a length or stands against that of a domain. */
function isPlainNull({ ledger }: AlterPlan, value: Expression, type: TypeName | null): boolean {
  if (!isNullConstant(value) || type === null || type.modifiers.length > 0) return false;
  return type.fields === undefined && ledger.world.schema.findType(type)?.kind !== "domain";
}

function isFirst({ statement }: AlterPlan, column: ColumnDefinition): boolean {
  const [first] = actionsOn(statement, "add column", column.name.name);
  return first?.kind === "add column" && first.column === column;
}

/** A child that has the column already keeps it, if it has the same type. */
function refuseOtherType(plan: AlterPlan, column: ColumnDefinition, child: Table): void {
  // The one that the same statement drops is gone from the child as well, unless it is the child's own.
  const isFreed = hasActionOn(plan.statement, "drop column", column.name.name);
  const own = isFreed ? null : columnOf(plan, column.name.name, child)?.type;
  const type = serialTypeOf(column.type) ?? column.type;
  if (own == null || type === null || own.schema !== null || type.schema !== null) return;
  if (own.name !== type.name || own.dimensions !== type.dimensions)
    fail(
      plan.ledger,
      "42804",
      `${quoteName(child.name)} has a column ${quoteName(column.name.name)} of another type`,
    );
}

/** What no definition of a column can say, wherever it stands. */
export function refuseDefinition(ledger: Ledger, column: ColumnDefinition): void {
  const { type, identity } = column;
  refuseDoubledClauses(ledger, column);
  if (type !== null) refuseStorage(ledger, { ...column.span, start: type.span.end }, type);
  if (column.default !== null) refuseDefault(ledger, column.default.value);
  if (column.default !== null && type !== null)
    refuseValue(ledger, column.default.value, type, `column ${quoteName(column.name.name)}`);
  if (column.default !== null && column.generated !== null)
    fail(ledger, "42601", "a generated column has no default of its own");
  if (type !== null) refuseCollation(ledger, type, column.collation);
  if (type !== null) refuseModifiers(ledger, type);
  if (type !== null) refusePseudoType(ledger, type);
  if (isSerial(column) && (column.default !== null || identity !== null))
    fail(ledger, "42601", "a serial column has a default already: the next value of its sequence");
  if (isSerial(column) && (type?.dimensions ?? 0) > 0)
    fail(ledger, "0A000", "an array of serial is not implemented");
  if (identity === null) return;
  if (column.generated !== null) fail(ledger, "42601", "an identity column is not generated from others");
  if (column.default !== null) fail(ledger, "42601", "an identity column has no default of its own");
  if (type !== null && !isInteger(ledger.world, type))
    fail(ledger, "22023", "an identity column is smallint, integer or bigint");
  else refuseRange(ledger, identity.span, null, type?.name);
}

/** STORAGE and COMPRESSION have their place right behind the type. */
function refuseStorage(ledger: Ledger, span: Span, type: TypeDescription): void {
  const { text } = ledger.world;
  if (!/\b(?:storage|compression)\b/i.test(text.slice(span.start, span.end))) return;
  const tokens = tokensIn(text, span.start, span.end);
  const isStored = isWord(text, tokens[0], "storage");
  const isCompressed = isWord(text, tokens[isStored ? 2 : 0], "compression");
  if (isStored) needVersion(ledger, 16, "STORAGE of a column");
  if (isCompressed) needVersion(ledger, 14, "COMPRESSION of a column");
  const refuseWord = (what: "storage" | "compression", token: Token | undefined) => {
    if (token?.kind === "word") refuseStorageWord(ledger, what, textOf(text, token));
  };
  if (isStored) refuseWord("storage", tokens[1]);
  if (isCompressed) refuseWord("compression", tokens[isStored ? 3 : 1]);
  const isDefault = ["plain", "default"].some((word) => isWord(text, tokens[1], word));
  if ((isStored || isCompressed) && !isDefault && isAlwaysPlain(type))
    fail(ledger, "0A000", `a column of type ${type.name} is always stored plain`);
}

/** A generated column of a table that is there, and of the columns that the same statement adds. */
function refuseGeneration(plan: AlterPlan, column: ColumnDefinition): void {
  if (column.generated === null) return;
  const isGenerated = (name: string) =>
    (columnOf(plan, name)?.generated ?? null) !== null ||
    actionsOn(plan.statement, "add column", name).some((action) => action.column.generated !== null);
  refuseGenerationOf(plan.ledger, column, placeIn(plan, "a generated column"), isGenerated);
}
