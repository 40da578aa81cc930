/**
 * The readers that every parser shares. They walk the tokens of one statement that a parser has accepted and give
 * the parts of the model that its words alone tell: names, types, flags and all positions. What needs a parser,
 * expressions and queries, they ask of `Values`.
 */
export * from "./locate/actions.ts";
export * from "./locate/alterations.ts";
export * from "./locate/attachments.ts";
export * from "./locate/changes.ts";
export * from "./locate/column-actions.ts";
export * from "./locate/columns.ts";
export * from "./locate/constraints.ts";
export * from "./locate/containers.ts";
export * from "./locate/cursor.ts";
export * from "./locate/definitions.ts";
export * from "./locate/extents.ts";
export * from "./locate/heads.ts";
export * from "./locate/indexes.ts";
export * from "./locate/kinds.ts";
export * from "./locate/maintenance.ts";
export * from "./locate/names.ts";
export * from "./locate/objects.ts";
export * from "./locate/routines.ts";
export * from "./locate/settings.ts";
export * from "./locate/strings.ts";
export * from "./locate/tables.ts";
export * from "./locate/types.ts";
export * from "./locate/values.ts";
