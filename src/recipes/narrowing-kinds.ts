import type { TypeDescription } from "../model/name.ts";
import { spokenName } from "../model/type-names.ts";
import { typeSql } from "./names.ts";

/** What may not survive a change of type. */
export interface Narrowing {
  readonly outcome: "fails" | "loses";
  /** What does not fit: `more than 10 characters`. */
  readonly what: string;
  /** What happens to it, where nothing fails: `are rounded`. */
  readonly loss: string;
  /** Which values stop the migration all the same; null: none. */
  readonly stops: string | null;
  /** A condition that finds such rows; null where the target version has none. */
  readonly query: string | null;
}

/** A change of type that the server refuses for some rows; `query` finds them. */
export function fails(what: string, query: string | null): Narrowing {
  return { outcome: "fails", what, loss: "", stops: null, query };
}

/** A change of type that drops something of some values, and may be refused for a few of them (`stops`); `query` finds them. */
export function loses(
  what: string,
  loss: string,
  query: string | null,
  stops: string | null = null,
): Narrowing {
  return { outcome: "loses", what, loss, stops, query };
}

/** The type as people write it: `smallint`, not `int2`. */
export function spokenType(type: TypeDescription): string {
  const spoken = spokenName(type.name);
  return spoken === type.name ? typeSql(type) : spoken;
}
