import type {
  Column,
  Index,
  Relation,
  Table,
  TableConstraint,
  UserType,
} from "../../src/analysis/entities.ts";
import type { Schema } from "../../src/analysis/schema.ts";
import type { TypeDescription } from "../../src/model/name.ts";
import type { Inventory, TableLines } from "./schema-catalogue.ts";

/** What a folded schema says, in the form of the server's catalogues. */
export function takeInventory(schema: Schema): Inventory {
  const inventory = { tables: {}, indexes: {}, views: {}, sequences: {}, types: {} } as {
    tables: Record<string, TableLines>;
    indexes: Record<string, string>;
    views: Record<string, string[]>;
    sequences: Record<string, string>;
    types: Record<string, string>;
  };
  for (const relation of schema.relations()) {
    const name = `${relation.schema}.${relation.name}`;
    switch (relation.kind) {
      case "index":
        inventory.indexes[name] = describeIndex(schema, relation);
        break;
      case "sequence": {
        const table = relation.ownedBy === null ? undefined : schema.tableById(relation.ownedBy.table);
        inventory.sequences[name] = table === undefined ? "" : `${table.name}.${relation.ownedBy?.column}`;
        break;
      }
      case "view":
      case "materialized view": {
        const reads = relation.columns ?? [];
        const lines = reads.map((read) => `${schema.relationById(read.table)?.name}.${read.column}`);
        inventory.views[name] = [relation.kind === "view" ? "view" : "materialized", ...lines.sort()];
        if (relation.columns === null) inventory.views[name].push("unsure");
        break;
      }
      default:
        inventory.tables[name] = describeTable(schema, relation);
    }
  }
  for (const type of schema.types()) inventory.types[`${type.schema}.${type.name}`] = describeType(type);
  return inventory;
}

function describeTable(schema: Schema, table: Table): TableLines {
  const words = [
    table.partitionBy === null ? "" : "partitioned ",
    table.persistence === "unlogged" ? "unlogged " : "",
  ];
  const parents = [...table.inherits, ...(table.partitionOf === null ? [] : [table.partitionOf.parent])];
  return {
    kind: `${words.join("")}table${table.rowSecurity ? " rls" : ""}`,
    columns: table.columns.map((column) => describeColumn(column, table.partitionOf !== null)).sort(byName),
    constraints: table.constraints.map((constraint) => describeConstraint(schema, constraint)).sort(byName),
    parents: parents.map((id) => nameOf(schema.relationById(id))).sort(),
    parts: [
      ...table.policies.map((policy) => `policy ${policy.name}`),
      ...table.rules.map((rule) => `rule ${rule}`),
      ...table.triggers.map((trigger) => `trigger ${trigger.name}${firing[trigger.fires]}`),
    ].sort(),
  };
}

const firing = { origin: "", always: " always", replica: " replica", never: " disabled" };

function byName(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

function describeColumn(column: Column, isOfPartition: boolean): string {
  const words = [column.name, column.type === null ? "?" : describeTypeName(column.type)];
  if (column.notNull === "valid" || column.notNull === "not valid") words.push("not null");
  if (column.notNull === "unknown") words.push("maybe null");
  if (column.identity) words.push("identity");
  if (column.generated !== null) words.push(column.generated);
  if (column.default !== null) words.push("default");
  if (column.isInherited === true && !isOfPartition) words.push("inherited");
  return words.join(" ");
}

function describeTypeName(type: TypeDescription): string {
  const modifiers = type.modifiers.length === 0 ? "" : `(${type.modifiers.join(",")})`;
  return `${type.schema === null ? "" : `${type.schema}.`}${type.name}${modifiers}${type.dimensions > 0 ? "[]" : ""}`;
}

function describeConstraint(schema: Schema, constraint: TableConstraint): string {
  const columns = constraint.kind === "check" ? [...constraint.columns].sort() : constraint.columns;
  const words: string[] = [constraint.name, constraint.kind, `(${columns.join(", ")})`];
  if (!constraint.validated) words.push("not valid");
  if (!constraint.enforced) words.push("not enforced");
  if (constraint.kind === "foreign key") {
    const { id, schema: place, name } = constraint.references;
    const table = id === null ? undefined : schema.tableById(id);
    const known = table === undefined ? `${place}.${name}` : nameOf(table);
    words.push(`-> ${known} (${constraint.referencedColumns.join(", ")}) ${constraint.onDelete}`);
  }
  return words.join(" ");
}

function describeIndex(schema: Schema, index: Index): string {
  const table = schema.relationById(index.table);
  const words = [index.unique ? "unique" : "plain", index.method, "on", table?.name];
  words.push(`(${index.keys.map((key) => key ?? "(expression)").join(", ")})`);
  if (index.including.length > 0) words.push(`include (${index.including.join(", ")})`);
  if (index.isPartial) words.push("partial");
  if (!index.isValid) words.push("invalid");
  if (index.constraint !== null) words.push(`constraint ${index.constraint}`);
  if (index.partitionOf !== null) words.push(`of ${schema.relationById(index.partitionOf)?.name}`);
  return words.join(" ");
}

function describeType(type: UserType): string {
  const words = [type.kind as string, ...type.labels.map((label) => label.name)];
  if (type.base !== null) words.push(`over ${type.base.dimensions > 0 ? "_" : ""}${type.base.name}`);
  if (type.notNull) words.push("not null");
  const constraints = type.constraints.map((own) => `${own.name}${own.validated ? "" : " not valid"}`);
  return [...words, ...constraints.sort()].join(" ");
}

function nameOf(relation: Relation | undefined): string {
  return relation === undefined ? "?" : `${relation.schema}.${relation.name}`;
}
