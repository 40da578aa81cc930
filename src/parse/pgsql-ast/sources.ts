import type { From, FromCall, JoinClause, Name } from "pgsql-ast-parser";
import type { Source } from "../../model/query.ts";
import { lowerCall } from "./calls.ts";
import { lowerOptional } from "./expressions.ts";
import { type Lowering, nameIn } from "./lowering.ts";
import { NotUnderstood } from "./not-understood.ts";
import { lowerQuery } from "./queries.ts";

/** What stands in FROM: the tree has the joined ones in the same list as the others, each with its own JOIN. */
export function lowerSources(lowering: Lowering, items: readonly From[]): Source[] {
  const sources: Source[] = [];
  for (const item of items) {
    const source = lowerItem(lowering, item);
    const left = item.join ? sources.pop() : undefined;
    sources.push(item.join && left !== undefined ? join(lowering, left, source, item.join) : source);
  }
  return sources;
}

function lowerItem(lowering: Lowering, item: From): Source {
  switch (item.type) {
    case "table": {
      const { schema, name, alias, columnNames } = item.name;
      return {
        kind: "relation",
        schema: schema === undefined ? null : nameIn(lowering, schema),
        name: nameIn(lowering, name),
        alias: alias === undefined ? null : nameIn(lowering, alias),
        ...columnsIn(lowering, columnNames),
      };
    }
    case "statement":
      return {
        kind: "subquery",
        query: lowerQuery(lowering, item.statement, null),
        alias: nameIn(lowering, item.alias),
        ...columnsIn(lowering, item.columnNames),
      };
    case "call":
      return lowerFunction(lowering, item);
  }
}

/** The names behind an alias, or behind the name of a WITH query. */
export function columnsIn(
  lowering: Lowering,
  names: readonly Name[] | null | undefined,
): { columns?: readonly string[] } {
  const columns = names?.map(({ name }) => nameIn(lowering, name)) ?? [];
  return columns.length > 0 ? { columns } : {};
}

function lowerFunction(lowering: Lowering, item: FromCall): Source {
  const called = lowerCall(lowering, item);
  // COALESCE and its like are no calls; whatever they are, they are not common enough to be sure of.
  if (called.kind !== "call") throw new NotUnderstood("an expression in FROM");
  return {
    kind: "function",
    call: called,
    alias: item.alias === undefined ? null : nameIn(lowering, item.alias.name),
  };
}

const types = {
  "INNER JOIN": "inner",
  "LEFT JOIN": "left",
  "RIGHT JOIN": "right",
  "FULL JOIN": "full",
  "CROSS JOIN": "cross",
} as const;

function join(lowering: Lowering, left: Source, right: Source, clause: JoinClause): Source {
  const on = lowerOptional(lowering, clause.on);
  const using = (clause.using ?? []).map((column) => nameIn(lowering, column.name));
  const isBare = on === null && using.length === 0;
  // The other grammar takes a JOIN without ON, and a CROSS JOIN with one.
  if (isBare !== (clause.type === "CROSS JOIN")) throw new NotUnderstood("a join without its condition");
  return { kind: "join", type: types[clause.type], left, right, on, using };
}
