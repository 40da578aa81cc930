import type { Expression } from "../../model/expression.ts";
import { typeSql } from "../../model/render.ts";
import { quoteName } from "../../sql/names.ts";
import { tokensIn } from "../../sql/tokens.ts";
import { labelOf } from "../effect.ts";
import type {
  Column,
  Index,
  Relation,
  Sequence,
  Table,
  TableConstraint,
  UserFunction,
  UserType,
  View,
} from "../entities.ts";
import type { Schema } from "./known-schema.ts";

/** Something that a schema holds, in words and in a form in which two of its kind can be compared. */
export interface Part {
  /** `table orders`, `column note of orders`. */
  readonly words: string;
  /** What it lies in: where that is told of, it need not be. */
  readonly owner: string | null;
  /** What it is like: each facet in words, with a text to compare; null where that is not known. */
  readonly facets: Readonly<Record<string, string | null>>;
  /** Whether a statement of the history made it, or may have: IF NOT EXISTS and OR REPLACE may find one. Else it is assumed. */
  readonly made: "surely" | "perhaps" | "never";
}

type Parts = ReadonlyMap<string, Part>;

/** The parts of a relation, by keys that say what it is called. */
export function partsOfRelation(relation: Relation, schema: Schema): Parts {
  const parts = new Map<string, Part>();
  switch (relation.kind) {
    case "index":
      parts.set(...indexPart(relation, schema));
      break;
    case "sequence":
      parts.set(...sequencePart(relation, schema));
      break;
    case "view":
    case "materialized view":
      parts.set(...viewPart(relation));
      break;
    default:
      for (const [key, part] of tableParts(relation, schema)) parts.set(key, part);
  }
  return parts;
}

function* tableParts(table: Table, schema: Schema): Iterable<[string, Part]> {
  const name = nameOf(table);
  const owner = `relation ${labelOf(table)}`;
  const parents = [...table.inherits, ...(table.partitionOf === null ? [] : [table.partitionOf.parent])];
  const within = parents.map((id) => schema.relationById(id)?.name ?? "").sort();
  yield [
    owner,
    whole(table, `table ${name}`, {
      "row level security": String(table.rowSecurity),
      persistence: table.persistence,
      parents: within.join(),
    }),
  ];
  const inside = (words: string, facets: Part["facets"], isMade = true): Part => ({
    words: `${words} of ${name}`,
    owner,
    facets,
    made: isMade ? "surely" : "never",
  });
  for (const column of table.columns)
    yield [
      `column ${labelOf(table)}.${column.name}`,
      inside(`column ${quoteName(column.name)}`, columnFacets(column), column.origin !== null),
    ];
  for (const one of table.constraints) {
    if (one.kind === "not null") continue;
    const words = `constraint ${quoteName(one.name)}`;
    yield [
      `constraint ${labelOf(table)}.${one.name}`,
      inside(words, { definition: constraintText(one) }, one.origin !== null),
    ];
  }
  for (const { name: part, function: called, fires } of table.triggers) {
    const facets = { function: called.at(-1) ?? "", state: fires };
    yield [`trigger ${labelOf(table)}.${part}`, inside(`trigger ${quoteName(part)}`, facets)];
  }
  for (const policy of table.policies)
    yield [`policy ${labelOf(table)}.${policy.name}`, inside(`policy ${quoteName(policy.name)}`, {})];
  for (const rule of table.rules)
    yield [`rule ${labelOf(table)}.${rule}`, inside(`rule ${quoteName(rule)}`, {})];
}

function columnFacets(column: Column): Part["facets"] {
  return {
    type: column.type === null ? null : typeSql(column.type),
    "NOT NULL": column.notNull === "unknown" ? null : String(column.notNull !== "no"),
    default: column.default === null ? "" : "set",
    // What computes it may be written in many ways.
    "default value": constantOf(column.default),
    GENERATED: `${column.generated ?? ""} ${column.identity}`,
  };
}

function constraintText(constraint: TableConstraint): string | null {
  const { kind } = constraint;
  switch (kind) {
    case "check":
      return [kind, ...constraint.columns].sort().join();
    case "foreign key": {
      // What it points at may have another name by now.
      const { columns, onDelete, onUpdate } = constraint;
      return [kind, ...columns, JSON.stringify([onDelete, onUpdate])].join();
    }
    default:
      return [kind, ...constraint.columns].join();
  }
}

function indexPart(index: Index, schema: Schema): [string, Part] {
  const on = schema.relationById(index.table);
  const { method, unique, keys, including, hasExpression, isPartial } = index;
  const form = [method, unique, keys.join(), including.join(), hasExpression, isPartial];
  const words = `index ${nameOf(index)}`;
  const part = whole(index, words, { definition: form.join("|") });
  // The index of a constraint is told of as that.
  const owner =
    index.constraint === null ? ownerOf(on) : `constraint ${on && labelOf(on)}.${index.constraint}`;
  return [`relation ${labelOf(index)}`, { ...part, owner }];
}

function sequencePart(sequence: Sequence, schema: Schema): [string, Part] {
  const { ownedBy } = sequence;
  const on = ownedBy === null ? undefined : schema.relationById(ownedBy.table);
  const owner = on === undefined ? null : `column ${labelOf(on)}.${ownedBy?.column}`;
  return [`relation ${labelOf(sequence)}`, { ...whole(sequence, `sequence ${nameOf(sequence)}`, {}), owner }];
}

function viewPart(view: View): [string, Part] {
  const facets = { columns: view.outputs?.join() ?? null };
  return [`relation ${labelOf(view)}`, whole(view, `${view.kind} ${nameOf(view)}`, facets)];
}

/** A type as an entry of the list that two ends of a history are compared by: its key, and all that can differ. */
export function partOfType(type: UserType): [string, Part] {
  const facets = {
    values: type.labels.map(({ name }) => name).join(),
    attributes: type.attributes?.map((one) => `${one.name} ${typeSql(one.type)}`).join() ?? null,
    constraints: type.constraints
      .map(({ name }) => name)
      .sort()
      .join(),
    "NOT NULL": String(type.notNull),
  };
  const word = type.kind === "domain" ? "domain" : "type";
  return [`type ${labelOf(type)}`, whole(type, `${word} ${nameOf(type)}`, facets)];
}

/** The same of a function; its body counts by its words, not by its white space. */
export function partOfFunction(one: UserFunction): [string, Part] {
  const body = one.body === null ? null : wordsOf(one.body);
  const part = whole(one, `${one.kind} ${nameOf(one)}()`, { body });
  return [`function ${labelOf(one)} ${one.argumentCount}`, part];
}

function whole(
  { origin, isCertainlyNew }: { readonly origin: unknown; readonly isCertainlyNew: boolean },
  words: string,
  facets: Part["facets"],
): Part {
  const made = origin === null ? "never" : isCertainlyNew ? "surely" : "perhaps";
  return { words, owner: null, facets, made };
}

/** Comments, case and white space aside. */
function wordsOf(body: string): string {
  return tokensIn(body)
    .map(({ kind, start, end }) =>
      kind === "word" ? body.slice(start, end).toLowerCase() : body.slice(start, end),
    )
    .join(" ");
}

function ownerOf(relation: Relation | undefined): string | null {
  return relation === undefined ? null : `relation ${labelOf(relation)}`;
}

/** A constant, with or without a cast to its type. */
function constantOf(expression: Expression | null): string | null {
  const bare = expression?.kind === "cast" ? expression.argument : expression;
  return bare?.kind === "constant" ? `${bare.type} ${bare.value}` : null;
}

function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return schema === "public" ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}
