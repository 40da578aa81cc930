import type { ColumnDefinition, Constraint } from "../../../src/model/table.ts";
import {
  type Fields,
  isSet,
  listOf,
  nodeOf,
  stringOf,
  structOf,
  textIn,
} from "../../../src/parse/postgres/tree.ts";
import { cut, dotted, name, relation, treeType } from "./names.ts";

export function treeElement(element: Fields): unknown[] {
  const nulls = textIn(element, "nulls_ordering");
  return [
    textIn(element, "name"),
    element.expr !== undefined,
    dotted(element.collation),
    dotted(element.opclass),
    textIn(element, "ordering") === "SORTBY_DESC",
    nulls === "SORTBY_NULLS_FIRST" ? true : nulls === "SORTBY_NULLS_LAST" ? false : null,
  ];
}

export const modelKinds = {
  CONSTR_CHECK: "check",
  CONSTR_NOTNULL: "not null",
  CONSTR_UNIQUE: "unique",
  CONSTR_PRIMARY: "primary key",
  CONSTR_FOREIGN: "foreign key",
  CONSTR_EXCLUSION: "exclusion",
} as const;

export function kindOf(constraint: Fields): string {
  const type = textIn(constraint, "contype");
  return type in modelKinds ? modelKinds[type as keyof typeof modelKinds] : type;
}

export function treeColumn(value: unknown): unknown {
  const column = nodeOf(value)?.fields ?? {};
  const constraints = listOf(column, "constraints").map((each) => nodeOf(each)?.fields ?? {});
  const kinds = constraints.map(kindOf);
  const own = constraints.filter((each) =>
    ["check", "unique", "primary key", "foreign key"].includes(kindOf(each)),
  );
  return {
    name: textIn(column, "colname"),
    type: treeType(structOf(column, "typeName")),
    collation: dotted(structOf(column, "collClause")?.collname) || null,
    default: kinds.includes("CONSTR_DEFAULT"),
    generated: kinds.includes("CONSTR_GENERATED"),
    identity: kinds.includes("CONSTR_IDENTITY"),
    notNull: kinds.includes("not null"),
    constraints: own.map((each) => [
      kindOf(each),
      textIn(each, "conname"),
      relation(structOf(each, "pktable")),
    ]),
  };
}

export function modelColumn(column: ColumnDefinition): unknown {
  return {
    name: cut(column.name.name),
    type: column.type === null ? null : { ...column.type, span: null },
    collation: column.collation,
    default: column.default !== null,
    generated: column.generated !== null,
    identity: column.identity !== null,
    notNull: column.notNull !== null,
    constraints: column.constraints.map((each) => [
      each.kind,
      cut(each.name?.name),
      each.kind === "foreign key" ? name(each.references) : [],
    ]),
  };
}

export const referentialActions: Record<string, string> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

export function treeConstraint(value: unknown): unknown {
  const fields = nodeOf(value)?.fields ?? {};
  const kind = kindOf(fields);
  const keys = listOf(fields, kind === "foreign key" ? "fk_attrs" : "keys").map(stringOf);
  return {
    kind,
    name: textIn(fields, "conname"),
    keys,
    including: listOf(fields, "including").map(stringOf),
    index: textIn(fields, "indexname"),
    references: relation(structOf(fields, "pktable")),
    referenced: listOf(fields, "pk_attrs").map(stringOf),
    onDelete: kind === "foreign key" ? referentialActions[textIn(fields, "fk_del_action")] : "",
    onUpdate: kind === "foreign key" ? referentialActions[textIn(fields, "fk_upd_action")] : "",
    deferrable: isSet(fields, "deferrable"),
    deferred: isSet(fields, "initdeferred"),
    skips: isSet(fields, "skip_validation"),
    noInherit: isSet(fields, "is_no_inherit"),
    nullsNotDistinct: isSet(fields, "nulls_not_distinct"),
    overlaps: isSet(fields, "without_overlaps"),
    tablespace: textIn(fields, "indexspace"),
  };
}

export function modelConstraint(each: Constraint): unknown {
  const isKey = each.kind === "unique" || each.kind === "primary key";
  const isForeign = each.kind === "foreign key";
  const columns = isKey || isForeign ? each.columns.map((column) => cut(column.name)) : [];
  return {
    kind: each.kind,
    name: cut(each.name?.name),
    keys: each.kind === "not null" ? [cut(each.column.name)] : columns,
    including: isKey ? each.including.map((column) => cut(column.name)) : [],
    index: isKey ? cut(each.usingIndex?.name) : "",
    references: isForeign ? name(each.references) : [],
    referenced: isForeign ? each.referencedColumns.map((column) => cut(column.name)) : [],
    onDelete: isForeign ? each.onDelete : "",
    onUpdate: isForeign ? each.onUpdate : "",
    deferrable: each.deferrable,
    deferred: each.initiallyDeferred,
    skips: each.notValid || each.notEnforced,
    noInherit: each.noInherit,
    nullsNotDistinct: isKey && each.nullsNotDistinct,
    overlaps: isKey && each.withoutOverlaps,
    tablespace: isKey ? cut(each.tablespace?.name) : "",
  };
}
