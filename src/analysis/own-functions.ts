import type { Schema } from "./schema.ts";

/** Whether the history has a function of the name, which then may stand before a built-in one. */
export function isOwnFunction(schema: Schema, name: string): boolean {
  return schema.findFunctions({ schema: null, name }).length > 0;
}
