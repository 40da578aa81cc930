import type { Action } from "../model/action.ts";
import type { Constraint } from "../model/table.ts";
import type { Context, Migration } from "../rule.ts";
import { isWord, tokenize } from "../sql/tokens.ts";
import { append } from "../text/append.ts";
import type { Edit, Span } from "../text/span.ts";
import { alterHead, freshConstraint } from "./alter-table.ts";
import { checkRecipe } from "./check.ts";
import { foreignKeyRecipe } from "./foreign-key.ts";
import { keyRecipe } from "./key.ts";
import { notNullRecipe } from "./not-null.ts";
import { editedText, removal } from "./text.ts";

export type AddColumn = Extract<Action, { readonly kind: "add column" }>;

/** Whether the column's NOT NULL has every row read although none is written: a VIRTUAL one (18) is computed for that. */
export function isRequiredVirtual({ generated, notNull }: AddColumn["column"]): boolean {
  return generated?.stored === false && notNull !== null;
}

/** What is left out of a column for now. */
export interface Omission {
  readonly default?: boolean;
  readonly generated?: boolean;
  readonly identity?: boolean;
  readonly notNull?: boolean;
  readonly constraints?: (constraint: Constraint) => boolean;
  /** Another type instead, as SQL. */
  readonly type?: string;
}

/** `ALTER TABLE orders ADD COLUMN note text;`: the user's action without some of its parts. */
export function addColumnWithout(action: AddColumn, omission: Omission, context: Context): string {
  const { column } = action;
  const { sourceText: text } = context;
  const spans: Span[] = [];
  if (omission.default === true && column.default !== null)
    spans.push({
      start: wordBefore("default", column.default.span, column.span, text),
      end: column.default.span.end,
    });
  if (omission.generated === true && column.generated !== null)
    spans.push({
      start: wordBefore("generated", column.generated.span, column.span, text),
      end: wordAfter(["stored", "virtual"], column.generated.span, column.span, text),
    });
  if (omission.identity === true && column.identity !== null) spans.push(column.identity.span);
  if (omission.notNull === true && column.notNull !== null) spans.push(column.notNull.span);
  for (const constraint of column.constraints)
    if (omission.constraints?.(constraint) === true) spans.push(constraint.span);
  const edits: Edit[] = spans.map((span) => removal(text, span));
  if (omission.type !== undefined && column.type !== null)
    edits.push({ text: omission.type, ...column.type.span });
  return `${alterHead(context.table, context)} ${editedText(text, action.span, edits)};`;
}

/** Where the clause begins whose expression has the span. */
function wordBefore(word: string, expression: Span, within: Span, text: string): number {
  const tokens = tokenize(text, within.start, expression.start);
  return tokens.findLast((token) => isWord(text, token, word))?.start ?? expression.start;
}

/** Where it ends. */
function wordAfter(words: readonly string[], expression: Span, within: Span, text: string): number {
  const tokens = tokenize(text, expression.end, within.end);
  return tokens.find((token) => words.some((word) => isWord(text, token, word)))?.end ?? expression.end;
}

/** Which of the parts that {@link addColumnWithout} left out are to follow. */
interface Remainder {
  /** Whether NOT NULL is one of them, or needed by a primary key that is. */
  readonly isRequired: boolean;
  readonly constraints: readonly Constraint[];
}

/** NOT NULL, CHECK, foreign key, UNIQUE and PRIMARY KEY of a column whose rows have their values, each the gentle way. */
export function addRemainder(action: AddColumn, remainder: Remainder, context: Context): Migration[] {
  const { column } = action;
  const { table: statement, version } = context;
  const steps: Migration[] = [];
  if (remainder.isRequired) {
    const parts = [statement.table.name.name, column.name.name, "not_null"];
    // Before 18 NOT NULL has no name that anything keeps.
    const own = version >= 18 ? (column.notNull?.name ?? null) : null;
    const target = {
      table: context.nameOf(statement.table),
      column: context.text(column.name.span),
      constraint: own === null ? freshConstraint(parts, statement.table, context) : context.text(own.span),
      version,
    };
    append(steps, notNullRecipe(target));
  }
  for (const constraint of remainder.constraints) {
    if (constraint.kind === "check") append(steps, checkRecipe(constraint, context));
    else if (constraint.kind === "foreign key") append(steps, foreignKeyRecipe(constraint, context));
    else if (constraint.kind === "unique" || constraint.kind === "primary key")
      append(steps, keyRecipe(constraint, context));
  }
  return steps;
}
