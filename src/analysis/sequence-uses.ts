import { type Call, type Expression, walkExpression } from "../model/expression.ts";
import { nameOf } from "../sql/names.ts";
import { isNameToken, tokenize } from "../sql/tokens.ts";
import type { Relation } from "./entities.ts";
import type { Schema } from "./schema/known-schema.ts";

interface Name {
  readonly schema: string | null;
  readonly name: string;
}

/** Sequences that nextval(), setval() and currval() of the expression name in a literal. */
export function sequenceUses(
  expression: Expression,
  isMeant: (type: string) => boolean = () => true,
): readonly Name[] {
  return argumentsOf(expression, isMeant).flatMap((argument) => nameIn(argument) ?? []);
}

/** Those that it is bound to: a name that is looked up by text when it runs can go. */
export function sequenceBindings(expression: Expression): readonly Name[] {
  return sequenceUses(expression, (type) => type !== "text" && type !== "varchar");
}

/** The sequences of columns that they ask for by pg_get_serial_sequence(), as far as the schema knows them. */
export function ownedSequenceUses(expression: Expression, schema: Schema): readonly Relation[] {
  return argumentsOf(expression).flatMap((argument) => {
    if (argument?.kind !== "call" || argument.name !== "pg_get_serial_sequence") return [];
    const [table, column] = [nameIn(argument.arguments[0]), literalOf(argument.arguments[1])];
    const found = table === null ? undefined : schema.findTable(table);
    return found === undefined
      ? []
      : schema.sequencesOf(found.id).filter(({ ownedBy }) => ownedBy?.column === column);
  });
}

/** What nextval(), setval() and currval() are called with. */
function argumentsOf(
  expression: Expression,
  isMeant: (type: string) => boolean = () => true,
): readonly (Expression | undefined)[] {
  const found: (Expression | undefined)[] = [];
  walkExpression(expression, (node) => {
    if (node.kind !== "call" || !isSequenceCall(node)) return;
    const first = node.arguments[0];
    if (first?.kind === "cast" && !isMeant(first.type.name)) return;
    found.push(first?.kind === "cast" ? first.argument : first);
  });
  return found;
}

function isSequenceCall(call: Call): boolean {
  return ["nextval", "setval", "currval"].includes(call.name);
}

/** The relation that a node binds to by a literal: `nextval('s')`, `'app.t'::regclass`. */
export function boundRelation(node: Expression): Name | null {
  if (node.kind === "cast")
    return isRegclass(node) && node.argument.kind === "constant" ? nameIn(node.argument) : null;
  if (node.kind !== "call" || !binders.has(node.name)) return null;
  const [first] = node.arguments;
  return first?.kind === "constant" ? nameIn(first) : null;
}

const binders: ReadonlySet<string> = new Set(["nextval", "setval", "currval"]);

function isRegclass({ type }: Extract<Expression, { kind: "cast" }>): boolean {
  return type.name === "regclass" && type.dimensions === 0;
}

function literalOf(expression: Expression | undefined): string | null {
  const value = expression?.kind === "cast" ? expression.argument : expression;
  return value?.kind === "constant" && value.type === "string" ? value.value : null;
}

/** `app.s`, `"App"."S"`: the name in a literal of type regclass. */
function nameIn(expression: Expression | undefined): Name | null {
  const value = literalOf(expression);
  if (value === null) return null;
  const parts = tokenize(value).filter(isNameToken);
  const [first, second] = parts.map((token) => nameOf(value, token));
  if (first === undefined || parts.length > 2) return null;
  return second === undefined ? { schema: null, name: first } : { schema: first, name: second };
}
