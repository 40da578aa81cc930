import type { Expression } from "../../model/expression.ts";
import { isStandIn } from "../../model/stand-in.ts";
import type { CreateRule, CreateTrigger, Policy } from "../../model/statement.ts";
import { nameOf, truncateName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isNameToken, isWord, tokenize } from "../../sql/tokens.ts";
import { append } from "../../text/append.ts";
import { isTable, type Relation, type Table, type Trigger, type View } from "../entities.ts";
import type { PartUse, PolicyCall, PolicyClause, ViewHook } from "../table-parts.ts";
import { boundCalls, homeOf } from "./bound-calls.ts";
import { type Draft, findRelation, MAX_PARTS, relationById, takeId } from "./draft.ts";
import { dependents, putRelation } from "./draft-edits.ts";
import { clearRelation } from "./drop.ts";
import { columnsOf } from "./expressions.ts";
import { notePolicyRoles } from "./held.ts";
import { readExpression, startReading } from "./scope.ts";
import { sourceOf } from "./scope-names.ts";
import { changeTable, tableFor } from "./tables.ts";

/** Rules and triggers of a view say how rows are written through it. */
function hookView(draft: Draft, relation: Relation | undefined, hook: ViewHook): boolean {
  if (relation?.kind !== "view") return false;
  const others = (relation.hooks ?? []).filter((one) => one.kind !== hook.kind || one.name !== hook.name);
  if (others.length < MAX_PARTS) putRelation(draft, { ...relation, hooks: [...others, hook] });
  return true;
}

/** The function of a trigger, bound to the schema where it is found now. */
function boundFunction(draft: Draft, written: readonly string[]): readonly string[] {
  const [first = "", ...more] = written;
  const bound = more.length === 0 ? homeOf(draft, first) : undefined;
  return bound === undefined ? written : [bound, ...written];
}

/** CREATE TRIGGER: what it reads keeps columns and functions from being dropped. */
export function foldCreateTrigger(draft: Draft, statement: CreateTrigger): void {
  const run = boundFunction(draft, statement.function);
  const own = truncateName(statement.name.name);
  const relation = findRelation(draft, statement.table);
  if (hookView(draft, relation, { kind: "trigger", name: own, function: run })) return;
  const table = tableFor(draft, statement.table);
  if (table === undefined) return;
  const named = statement.columns.map((column) => truncateName(column.name));
  const trigger: Trigger = {
    name: own,
    columns: [...new Set([...named, ...(statement.when === null ? [] : columnsOf(statement.when))])],
    fires: "origin",
    forEachRow: statement.forEachRow,
    events: statement.events,
    ...(named.length > 0 && { isOfColumns: true }),
    ...(statement.when !== null && { hasCondition: true }),
    ...(statement.isConstraint && { isConstraint: true }),
    function: run,
    ...boundCalls(draft, statement.when),
  };
  putTrigger(draft, table.id, trigger);
}

/** Row triggers of a partitioned table are cloned for its partitions. */
function putTrigger(draft: Draft, id: number, trigger: Trigger): void {
  const table = changeTable(draft, id, (current) => ({ triggers: replaced(current.triggers, trigger) }));
  if (table === undefined || table.partitionBy === null || !trigger.forEachRow) return;
  for (const partition of dependents(draft, "partition", id)) putTrigger(draft, partition.id, trigger);
}

/** CREATE POLICY and ALTER POLICY. */
export function foldPolicy(draft: Draft, statement: Policy): void {
  const table = tableFor(draft, statement.table);
  if (table === undefined) return;
  const name = truncateName(statement.name.name);
  const part = `policy ${name}`;
  const since = sinceOf(draft);
  // ALTER POLICY replaces only the clauses that it names.
  const isAltered = statement.kind === "alter policy";
  const before = table.policies.find((policy) => policy.name === name);
  const clauses: Record<PolicyClause, readonly string[]> = { using: [], check: [] };
  const uses: PartUse[] = [];
  const calls: PolicyCall[] = [];
  for (const [clause, expression] of [
    ["using", statement.using],
    ["check", statement.withCheck],
  ] as const) {
    const isKept = isAltered && (expression === null || draft.context.mayBeSkipped === true);
    if (isKept)
      append(
        uses,
        (table.uses ?? []).filter((one) => one.part === part && one.clause === clause),
      );
    const called = isKept
      ? (before?.calls ?? []).filter((one) => one.clause === clause)
      : boundCalls(draft, expression).calls;
    append(
      calls,
      (called ?? []).map((one) => ({ clause, ...one })),
    );
    const read = expression === null ? [] : columnsRead(draft, table, expression);
    const own = read.flatMap((one) => ownColumn(table, one));
    clauses[clause] = [...new Set([...(isKept ? (before?.clauses[clause] ?? []) : []), ...own])];
    const others = read.filter((one) => one.table !== table.id);
    append(
      uses,
      others.map((one) => ({ part, clause, ...one, ...since })),
    );
  }
  const columns = [...new Set([...clauses.using, ...clauses.check])];
  const policy = { name, columns, clauses, ...(calls.length > 0 && { calls }), ...since };
  notePolicyRoles(draft, statement);
  changeTable(draft, table.id, (current) => ({
    policies: replaced(current.policies, policy),
    ...withUses(current, part, uses),
  }));
}

/** When a part comes to be, if it surely does. */
function sinceOf({ context, nextId }: Draft): { readonly since?: number } {
  return context.mayBeSkipped === true ? {} : { since: nextId };
}

function ownColumn(table: Table, read: Omit<PartUse, "part">): readonly string[] {
  return read.table === table.id && read.column !== null ? [read.column] : [];
}

/** The uses of a table with those of one part put in place of what it had. */
function withUses(
  table: Table,
  part: string,
  uses: readonly PartUse[],
): { readonly uses?: readonly PartUse[] } {
  const others = (table.uses ?? []).filter((one) => one.part !== part);
  const all = [...others, ...uses].slice(0, MAX_PARTS);
  return all.length === 0 && table.uses === undefined ? {} : { uses: all };
}

/** The columns that an expression over the table reads, in its subqueries too, and the tables of these. */
function columnsRead(draft: Draft, table: Table, expression: Expression): readonly Omit<PartUse, "part">[] {
  const reading = startReading((schema, name) => findRelation(draft, { schema, name }));
  readExpression(reading, expression, sourceOf(table, null));
  const relations = [...reading.relations.values()].flatMap(({ id }) =>
    id === null || id === table.id ? [] : [{ table: id, column: null }],
  );
  return [...relations, ...reading.columns.values()];
}

/** CREATE RULE: what its queries use keeps columns and tables from being dropped. */
export function foldCreateRule(draft: Draft, statement: CreateRule): void {
  const relation = findRelation(draft, statement.table);
  const name = truncateName(statement.name.name);
  if (hookView(draft, relation, { kind: "rule", name, function: [] })) return;
  if (relation !== undefined && !isTable(relation)) return;
  const table = tableFor(draft, statement.table);
  if (table === undefined || table.rules.length >= MAX_PARTS) return;
  if (name === "_RETURN") {
    becomeView(draft, table, statement);
    return;
  }
  const part = `rule ${name}`;
  const uses = usesOfRule(draft, table, statement).map((one) => ({ part, ...one, ...sinceOf(draft) }));
  changeTable(draft, table.id, (current) => ({
    rules: [...new Set([...current.rules, name])],
    ...withUses(current, part, uses),
  }));
}

/** Before 16, and in dumps of then, a table with a rule of this name is a view, which reads what the rule names. */
function becomeView(draft: Draft, table: Table, statement: CreateRule): void {
  const read = new Set(usesOfRule(draft, table, statement).map((use) => use.table));
  read.delete(table.id);
  clearRelation(draft, table.id);
  const { schema, name, origin, isCertainlyNew } = table;
  putRelation<View>(draft, {
    schema,
    name,
    origin,
    isCertainlyNew,
    kind: "view",
    id: takeId(draft),
    reads: [...read].flatMap((id) => relationById(draft, id) ?? []),
    columns: null,
    outputs: table.isComplete ? table.columns.map((column) => column.name) : null,
    withData: false,
  });
}

/** The columns that a rule names as those of OLD and NEW or sets, and the other tables that it names. */
function usesOfRule(draft: Draft, table: Table, statement: CreateRule): readonly Omit<PartUse, "part">[] {
  const { text } = draft.context;
  const tokens = tokenize(text, statement.table.span.end, statement.span.end);
  const nameAt = (k: number) => {
    const token = tokens[k];
    return isNameToken(token) ? nameOf(text, token) : "";
  };
  const uses = new Map<string, Omit<PartUse, "part">>();
  const note = (one: Omit<PartUse, "part">) => uses.set(`${one.table} ${one.column}`, one);
  for (const k of tokens.keys()) {
    const word = nameAt(k);
    if ((word === "old" || word === "new") && isMark(text, tokens[k + 1], "."))
      note({ table: table.id, column: nameAt(k + 2) });
    if (!["from", "into", "update", "join"].includes(word)) continue;
    const isQualified = isMark(text, tokens[k + 2], ".");
    const found = findRelation(draft, {
      schema: isQualified ? nameAt(k + 1) : null,
      name: isQualified ? nameAt(k + 3) : nameAt(k + 1),
    });
    if (found !== undefined && found.id !== table.id) note({ table: found.id, column: null });
    if (word !== "update" || !isTable(found)) continue;
    for (const column of columnsSet(text, tokens, k)) note({ table: found.id, column });
  }
  return [...uses.values()];
}

/** The columns that the UPDATE at that token sets. */
function columnsSet(text: string, tokens: readonly Token[], at: number): readonly string[] {
  const set = tokens.findIndex((token, k) => k > at && isWord(text, token, "set"));
  const found: string[] = [];
  let depth = 0;
  for (let k = set; set !== -1 && k < tokens.length; k += 1) {
    const token = tokens[k];
    if (isMark(text, token, "(")) depth += 1;
    if (isMark(text, token, ")")) depth -= 1;
    if (
      depth < 0 ||
      isMark(text, token, ";") ||
      ["where", "from", "returning"].some((word) => isWord(text, token, word))
    )
      break;
    const name = tokens[k + 1];
    const isFirst = k === set || (isMark(text, token, ",") && depth === 0);
    if (isFirst && isNameToken(name)) found.push(nameOf(text, name));
  }
  return found;
}

/** DROP TRIGGER, POLICY and RULE. A part that only the server can name may be any: then none of them is sure to be left. */
export function dropPart(
  draft: Draft,
  id: number,
  object: "trigger" | "policy" | "rule",
  name: string,
): void {
  const isKept = (own: string) => own !== name && !isStandIn(name);
  const view = relationById(draft, id);
  if (view?.kind === "view") {
    // One that only the server can name may be any: all are taken to be left.
    const hooks = view.hooks?.filter((one) => one.kind !== object || one.name !== name) ?? [];
    if (hooks.length !== (view.hooks?.length ?? 0)) putRelation(draft, { ...view, hooks });
    return;
  }
  changeTable(draft, id, (table) => {
    if (object === "trigger") return { triggers: table.triggers.filter((own) => isKept(own.name)) };
    const rest = isStandIn(name)
      ? table.uses === undefined
        ? {}
        : { uses: [] }
      : withUses(table, `${object} ${name}`, []);
    if (object === "policy") return { policies: table.policies.filter((own) => isKept(own.name)), ...rest };
    return { rules: table.rules.filter(isKept), ...rest };
  });
  if (object !== "trigger") return;
  for (const partition of dependents(draft, "partition", id)) dropPart(draft, partition.id, object, name);
}

function replaced<Part extends { readonly name: string }>(
  parts: readonly Part[],
  part: Part,
): readonly Part[] {
  const index = parts.findIndex((own) => own.name === part.name);
  if (index !== -1) return parts.with(index, part);
  return parts.length >= MAX_PARTS ? parts : [...parts, part];
}
