import type { Span } from "../text/span.ts";

export interface StatementBase {
  /** From the first token to the last, without the semicolon. */
  readonly span: Span;
  /** The words worth underlining when the whole statement is meant: `CREATE UNIQUE INDEX`, `DROP TABLE`. */
  readonly head: Span;
}

/** What DROP, RENAME, COMMENT ON and their kin can name. Upper-case spelling in lower case: `materialized view`. */
export type ObjectType =
  | "table"
  | "foreign table"
  | "view"
  | "materialized view"
  | "index"
  | "sequence"
  | "column"
  | "constraint"
  | "trigger"
  | "policy"
  | "rule"
  | "type"
  | "attribute"
  | "domain"
  | "domain constraint"
  | "function"
  | "procedure"
  | "routine"
  | "aggregate"
  | "operator"
  | "schema"
  | "database"
  | "tablespace"
  | "role"
  | "extension"
  | "statistics"
  | "publication"
  | "subscription"
  | "collation"
  | "cast"
  | "enum value"
  | "event trigger"
  | "server"
  | "other";

export type Persistence = "permanent" | "temporary" | "unlogged";
