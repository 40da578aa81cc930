import type { Action } from "../../model/action.ts";
import type { QualifiedName } from "../../model/name.ts";
import type { Statement } from "../../model/statement.ts";
import { quoteName, truncateName } from "../../sql/names.ts";
import { isWord, tokensIn } from "../../sql/tokens.ts";
import { goneRelation } from "./gone-lookup.ts";
import { failGone, findRelation, type Ledger } from "./ledger.ts";
import { actionsOf } from "./needed-relations.ts";
import { lastName } from "./words.ts";

/** Refuses indexes that a statement calls by a name without a schema: they are looked for beside their table. */
export function refuseGoneIndexes(ledger: Ledger, statement: Statement, only: Action | null): void {
  const needed = neededIndex(ledger, statement, only);
  if (needed === null) return;
  const table = findRelation(ledger.world, needed.table);
  if (table === undefined) return;
  for (const written of needed.names) {
    const name = truncateName(written);
    const gone = goneRelation(ledger, { schema: table.schema, name });
    if (gone !== undefined) failGone(ledger, "42704", `index ${quoteName(name)}`, gone);
  }
}

interface NeededIndex {
  readonly table: QualifiedName;
  readonly names: readonly string[];
}

function neededIndex(ledger: Ledger, statement: Statement, only: Action | null): NeededIndex | null {
  if (statement.kind === "cluster") {
    const { table } = statement;
    const name = table === null ? null : indexBehind(ledger, statement, table);
    return table === null || name === null ? null : { table, names: [name] };
  }
  if (statement.kind !== "alter table") return null;
  const names = actionsOf(statement, only).flatMap((action) => indexOf(ledger, action) ?? []);
  return { table: statement.table, names };
}

/** CLUSTER table USING index. */
function indexBehind(ledger: Ledger, { span }: Statement, table: QualifiedName): string | null {
  const { text } = ledger.world;
  const rest = { start: table.span.end, end: span.end };
  const [first] = tokensIn(text, rest.start, rest.end);
  return first !== undefined && isWord(text, first, "using") ? lastName(ledger, rest) : null;
}

function indexOf(ledger: Ledger, action: Action): string | null {
  switch (action.kind) {
    case "add constraint": {
      const { constraint } = action;
      return "usingIndex" in constraint ? (constraint.usingIndex?.name ?? null) : null;
    }
    case "replica identity":
      return action.index?.name ?? null;
    case "cluster on":
      return lastName(ledger, action.span);
    default:
      return null;
  }
}
