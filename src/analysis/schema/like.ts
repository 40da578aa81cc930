import type { QualifiedName, TypeDescription } from "../../model/name.ts";
import type { Table, UserType, View } from "../entities.ts";
import { addSequence } from "./columns.ts";
import { type Draft, findRelation, findType, originOf, tableById } from "./draft.ts";
import { buildIndex, planOf } from "./indexes.ts";
import { copyColumns } from "./inherit.ts";
import { indexesOf } from "./own-indexes.ts";
import { appendConstraint, blankColumn, blankTable, columnOf, tableFor } from "./tables.ts";

/** What LIKE looks at: a table, or the columns of a view or of a composite type. Undefined: nothing is known of it. */
export function likeSource(draft: Draft, name: QualifiedName): Table | undefined {
  const found = findRelation(draft, name);
  if (found === undefined) {
    const type = findType(draft, name);
    if (type?.kind !== "composite") return tableFor(draft, name);
    const { attributes } = type;
    return standIn(type, attributes ?? null);
  }
  if (found.kind !== "view" && found.kind !== "materialized view") return tableFor(draft, name);
  const types = found.outputTypes ?? [];
  return standIn(
    found,
    found.outputs?.map((output, k) => ({ name: output, type: types[k] ?? null })) ?? null,
  );
}

interface Output {
  readonly name: string;
  readonly type: TypeDescription | null;
}

/** A table with the columns of something else. It bears its id, so that the indexes of a materialized view are found. */
function standIn({ id, schema, name }: View | UserType, columns: readonly Output[] | null): Table {
  return {
    id,
    ...blankTable,
    schema,
    name,
    origin: null,
    isComplete: columns !== null,
    columns: (columns ?? []).map((column) => ({
      id,
      ...blankColumn,
      name: column.name,
      type: column.type === null ? null : { span: nowhere, ...column.type },
      origin: null,
    })),
  };
}

const nowhere = { start: 0, end: 0 };

/** What LIKE copies: columns (with NOT NULL) always, the rest as told. Index names are chosen anew. */
export function copyLike(
  draft: Draft,
  id: number,
  source: Table,
  including: readonly string[],
  part: "columns" | "indexes",
): void {
  const has = (word: string) => including.includes(word) || including.includes("ALL");
  if (part === "indexes") {
    if (has("INDEXES")) copyIndexes(draft, id, source);
    return;
  }
  copyColumns(draft, id, source, ({ calls, ...column }) => ({
    ...column,
    ...(column.isInherited && { isInherited: false }),
    default: has("DEFAULTS") ? column.default : null,
    generated: has("GENERATED") ? column.generated : null,
    generatedFrom: has("GENERATED") ? column.generatedFrom : [],
    ...(has("GENERATED") && calls && { calls }),
    identity: has("IDENTITY") && column.identity,
    isAlways: has("IDENTITY") && column.isAlways === true,
  }));
  const table = tableById(draft, id);
  if (table === undefined) return;
  for (const column of source.columns) {
    if (has("IDENTITY") && column.identity && columnOf(table, column.name) !== undefined) {
      addSequence(draft, table, column.name, { isIdentity: true });
    }
  }
  for (const constraint of source.constraints) {
    const isWanted = constraint.kind === "not null" || (constraint.kind === "check" && has("CONSTRAINTS"));
    if (!isWanted) continue;
    const validated = constraint.enforced;
    appendConstraint(draft, id, { ...constraint, validated, origin: originOf(draft) });
  }
}

function copyIndexes(draft: Draft, id: number, source: Table): void {
  for (const index of indexesOf(draft, source.id)) {
    const table = tableById(draft, id);
    if (table === undefined) continue;
    buildIndex(draft, table, { ...planOf(draft, index), name: null }, false, null);
  }
}
