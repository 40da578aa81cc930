import type { Span } from "../text/span.ts";
import type { Expression } from "./expression.ts";
import type { Clause, Identifier, QualifiedName, TypeName } from "./name.ts";
import type { ColumnDefinition, Constraint, PartitionBound } from "./table.ts";

interface ActionBase {
  /** From the first word of the action to its last, without the comma. */
  readonly span: Span;
  /** The words worth underlining: `ADD COLUMN`, `ALTER COLUMN c SET NOT NULL`, `DROP CONSTRAINT`. */
  readonly head: Span;
}

/** An action on one column that needs nothing but its name. */
export interface ColumnAction extends ActionBase {
  readonly kind:
    | "drop default"
    | "set not null"
    | "drop not null"
    | "drop expression"
    | "add identity"
    | "set identity"
    | "drop identity"
    | "set statistics"
    | "set storage"
    | "set compression"
    | "set column options"
    | "reset column options";
  readonly column: Identifier;
}

/** An action on the whole table that needs no name, or whose name changes nothing in its effects. */
export interface PlainAction extends ActionBase {
  readonly kind:
    | "enable row security"
    | "disable row security"
    | "force row security"
    | "no force row security"
    | "cluster on"
    | "set without cluster"
    | "set logged"
    | "set unlogged"
    | "set without oids"
    | "enable rule"
    | "disable rule"
    | "of type"
    | "not of"
    | "owner to"
    | "set foreign options";
}

/** One action of ALTER TABLE (also of ALTER INDEX, VIEW, SEQUENCE and FOREIGN TABLE). */
export type Action =
  | ColumnAction
  | PlainAction
  | (ActionBase & {
      readonly kind: "add column";
      readonly column: ColumnDefinition;
      readonly ifNotExists: boolean;
    })
  | (ActionBase & {
      readonly kind: "drop column";
      readonly column: Identifier;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    })
  | (ActionBase & {
      readonly kind: "set default";
      readonly column: Identifier;
      readonly default: Clause<Expression>;
    })
  | (ActionBase & {
      readonly kind: "set expression";
      readonly column: Identifier;
      readonly expression: Clause<Expression>;
    })
  | (ActionBase & {
      readonly kind: "alter column type";
      readonly column: Identifier;
      readonly type: TypeName;
      readonly collation: string | null;
      readonly using: Clause<Expression> | null;
    })
  | (ActionBase & { readonly kind: "add constraint"; readonly constraint: Constraint })
  | (ActionBase & {
      readonly kind: "alter constraint";
      readonly constraint: Identifier;
      /** Null where the action does not say. */
      readonly deferrable: boolean | null;
      readonly initiallyDeferred: boolean;
      readonly enforced: boolean | null;
      readonly inherit: boolean | null;
    })
  | (ActionBase & { readonly kind: "validate constraint"; readonly constraint: Identifier })
  | (ActionBase & {
      readonly kind: "drop constraint";
      readonly constraint: Identifier;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    })
  | (ActionBase & {
      readonly kind: "enable trigger" | "disable trigger";
      /** A name, or all triggers, or all but the internal ones of foreign keys. */
      readonly trigger: Identifier | "all" | "user";
      /** ENABLE ALWAYS and ENABLE REPLICA. */
      readonly firing: "origin" | "always" | "replica";
    })
  | (ActionBase & { readonly kind: "set options" | "reset options"; readonly options: readonly string[] })
  | (ActionBase & { readonly kind: "set access method"; readonly method: string | null })
  | (ActionBase & { readonly kind: "set tablespace"; readonly tablespace: Identifier })
  | (ActionBase & { readonly kind: "inherit" | "no inherit"; readonly parent: QualifiedName })
  | (ActionBase & {
      readonly kind: "replica identity";
      readonly identity: "default" | "full" | "nothing" | "index";
      readonly index: Identifier | null;
    })
  | (ActionBase & {
      readonly kind: "attach partition";
      readonly partition: QualifiedName;
      /** Null for ALTER INDEX ... ATTACH PARTITION. */
      readonly bound: PartitionBound | null;
    })
  | (ActionBase & {
      readonly kind: "detach partition";
      readonly partition: QualifiedName;
      readonly concurrently: boolean;
      readonly finalize: boolean;
    });

export type ActionKind = Action["kind"];
