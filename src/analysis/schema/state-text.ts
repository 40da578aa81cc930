import type { Relation, UserFunction, UserType } from "../entities.ts";
import { internalsOf, schemaOf } from "./folded-schema.ts";
import type { Gone } from "./gone-names.ts";
import type { Schema } from "./known-schema.ts";
import type { Made } from "./made-names.ts";
import type { State } from "./state.ts";
import { keysOf, type Trie, valuesOf } from "./trie.ts";
import { lazyTrieOf } from "./trie-build.ts";

/**
 * A schema as text, for whoever wants to know it again in another process: a line of JSON that tells what there is and
 * what it is called, then a line for each thing. A line is only read when somebody asks for what it says: of thousands
 * of tables a migration looks at a few.
 */
interface Head {
  readonly path: readonly string[];
  readonly flags: Flags;
  readonly relations: readonly number[];
  readonly types: readonly number[];
  readonly functions: readonly string[];
  readonly relationNames: Entries<number>;
  readonly typeNames: Entries<number>;
  readonly constraintNames: Entries<number>;
  readonly assumed: Entries<number>;
  readonly gone: Entries<Gone>;
  readonly made: Entries<Made>;
  readonly edges: Entries<readonly number[]>;
}

/** All of a state that is no map. */
type Flags = {
  readonly [Key in keyof State as State[Key] extends boolean | number ? Key : never]: State[Key];
};

interface Entries<Value> {
  readonly keys: readonly string[];
  readonly values: readonly Value[];
}

/**
 * The text of a schema, without a line break at its end. Null where it would have more than so many UTF-16 units: things
 * that share their parts in memory do not in a text.
 */
export function renderSchema(schema: Schema, largest: number): string | null {
  const { state, path } = internalsOf(schema);
  const {
    relations,
    types,
    functions,
    relationNames,
    typeNames,
    constraintNames,
    assumed,
    gone,
    made,
    edges,
    ...flags
  } = state;
  const head: Head = {
    path,
    flags,
    relations: keysOf(relations),
    types: keysOf(types),
    functions: keysOf(functions),
    relationNames: { keys: keysOf(relationNames), values: valuesOf(relationNames) },
    typeNames: { keys: keysOf(typeNames), values: valuesOf(typeNames) },
    constraintNames: { keys: keysOf(constraintNames), values: valuesOf(constraintNames) },
    assumed: { keys: keysOf(assumed), values: valuesOf(assumed) },
    gone: { keys: keysOf(gone), values: valuesOf(gone) },
    made: { keys: keysOf(made), values: valuesOf(made) },
    edges: { keys: keysOf(edges), values: valuesOf(edges).map((ids) => keysOf(ids)) },
  };
  const lines = [JSON.stringify(head)];
  let length = lines[0]?.length ?? 0;
  for (const things of [relations, types, functions] as readonly Trie<string | number, unknown>[]) {
    for (const thing of valuesOf(things)) {
      const line = JSON.stringify(thing);
      length += line.length + 1;
      if (length > largest) return null;
      lines.push(line);
    }
  }
  return lines.join("\n");
}

/** The schema of a text that {@link renderSchema} made. Throws where the text is another. */
export function parseSchema(text: string): Schema {
  const lines = text.split("\n");
  const head: Head = JSON.parse(lines[0] ?? "");
  let next = 1;
  const thingsOf = <Key extends string | number, Value>(keys: readonly Key[]): Trie<Key, Value> => {
    const first = next;
    next += keys.length;
    return lazyTrieOf(keys, (k) => JSON.parse(lines[first + k] ?? ""));
  };
  const state: State = {
    relations: thingsOf<number, Relation>(head.relations),
    ...head.flags,
    types: thingsOf<number, UserType>(head.types),
    functions: thingsOf<string, readonly UserFunction[]>(head.functions),
    relationNames: numbersOf(head.relationNames),
    typeNames: numbersOf(head.typeNames),
    constraintNames: numbersOf(head.constraintNames),
    assumed: numbersOf(head.assumed),
    gone: lazyTrieOf(head.gone.keys, (place) => head.gone.values[place] ?? nowhere),
    made: lazyTrieOf(head.made.keys, (place) => head.made.values[place] ?? { since: 0 }),
    edges: lazyTrieOf(head.edges.keys, (place) => lazyTrieOf(head.edges.values[place] ?? [], () => true)),
  };
  if (next !== lines.length) throw new TypeError("not the text of a schema");
  return schemaOf(state, head.path);
}

const nowhere: Gone = { of: "relation", since: 0, where: null, became: null };

function numbersOf({ keys, values }: Entries<number>): Trie<string, number> {
  return lazyTrieOf(keys, (place) => values[place] ?? 0);
}
