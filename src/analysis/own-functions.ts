import type { Schema } from "./schema.ts";

/** Whether the history has a function of the name, which then may stand before a built-in one. */
export function isOwnFunction(schema: Schema, name: string): boolean {
  return schema.findFunctions({ schema: null, name }).length > 0;
}

/** Whether a call of SQL/JSON is, on a server that has none, one of a function that the history made. */
export function isOwnCall(schema: Schema, called: string | undefined): boolean {
  return called !== undefined && isOwnFunction(schema, called);
}
