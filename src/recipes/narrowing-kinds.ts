import type { TypeDescription } from "../model/name.ts";
import { typeSql } from "./names.ts";

/** What may not survive a change of type. */
export interface Narrowing {
  readonly outcome: "fails" | "loses";
  /** What does not fit: `more than 10 characters`. */
  readonly what: string;
  /** What happens to it, where nothing fails: `are rounded`. */
  readonly loss: string;
  /** A condition that finds such rows; null where the target version has none. */
  readonly query: string | null;
}

/** A change of type that the server refuses for some rows; `query` finds them. */
export function fails(what: string, query: string | null): Narrowing {
  return { outcome: "fails", what, loss: "", query };
}

/** A change of type that goes through and drops something of some values; `query` finds them. */
export function loses(what: string, loss: string, query: string | null): Narrowing {
  return { outcome: "loses", what, loss, query };
}

/** The name that people give a type which the server calls otherwise. */
const spoken: ReadonlyMap<string, string> = new Map([
  ["int2", "smallint"],
  ["int4", "integer"],
  ["int8", "bigint"],
  ["float4", "real"],
  ["float8", "double precision"],
  ["bool", "boolean"],
]);

/** The type as people write it: `smallint`, not `int2`. */
export function spokenType(type: TypeDescription): string {
  return spoken.get(type.name) ?? typeSql(type);
}
