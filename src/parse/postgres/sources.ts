import type { Source } from "../../model/query.ts";
import { lowerCall } from "./calls.ts";
import { lowerOptional } from "./expressions.ts";
import { descend, type Lowering } from "./lowering.ts";
import { lowerQuery } from "./queries.ts";
import { type Fields, fieldsOf, isSet, itemsOf, listOf, nodeOf, stringOf, structOf, textIn } from "./tree.ts";

/** What stands in FROM or USING. */
export function lowerSources(lowering: Lowering, values: readonly unknown[]): Source[] {
  return values.map((value) => lowerSource(lowering, value));
}

function lowerSource(lowering: Lowering, value: unknown): Source {
  const node = nodeOf(value);
  if (node === null) return { kind: "other" };
  const { tag, fields } = node;
  switch (tag) {
    case "RangeVar":
      return lowerRelation(fields);
    case "RangeSubselect":
      return {
        kind: "subquery",
        query: lowerQuery(lowering, fields.subquery, null),
        ...aliasIn(fields),
      };
    case "RangeFunction": {
      const functions = listOf(fields, "functions");
      const call = functions.length === 1 ? fieldsOf(itemsOf(functions[0])[0], "FuncCall") : null;
      return {
        kind: "function",
        call: call === null ? null : lowerCall(lowering, call),
        alias: aliasIn(fields).alias,
      };
    }
    case "RangeTableSample":
      return lowerSource(lowering, fields.relation);
    case "JoinExpr":
      return descend(lowering, () => lowerJoin(lowering, fields));
  }
  return { kind: "other" };
}

function lowerRelation(fields: Fields): Source {
  const schema = textIn(fields, "schemaname");
  return {
    kind: "relation",
    schema: schema === "" ? null : schema,
    name: textIn(fields, "relname"),
    ...aliasIn(fields),
    ...(fields.inh === true ? {} : { only: true as const }),
  };
}

function aliasIn(fields: Fields): { alias: string | null; columns?: readonly string[] } {
  const alias = structOf(fields, "alias");
  if (alias === null) return { alias: null };
  const columns = listOf(alias, "colnames").map(stringOf);
  return { alias: textIn(alias, "aliasname"), ...(columns.length > 0 && { columns }) };
}

const joinTypes = { JOIN_LEFT: "left", JOIN_RIGHT: "right", JOIN_FULL: "full" } as const;

function lowerJoin(lowering: Lowering, fields: Fields): Source {
  const type = textIn(fields, "jointype");
  const on = lowerOptional(lowering, fields.quals);
  const using = listOf(fields, "usingClause").map(stringOf);
  const isCross = on === null && using.length === 0 && !isSet(fields, "isNatural");
  const { alias, columns } = aliasIn(fields);
  return {
    kind: "join",
    type: type in joinTypes ? joinTypes[type as keyof typeof joinTypes] : isCross ? "cross" : "inner",
    left: lowerSource(lowering, fields.larg),
    right: lowerSource(lowering, fields.rarg),
    on,
    using,
    ...(alias !== null && { alias }),
    ...(columns !== undefined && { columns }),
  };
}
