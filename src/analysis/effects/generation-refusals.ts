import { type Expression, walkExpression } from "../../model/expression.ts";
import type { ColumnDefinition } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import { columnsOf } from "../schema/expressions.ts";
import { isNeverImmutable } from "../volatility.ts";
import { domainOf } from "./domains.ts";
import { type Place, refuseExpression } from "./expression-refusals.ts";
import type { Ledger } from "./ledger.ts";
import { fail } from "./ledger.ts";
import { unstableCast } from "./unstable-casts.ts";
import { refuseValue } from "./value-refusals.ts";

/** What a generated column computes from: columns that are there and not generated themselves, the same each time. */
export function refuseGenerationOf(
  ledger: Ledger,
  column: ColumnDefinition,
  place: Place,
  isGenerated: (name: string) => boolean,
): void {
  const { generated } = column;
  if (generated === null) return;
  refuseExpression(ledger, generated.value, place);
  const other = columnsOf(generated.value).find(isGenerated);
  if (other !== undefined)
    fail(ledger, "42P17", `a generated column cannot read the generated column ${quoteName(other)}`);
  const culprit = isNeverImmutable(generated.value, ledger.world);
  if (culprit !== null) fail(ledger, "42P17", `a generated column cannot call ${culprit}()`);
  const cause = unstableCast(ledger.world, generated.value, place.columns);
  if (cause !== null) fail(ledger, "42P17", `${cause} in a generated column does not always give the same`);
  if (column.type !== null)
    refuseValue(ledger, generated.value, column.type, `column ${quoteName(column.name.name)}`, place.columns);
  if (generated.stored || ledger.world.version < 18) return;
  if (column.type !== null && domainOf(ledger.world, column.type) !== null)
    fail(ledger, "0A000", "a virtual generated column cannot be of a domain type");
  if (column.type !== null && ledger.world.schema.findType(column.type) !== undefined)
    fail(
      ledger,
      "0A000",
      `a virtual generated column cannot be of the type ${column.type.name}, which is not built in`,
    );
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
