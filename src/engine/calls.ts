import type { UserFunction } from "../analysis/entities.ts";
import type { World } from "../analysis/world.ts";
import { type Call, type Expression, walkExpression } from "../model/expression.ts";
import type { Query } from "../model/query.ts";
import type { Statement } from "../model/statement.ts";
import { regclassText } from "./regclass.ts";

/** The calls of a statement that may run a routine of the migration: those in SELECT's targets and CALL. */
export function callsOf(statement: Statement): readonly Call[] {
  if (statement.kind === "call") return [statement.call];
  if (statement.kind !== "select") return [];
  const calls: Call[] = [];
  addCalls(statement.query, calls);
  return calls;
}

function addCalls(query: Query, calls: Call[]): void {
  if (query.kind !== "select") return;
  for (const { value } of query.targets) {
    walkExpression(value, (node) => {
      if (node.kind === "call") calls.push(node);
    });
  }
  for (const source of query.from)
    if (source.kind === "function" && source.call !== null) calls.push(source.call);
}

/**
 * What a routine is called with, by the names of its arguments and as `$1`: literals, strings that are defaults, and variables of
 * the body that calls it, with what they hold.
 */
export function givenValues(
  call: Call,
  { parameters, argumentTypes }: Pick<UserFunction, "parameters" | "argumentTypes">,
  world: World,
  known: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  parameters.forEach(({ name, fallback }, index) => {
    const argument = argumentFor(call, index, name);
    const given = argument === undefined ? fallback : handedOver(argument, known);
    const isRegclass = argumentTypes[index]?.name === "regclass";
    const value = isRegclass && given !== null ? regclassText(given, world) : given;
    if (value === null) return;
    if (name !== null) values.set(name, value);
    values.set(`$${index + 1}`, value);
  });
  return values;
}

/** What a call gives for a parameter; undefined where it leaves it out. */
function argumentFor(
  { arguments: all, names }: Call,
  index: number,
  parameter: string | null,
): Expression | undefined {
  // Those without a name stand before all that have one.
  if (names === undefined || names[index] === null) return all[index];
  return parameter === null ? undefined : all[names.indexOf(parameter)];
}

/** What an argument hands over, if the text or the body around the call says it. */
function handedOver(argument: Expression, known: ReadonlyMap<string, string>): string | null {
  const given = argument.kind === "cast" ? argument.argument : argument;
  switch (given.kind) {
    case "constant":
      return given.type === "string" || given.type === "integer" ? given.value : null;
    case "column":
      return known.get(given.path.join(".")) ?? null;
    case "parameter":
      return known.get(`$${given.number}`) ?? null;
    default:
      return null;
  }
}
