import type { PartType } from "../../model/object-types.ts";

/** What has a name of its own in a schema, and schemas themselves. */
export type GoneThing = "relation" | "type" | "function" | "statistics" | Databased;

/** What lies in no schema. */
export type Databased =
  | "schema"
  | "publication"
  | "extension"
  | "role"
  | "server"
  | "subscription"
  | "event trigger";

/** What has a name within a relation, or within a type: a value of an enum. */
export type GonePart = PartType | "value";

/** How a name went away. */
export interface Gone {
  readonly of: GoneThing | GonePart;
  /** What comes next is as new as that: what nobody could read since may have brought the name back. */
  readonly since: number;
  /** `0007_drop.sql:3`; null where nobody said. */
  readonly where: string | null;
  /** What became of the thing: `renamed to customers`, `moved to archive`; null: it was dropped. */
  readonly became: string | null;
  /** Of a function: how many arguments it took. Others of its name may be there without the history. */
  readonly argumentCount?: number;
}
