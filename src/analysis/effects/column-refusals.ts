import { type Expression, walkExpression } from "../../model/expression.ts";
import type { ColumnDefinition } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import { isWord, tokenize } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import type { Table } from "../entities.ts";
import { actionsOn } from "../same-statement.ts";
import { serialTypeOf } from "../schema/columns.ts";
import { columnsOf } from "../schema/expressions.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { columnOf, hasOtherPrimaryKey } from "./alter-plan.ts";
import { placeIn } from "./alter-refusals.ts";
import { domainOf, isInteger } from "./domains.ts";
import {
  isSystemColumn,
  refuseCollation,
  refuseDefault,
  refuseExpression,
  refuseModifiers,
  refusePseudoType,
} from "./expression-refusals.ts";
import { descendantsOf, isPartitioned } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { fail, needVersion } from "./ledger.ts";
import { refuseRowUsers } from "./row-types.ts";

/** What a new column cannot be, on a table that is there. */
export function refuseColumn(plan: AlterPlan, column: ColumnDefinition): void {
  const { ledger, statement } = plan;
  const { schema, version } = ledger.world;
  const table = plan.target.known;
  const name = column.name.name;
  if (isSystemColumn(name)) fail(ledger, "42701", `${quoteName(name)} is the name of a system column`);
  refuseDefinition(ledger, column);
  refuseGeneration(plan, column);
  if (actionsOn(statement, "add column", name).length > 1 && !isFirst(plan, column))
    fail(ledger, "42701", `column ${quoteName(name)} is added twice`);
  if (table === null) return;
  if (hasOtherPrimaryKey(plan, table) && column.constraints.some((one) => one.kind === "primary key"))
    fail(ledger, "42P16", "multiple primary keys are not allowed");
  if (table.ofType !== undefined) fail(ledger, "42809", "a table made of a type has no columns of its own");
  // A default, stored or not, is worked out for each row.
  if (column.default !== null || column.generated?.stored === true || column.identity !== null)
    refuseRowUsers(plan, table);
  if (statement.only) return;
  const below = descendantsOf(schema, table);
  const isShared = isPartitioned(table) && version >= 17;
  if (column.identity !== null && below.length > 0 && !isShared)
    fail(ledger, "42P16", "an identity column cannot be added to a table that has child tables");
  for (const child of below) refuseOtherType(plan, column, child);
}

function isFirst({ statement }: AlterPlan, column: ColumnDefinition): boolean {
  const [first] = actionsOn(statement, "add column", column.name.name);
  return first?.kind === "add column" && first.column === column;
}

/** A child that has the column already keeps it, if it has the same type. */
function refuseOtherType(plan: AlterPlan, column: ColumnDefinition, child: Table): void {
  const own = columnOf(plan, column.name.name, child)?.type;
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
  if (ledger.world.version < 16 && type !== null)
    refuseStorage(ledger, { ...column.span, start: type.span.end });
  if (column.default !== null) refuseDefault(ledger, column.default.value);
  if (column.default !== null && column.generated !== null)
    fail(ledger, "42601", "a generated column has no default of its own");
  if (type !== null) refuseCollation(ledger, type, column.collation);
  if (type !== null) refuseModifiers(ledger, type);
  if (type !== null) refusePseudoType(ledger, type);
  if (identity === null) return;
  if (column.default !== null) fail(ledger, "42601", "an identity column has no default of its own");
  if (type !== null && !isInteger(ledger.world, type))
    fail(ledger, "22023", "an identity column is smallint, integer or bigint");
}

/** STORAGE and COMPRESSION have their place right behind the type. */
function refuseStorage(ledger: Ledger, span: Span): void {
  const { text } = ledger.world;
  const tokens = tokenize(text, span.start, span.end).filter(({ kind }) => kind !== "comment");
  const isStored = isWord(text, tokens[0], "storage");
  if (isStored) needVersion(ledger, 16, "STORAGE of a column");
  if (isWord(text, tokens[isStored ? 2 : 0], "compression"))
    needVersion(ledger, 14, "COMPRESSION of a column");
}

/** What a generated column computes from: columns that are there and not generated themselves. */
function refuseGeneration(plan: AlterPlan, column: ColumnDefinition): void {
  const { ledger } = plan;
  const { generated } = column;
  if (generated === null) return;
  refuseExpression(ledger, generated.value, placeIn(plan, "a generated column"));
  for (const one of plan.target.known?.columns ?? [])
    if (one.generated !== null && columnsOf(generated.value).includes(one.name))
      fail(ledger, "42P17", `a generated column cannot read the generated column ${quoteName(one.name)}`);
  if (generated.stored || ledger.world.version < 18) return;
  if (column.type !== null && domainOf(ledger.world, column.type) !== null)
    fail(ledger, "0A000", "a virtual generated column cannot be of a domain type");
  const own = ownCall(ledger, generated.value);
  if (own !== null)
    fail(ledger, "0A000", `a virtual generated column cannot call ${own}(), which is not built in`);
}

function ownCall(ledger: Ledger, expression: Expression): string | null {
  let own: string | null = null;
  walkExpression(expression, (node) => {
    if (node.kind !== "call") return;
    if (ledger.world.schema.findFunctions({ schema: node.schema, name: node.name }).length > 0)
      own ??= node.name;
  });
  return own;
}
