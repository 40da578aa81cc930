import { isTable, type Relation, type Table } from "../../src/analysis/entities.ts";

import type { Schema } from "../../src/analysis/schema.ts";
import { hold } from "./checks.ts";

/** What a schema looks up is what going through all that it has would give; what relations are parts of is there. */
export function holdSchema(schema: Schema): void {
  const relations = [...schema.relations()];
  const ids = new Set(relations.map(({ id }) => id));
  const has = (id: number, words: string) => hold(ids.has(id), `${words} is there`);
  for (const relation of relations) holdRelation(relation, has);
  for (const relation of relations) holdLookups(relation, relations, schema);
}

function holdRelation(relation: Relation, has: (id: number, words: string) => void): void {
  const { name } = relation;
  if (relation.kind === "index") {
    has(relation.table, `the table of the index ${name}`);
  } else if (relation.kind === "sequence") {
    if (relation.ownedBy !== null) has(relation.ownedBy.table, `the owner of ${name}`);
  } else if (relation.kind === "view" || relation.kind === "materialized view") {
    for (const { id } of relation.reads) if (id !== null) has(id, `what the view ${name} reads`);
  } else if (isTable(relation)) holdTable(relation, has);
}

function holdTable(table: Table, has: (id: number, words: string) => void): void {
  const { name, partitionOf, inherits, constraints, uses = [], policies } = table;
  if (partitionOf !== null) has(partitionOf.parent, `the parent of ${name}`);
  for (const parent of inherits) has(parent, `what ${name} inherits from`);
  for (const key of constraints)
    if (key.kind === "foreign key" && key.references.id !== null)
      has(key.references.id, `what ${name} references`);
  const parts = new Set(policies.map((policy) => `policy ${policy.name}`));
  for (const { part } of uses) {
    if (part.startsWith("policy ")) hold(parts.has(part), `${part} of ${name} is there`);
  }
}

function holdLookups(relation: Relation, relations: readonly Relation[], schema: Schema): void {
  const { id, name } = relation;
  const same = (found: readonly Relation[], test: (one: Relation) => boolean, words: string) => {
    const wanted = relations.filter(test).map((one) => one.id);
    hold(found.map((one) => one.id).join() === wanted.join(), `${words} of ${name}`);
  };
  same(schema.indexesOf(id), (one) => one.kind === "index" && one.table === id, "indexes");
  same(schema.partitionsOf(id), (one) => isTable(one) && one.partitionOf?.parent === id, "partitions");
  same(schema.childrenOf(id), (one) => isTable(one) && one.inherits.includes(id), "children");
  same(schema.sequencesOf(id), (one) => one.kind === "sequence" && one.ownedBy?.table === id, "sequences");
  const isReferencing = (one: Relation) =>
    isTable(one) && one.constraints.some((key) => key.kind === "foreign key" && key.references.id === id);
  same(schema.referencingTables(id), isReferencing, "referencing tables");
}
