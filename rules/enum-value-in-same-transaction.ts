import type { Lock } from "../src/analysis/effect.ts";
import type { UserType } from "../src/analysis/entities.ts";
import { isInTransaction } from "../src/analysis/session.ts";
import type { Statement } from "../src/model/statement.ts";
import { type Context, defineRule, type Memory } from "../src/rule.ts";
import { quoteLiteral } from "../src/sql/names.ts";
import { isTextLiteral } from "../src/sql/text-literal.ts";
import { tokenize } from "../src/sql/tokens.ts";
import type { Span } from "../src/text/span.ts";

/** Statements in which a literal may be read as a value of an enum type. */
const users: ReadonlySet<Statement["kind"]> = new Set([
  "insert",
  "update",
  "delete",
  "merge",
  "select",
  "alter table",
  "create table",
  "create table as",
  "create index",
  "create view",
  "create policy",
  "alter policy",
  "create domain",
  "alter domain",
] as const);

/**
 * Whether the unit has added an enum value so far: most never do, and need not be looked through. Where all pending files
 * share a transaction an earlier file may have.
 */
const additions: Memory<{ isAny: boolean }> = {
  start: () => ({ isAny: false }),
  note(found, statement) {
    if (statement.kind === "alter enum" && statement.action === "add value") found.isAny = true;
  },
};

export default defineRule({
  id: "enum-value-in-same-transaction",
  severity: "error",
  category: "transaction",
  summary: "An enum value used in the transaction that added it",
  why: `
A value that ALTER TYPE ... ADD VALUE has added cannot be used before that transaction is committed: the server refuses it with
55P04, unsafe use of new value. From PostgreSQL 17 on it works where the type itself was created in the same transaction.`,
  instead: "Add the value in one migration, and use it in the next.",
  references: ["sql-altertype.html"],
  on: ["statement"],
  remembers: [additions],

  *check(statement, context) {
    if (!isInTransaction(context.session) || !users.has(statement.kind)) return;
    const fresh = freshLabels(context);
    if (fresh.size === 0) return;
    for (const token of literals(statement.span, context)) {
      const type = fresh.get(token.value);
      if (type === undefined || isElsewhere(type, context)) continue;
      yield {
        at: token.span,
        message: `PostgreSQL refuses ${quoteLiteral(token.value)} here: it was added to ${type.name} in this same transaction`,
        showsImpact: false,
        advice: "Put what uses the value into the next migration",
      };
      return;
    }
  },
});

/** The enum values that were added in the transaction that is open, with their types. */
function freshLabels(context: Context): Map<string, UserType> {
  const fresh = new Map<string, UserType>();
  if (!context.recall(additions).isAny && context.runner.mode !== "run") return fresh;
  const now = context.session.transactionNumber;
  for (const type of context.schema.types()) {
    if (type.kind !== "enum") continue;
    if (context.version >= 17 && type.origin?.transaction === now) continue;
    for (const { label, origin } of type.labels) if (origin?.transaction === now) fresh.set(label, type);
  }
  return fresh;
}

/** The literals that may be read as a value of an enum: not those that are compared as text. */
function* literals(span: Span, context: Context): Iterable<{ value: string; span: Span }> {
  const { sourceText } = context;
  const tokens = tokenize(sourceText, span.start, span.end).filter(({ kind }) => kind !== "comment");
  for (const [k, token] of tokens.entries()) {
    if (token.kind !== "string") continue;
    const text = sourceText.slice(token.start, token.end);
    if (!text.startsWith("'") || isTextLiteral(sourceText, tokens, k)) continue;
    yield { value: text.slice(1, -1).replaceAll("''", "'"), span: token };
  }
}

/** Whether INSERT, UPDATE and DELETE reach only tables that are known to have no column of the type, and do not name it. */
function isElsewhere(type: UserType, context: Context): boolean {
  const { schema, statement, statementEffects } = context;
  if (statement.kind !== "insert" && statement.kind !== "update" && statement.kind !== "delete") return false;
  const users = new Set(schema.tablesUsingType(type.id).map(({ id }) => id));
  const isFree = ({ id, kind }: Lock) => {
    const table = id === null ? undefined : schema.tableById(id);
    return kind === "index" || kind === "sequence" || (table?.isComplete === true && !users.has(table.id));
  };
  return (
    statementEffects.locks.length > 0 &&
    statementEffects.locks.every(isFree) &&
    !context.text(statement.span).toLowerCase().includes(type.name.toLowerCase())
  );
}
