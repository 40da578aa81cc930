import type { Schema } from "../schema.ts";
import { internalsOf, schemaOf } from "./state.ts";

/** The same schema behind something that nobody could read, and that may have dropped policies and rules. */
export function withDoubt(schema: Schema): Schema {
  const { state, path } = internalsOf(schema);
  return schemaOf({ ...state, doubtedAt: state.nextId, nextId: state.nextId + 1 }, path);
}
