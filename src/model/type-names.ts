import type { TypeDescription } from "./name.ts";
import type { ColumnDefinition } from "./table.ts";

const integers: ReadonlyMap<string, "int2" | "int4" | "int8"> = new Map([
  ["smallserial", "int2"],
  ["serial2", "int2"],
  ["serial", "int4"],
  ["serial4", "int4"],
  ["bigserial", "int8"],
  ["serial8", "int8"],
]);

/** The integer type behind `serial` and its kin, which are words that make a sequence; null for every other type. */
export function serialBase(type: TypeDescription | null): "int2" | "int4" | "int8" | null {
  return type === null || type.schema !== null ? null : (integers.get(type.name) ?? null);
}

/** Whether the column is of one of the types that make a sequence. */
export function isSerial(column: ColumnDefinition): boolean {
  return serialBase(column.type) !== null;
}

const spoken: ReadonlyMap<string, string> = new Map([
  ["int2", "smallint"],
  ["int4", "integer"],
  ["int8", "bigint"],
  ["float4", "real"],
  ["float8", "double precision"],
  ["bool", "boolean"],
  ["bpchar", "char"],
]);

/** The name that people give a type: `smallint`, not `int2`. */
export function spokenName(name: string): string {
  return spoken.get(name) ?? name;
}
