import type { QualifiedName, TypeDescription } from "../model/name.ts";
import { isRoutineType } from "../model/object-types.ts";
import type { Drop, Rename } from "../model/statement.ts";
import type { Context, NodeOf } from "../rule.ts";
import { findColumn } from "./new-columns.ts";

type Clearing = Drop | Rename | NodeOf<"drop column" | "alter column type">;

/** Stands for every type: what was taken away is not known well enough. */
const every = "*";

/**
 * Notes the types that lose a user here: a column, a table, a function, another type. That is told, and a type that goes behind
 * it goes with it. What has got another name nobody calls so.
 */
export function noteTypeUsers(node: Clearing, context: Context): void {
  for (const type of typesLeft(node, context))
    context.notes.set(type === null ? every : keyOf(type, context), "");
}

/** Whether the release has taken away, or changed, what may have used the type. */
export function hasLostUsers(type: QualifiedName, context: Context): boolean {
  const named = { schema: type.schema?.name ?? null, name: type.name.name };
  return context.notes.has(every) || context.notes.has(keyOf(named, context));
}

/** One that the history does not know goes by its name. */
function keyOf(type: Named, { schema }: Context): string {
  return String(schema.findType(type)?.id ?? type.name);
}

type Named = Pick<TypeDescription, "schema" | "name">;

/** The types; null: any. */
function typesLeft(node: Clearing, context: Context): readonly (Named | null)[] {
  if (node.kind === "rename") {
    const isType = node.object === "type" || node.object === "domain";
    const schema = node.target.schema?.name ?? null;
    return isType ? [node.target.name.name, node.to.name].map((name) => ({ schema, name })) : [];
  }
  if (node.kind !== "drop") return [findColumn(context.table.table, node.column.name, context)?.type ?? null];
  if (harmless.has(node.object)) return [];
  const { schema } = context;
  return node.names.flatMap((name) => {
    if (node.object === "type" || node.object === "domain") {
      const type = schema.findType(name);
      return [...(type?.base ? [type.base] : []), ...(type?.attributes ?? []).map((one) => one.type)];
    }
    if (isRoutineType(node.object)) {
      const found = schema.findFunctions(name);
      return found.length === 0
        ? [null]
        : found.flatMap((one) => [...one.argumentTypes, ...(one.returns === null ? [] : [one.returns])]);
    }
    const table = node.object === "table" ? schema.findTable(name) : undefined;
    return table?.isComplete === true ? table.columns.map(({ type }) => type) : [null];
  });
}

/** Nothing of these is of a type. */
const harmless: ReadonlySet<Drop["object"]> = new Set([
  "index",
  "trigger",
  "policy",
  "rule",
  "sequence",
  "event trigger",
  "publication",
  "subscription",
  "statistics",
] as const);
