import type { TypeName } from "../../model/name.ts";
import {
  type Cursor,
  commaSegments,
  hasMark,
  hasWords,
  spanBetween,
  spanOfRest,
  takeBracket,
  takeWords,
  tokenAt,
  wordAt,
} from "./cursor.ts";
import { readIdentifier, readParts } from "./names.ts";

/** SQL's own spellings, and the internal name that the grammar gives for each. */
const spellings = new Map([
  ["int", "int4"],
  ["integer", "int4"],
  ["smallint", "int2"],
  ["bigint", "int8"],
  ["real", "float4"],
  ["boolean", "bool"],
  ["decimal", "numeric"],
  ["dec", "numeric"],
]);

interface Bare {
  readonly schema: string | null;
  readonly name: string;
  readonly modifiers: readonly string[];
  readonly fields?: string;
}

/** The type at the cursor, which moves behind it. Names and modifiers are those that PostgreSQL's grammar gives. */
export function readType(cursor: Cursor): TypeName {
  const from = cursor.at;
  const isSetOf = takeWords(cursor, "setof");
  const bare = readBare(cursor);
  let isReference = false;
  if (hasMark(cursor, "%") && wordAt(cursor, cursor.at + 1) === "type") {
    cursor.at += 2;
    isReference = true;
  }
  const dimensions = readDimensions(cursor);
  return { dimensions, ...bare, isSetOf, isReference, span: spanBetween(cursor, from, cursor.at) };
}

function readDimensions(cursor: Cursor): number {
  if (takeWords(cursor, "array")) {
    takeBracket(cursor);
    return 1;
  }
  let dimensions = 0;
  while (hasMark(cursor, "[")) {
    takeBracket(cursor);
    dimensions++;
  }
  return dimensions;
}

function readBare(cursor: Cursor): Bare {
  // A dot makes a name of every keyword.
  const word = hasMark(cursor, ".", cursor.at + 1) ? "" : wordAt(cursor);
  switch (word) {
    case "double":
      if (!hasWords(cursor, "double", "precision")) break;
      cursor.at += 2;
      return builtIn("float8");
    case "float":
      return readFloat(cursor);
    case "national":
      if (wordAt(cursor, cursor.at + 1) !== "character" && wordAt(cursor, cursor.at + 1) !== "char") break;
      cursor.at++;
      return readCharacter(cursor);
    case "character":
    case "char":
    case "nchar":
    case "varchar":
      return readCharacter(cursor);
    case "bit":
      return readBit(cursor);
    case "timestamp":
    case "time":
      return readTime(cursor, word);
    case "interval":
      return readInterval(cursor);
  }
  const spelling = spellings.get(word);
  if (spelling !== undefined) {
    cursor.at++;
    return builtIn(spelling, readModifiers(cursor));
  }
  const parts = readParts(cursor);
  const name = parts.pop()?.name ?? "";
  const schema = parts.map((part) => part.name).join(".");
  return {
    schema: schema === "" || schema === "pg_catalog" ? null : schema,
    name,
    modifiers: readModifiers(cursor),
  };
}

function builtIn(name: string, modifiers: readonly string[] = []): Bare {
  return { schema: null, name, modifiers };
}

function readFloat(cursor: Cursor): Bare {
  cursor.at++;
  const digits = Number(readModifiers(cursor)[0] ?? "53");
  return builtIn(digits <= 24 ? "float4" : "float8");
}

function readCharacter(cursor: Cursor): Bare {
  const isVarchar = takeWords(cursor, "varchar");
  const isVarying = isVarchar || wordAt(cursor, cursor.at + 1) === "varying";
  if (!isVarchar) cursor.at += isVarying ? 2 : 1;
  const modifiers = readModifiers(cursor);
  if (isVarying) return builtIn("varchar", modifiers);
  return builtIn("bpchar", modifiers.length === 0 ? ["1"] : modifiers);
}

function readBit(cursor: Cursor): Bare {
  cursor.at++;
  const isVarying = takeWords(cursor, "varying");
  const modifiers = readModifiers(cursor);
  if (isVarying) return builtIn("varbit", modifiers);
  return builtIn("bit", modifiers.length === 0 ? ["1"] : modifiers);
}

function readTime(cursor: Cursor, word: string): Bare {
  cursor.at++;
  const modifiers = readModifiers(cursor);
  const hasZone = takeWords(cursor, "with", "time", "zone");
  if (!hasZone) takeWords(cursor, "without", "time", "zone");
  return builtIn(hasZone ? `${word}tz` : word, modifiers);
}

const intervalFields = new Set(["year", "month", "day", "hour", "minute", "second", "to"]);

function readInterval(cursor: Cursor): Bare {
  cursor.at++;
  let modifiers = readModifiers(cursor);
  const fields: string[] = [];
  while (intervalFields.has(wordAt(cursor))) {
    fields.push(wordAt(cursor));
    cursor.at++;
    if (hasMark(cursor, "(")) modifiers = readModifiers(cursor);
  }
  const bare = builtIn("interval", modifiers);
  return fields.length === 0 ? bare : { ...bare, fields: fields.join(" ") };
}

function readModifiers(cursor: Cursor): string[] {
  if (!hasMark(cursor, "(")) return [];
  const inside = takeBracket(cursor);
  return inside === null ? [] : commaSegments(inside).map(readModifier);
}

function readModifier(segment: Cursor): string {
  const token = tokenAt(segment);
  if (segment.end - segment.at === 1 && token !== undefined) return readIdentifier(segment).name;
  const span = spanOfRest(segment);
  return segment.text.slice(span.start, span.end);
}
