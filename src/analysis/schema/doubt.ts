import { internalsOf, schemaOf } from "./folded-schema.ts";
import type { Schema } from "./known-schema.ts";
import { emptyTrie } from "./trie.ts";

/** The same schema behind something that nobody could read, and that may have dropped policies and rules, and views as well. */
export function withDoubt(schema: Schema, isOfViews: boolean): Schema {
  const { state, path } = internalsOf(schema);
  const { nextId } = state;
  const views = isOfViews ? { viewsDoubtedAt: nextId } : {};
  return schemaOf({ ...state, doubtedAt: nextId, ...views, unreadAt: nextId, nextId: nextId + 1 }, path);
}

/** The same schema without a word on what went away: it came before or after, nobody knows. */
export function withoutGone(schema: Schema): Schema {
  const { state, path } = internalsOf(schema);
  return state.gone.root === null ? schema : schemaOf({ ...state, gone: emptyTrie() }, path);
}

/** The same schema behind something that nobody could read, and that took nothing away, but may have made something. */
export function withUnread(schema: Schema): Schema {
  const { state, path } = internalsOf(schema);
  return schemaOf({ ...state, unreadAt: state.nextId, nextId: state.nextId + 1 }, path);
}
