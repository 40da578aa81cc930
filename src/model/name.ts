import type { Span } from "../text/span.ts";

/** A name as written: folded and unquoted, never cut at 63 bytes. */
export interface Identifier {
  readonly name: string;
  readonly quoted: boolean;
  readonly span: Span;
}

/** A name that may carry its schema. `span` covers all of it. */
export interface QualifiedName {
  readonly schema: Identifier | null;
  readonly name: Identifier;
  readonly span: Span;
}

/**
 * A type as written. `name` is PostgreSQL's internal one for built-in types (`int4`, `varchar`, `bpchar`,
 * `timestamptz`, `numeric`), so that spellings compare equal; `schema` is null for those.
 */
export interface TypeDescription {
  readonly schema: string | null;
  readonly name: string;
  /** Length, precision and scale: `varchar(10)` has [10], `numeric(10,2)` [10, 2], `interval(3)` [3]. */
  readonly modifiers: readonly string[];
  /** The fields that an interval keeps, where it names them: `day to second`. */
  readonly fields?: string;
  /** 0 for a plain type, 1 for `int[]`. */
  readonly dimensions: number;
  readonly isSetOf: boolean;
  /** `table.column%TYPE`. */
  readonly isReference: boolean;
}

/** A type where a statement declares one, with the text that spells it. */
export interface TypeName extends TypeDescription {
  readonly span: Span;
}

/** An expression of the user with the text that spells it (without the parentheses that its clause demands). */
export interface Clause<Node> {
  readonly value: Node;
  readonly span: Span;
}
