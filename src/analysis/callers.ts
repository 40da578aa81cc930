import type { Call, Called } from "../model/expression.ts";
import { quoteName } from "../sql/names.ts";
import { type Listed, mayMean } from "./drop-arguments.ts";
import { isTable, type Relation, type Table, type Trigger, type UserFunction } from "./entities.ts";
import { isAggregate, isWindowFunction } from "./facts/aggregates.ts";
import { findBuiltIn } from "./facts/built-ins.ts";
import { visitNodes } from "./visit-nodes.ts";

/** Something of a relation that cannot be without the functions that it calls. */
export interface Caller {
  readonly kind:
    | "default"
    | "generated column"
    | "trigger"
    | "policy"
    | "constraint"
    | "partition key"
    | "index"
    | "view";
  /** Of the column, the trigger, ...; of an index or view its own. */
  readonly name: string;
  readonly calls: readonly Called[];
}

/** Before PostgreSQL 15 a generated column goes with a function that it calls, and nobody has to say CASCADE. */
export const keepsGenerated = 15;

const none: readonly never[] = [];

/** What of a relation calls functions, part by part. */
export function callersIn(relation: Relation): readonly Caller[] {
  return callersOf(relation).filter(({ calls }) => calls.length > 0);
}

function callersOf(relation: Relation): readonly Caller[] {
  if (isTable(relation)) return callersOfTable(relation);
  const { kind, name } = relation;
  if (kind === "sequence") return none;
  if (kind === "index") return [{ kind, name, calls: callsOf([relation.expressions, relation.predicate]) }];
  const hooks = relation.hooks ?? none;
  return [
    { kind: "view", name, calls: relation.calls ?? none },
    ...hooks.map((hook): Caller => ({ kind: "trigger", name: hook.name, calls: runBy(hook) })),
  ];
}

/** The function that a trigger runs. */
function runBy({ function: parts }: Pick<Trigger, "function">): readonly Called[] {
  return parts.length === 0 ? none : [{ schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "", count: 0 }];
}

function callersOfTable({
  name: table,
  columns,
  triggers,
  constraints,
  policies,
  partitionBy,
}: Table): readonly Caller[] {
  const found: Caller[] = [];
  for (const { name, default: value, calls } of columns) {
    if (value !== null) found.push({ kind: "default", name, calls: callsOf(value) });
    if (calls !== undefined) found.push({ kind: "generated column", name, calls });
  }
  for (const trigger of triggers)
    found.push({
      kind: "trigger",
      name: trigger.name,
      calls: [...runBy(trigger), ...(trigger.calls ?? none)],
    });
  for (const one of constraints)
    if (one.kind === "check")
      found.push({ kind: "constraint", name: one.name, calls: callsOf(one.expression) });
  for (const { expression } of partitionBy?.columns ?? none)
    if (expression !== null) found.push({ kind: "partition key", name: table, calls: callsOf(expression) });
  for (const { name, calls = none } of policies) found.push({ kind: "policy", name, calls });
  return found;
}

/** `default of price`, `trigger audit`: how it is told. */
export function callerWords({ kind, name }: Caller): string {
  if (kind === "partition key") return kind;
  return kind === "default" ? `default of ${quoteName(name)}` : `${kind} ${quoteName(name)}`;
}

/** The calls in expressions and queries. */
export function callsOf(value: object | null): readonly Called[] {
  const found: Called[] = [];
  visitNodes(value, (node) => {
    if (!isCall(node)) return;
    const { schema, boundTo = null, name } = node;
    found.push({ schema: schema ?? boundTo, name, count: node.arguments.length });
  });
  return found;
}

function isCall(node: { readonly kind: string }): node is Call {
  return node.kind === "call";
}

/** Whether the server, or an extension that comes with it, has a function of the name: it is found first, and never dropped. */
export function isServers(name: string): boolean {
  return findBuiltIn(name) !== undefined || isAggregate(name) || isWindowFunction(name);
}

type Answer = "surely" | "maybe" | "no";

/** Functions of a name that go, and which calls of the name are theirs; a schema of null: nobody knows where they lie. */
export interface Leaving {
  readonly schema: string | null;
  readonly name: string;
  readonly takes: (count: number) => Answer;
}

/**
 * What DROP takes of the functions that bear a name; `listed`: the arguments that it lists, null without a list. A call tells the
 * number of its arguments, not their types.
 */
export function leavingOf(
  schema: string | null,
  name: string,
  known: readonly UserFunction[],
  listed: Listed | null,
): Leaving {
  const home = known[0]?.schema ?? schema;
  const isOne = known.length < 2 && known[0]?.hasTwin !== true;
  const takes = (given: number): Answer => {
    if (isOne) return known.every((one) => mayMean(listed, one)) ? "surely" : "no";
    // One that takes so many arguments goes before those that have defaults for others.
    const exact = known.filter((one) => one.argumentCount === given);
    const takers = exact.length > 0 ? exact : known;
    const going = takers.filter((one) => mayMean(listed, one));
    if (going.length === 0) return "no";
    const isSure = exact.length === 1 && listed !== null && exact[0]?.hasTwin !== true;
    return isSure ? "surely" : "maybe";
  };
  return { schema: home, name, takes };
}

/** Them by name. */
export function groupLeaving(leaving: readonly Leaving[]): ReadonlyMap<string, readonly Leaving[]> {
  const groups = new Map<string, Leaving[]>();
  for (const one of leaving) {
    const group = groups.get(one.name);
    if (group === undefined) groups.set(one.name, [one]);
    else group.push(one);
  }
  return groups;
}

/**
 * Whether a caller calls one of the functions: that of the schema that its call is bound to, and without one that of the search
 * path. Two schemas often have functions of one name. `find`: where the path has a function of a name.
 */
export function callsAny(
  { calls }: Caller,
  leaving: ReadonlyMap<string, readonly Leaving[]>,
  path: readonly string[],
  find: (name: string) => string | undefined,
): Answer {
  let answer: Answer = "no";
  for (const call of calls) {
    for (const one of leaving.get(call.name) ?? none) {
      const schema = call.schema ?? find(call.name);
      if (schema === undefined && isServers(call.name)) continue;
      const places = schema === undefined ? path : [schema];
      if (one.schema !== null && !places.includes(one.schema)) continue;
      const taken = one.takes(call.count);
      if (taken === "surely") return taken;
      if (taken === "maybe") answer = taken;
    }
  }
  return answer;
}
