import type { Span } from "../../text/span.ts";

/**
 * SQL inside a body, made ready for a parser: PERFORM reads SELECT, INTO targets are blank, expressions
 * stand behind a SELECT, constant strings are decoded.
 */
export interface EmbeddedSql {
  readonly sql: string;
  /** Where it comes from, in the file. */
  readonly span: Span;
  /** The place in the file of a unit of `sql`. Units of an unknown part lie in the expression that makes it. */
  toFile(offset: number): number;
  /** The stand-ins in it that may be any stretch of SQL, or none; missing where there is none. */
  readonly open?: readonly string[];
  /** What variables of the body hold there, as far as reading it in order tells. Default: nothing is known. */
  readonly values?: ReadonlyMap<string, string>;
}

interface StepBase {
  /** From the first token to the last, without the semicolon, in the file. */
  readonly span: Span;
}

/** What a body does, in the order in which it does it. Steps that touch nothing (NULL, FETCH, EXIT, ...) are left out. */
export type BodyStep =
  /** A static SQL statement; also the query of RETURN QUERY and OPEN. */
  | (StepBase & { readonly kind: "sql"; readonly sql: EmbeddedSql; readonly into: boolean })
  | (StepBase & { readonly kind: "perform" | "call"; readonly sql: EmbeddedSql })
  /** An expression that is evaluated: of an assignment, a default, RETURN, WHILE. As `SELECT expression`. */
  | (StepBase & { readonly kind: "expression" | "return"; readonly sql: EmbeddedSql | null })
  | (StepBase & {
      readonly kind: "execute";
      readonly expression: Span;
      /** The statement as far as the body tells; unknown parts are names of `unknownName`. Null: nothing is known. */
      readonly sql: EmbeddedSql | null;
      /** Whether only names and literals are unknown, so that the form of the statement is sure. */
      readonly isCertain: boolean;
      readonly into: boolean;
    })
  | (StepBase & {
      readonly kind: "branch";
      /** One for each arm but ELSE. */
      readonly conditions: readonly EmbeddedSql[];
      readonly arms: readonly (readonly BodyStep[])[];
      readonly hasElse: boolean;
    })
  | (StepBase & {
      readonly kind: "loop";
      /** What the loop runs over: `sql`, `execute` or `expression`. Null for LOOP. */
      readonly source: BodyStep | null;
      /** Of a loop over strings that are written out: the first round. */
      readonly body: readonly BodyStep[];
      /** The other rounds of such a loop. */
      readonly rounds?: readonly (readonly BodyStep[])[];
      /** Whether each statement of the body runs in each round. */
      readonly isSure?: true;
    })
  | (StepBase & {
      readonly kind: "block";
      readonly body: readonly BodyStep[];
      /** Of the block that is the whole body: all names that DECLARE and loops give to variables. */
      readonly variables?: ReadonlySet<string>;
      /** With handlers the block is a subtransaction. */
      readonly handlers: readonly {
        /** Names in lower case, or the codes of SQLSTATE. */
        readonly conditions: readonly string[];
        readonly body: readonly BodyStep[];
      }[];
    })
  | (StepBase & { readonly kind: "commit" | "rollback"; readonly chain: boolean })
  | (StepBase & {
      readonly kind: "raise";
      readonly level: string;
      /** The name of a condition or its code, as written; null where it raises again what a handler caught, or nobody can tell. */
      readonly condition: string | null;
    })
  /** What could not be read: nothing is known of it, nor of what the body does from there on. */
  | (StepBase & { readonly kind: "opaque"; readonly reason: string });

export type StepOf<Kind extends BodyStep["kind"]> = Extract<BodyStep, { readonly kind: Kind }>;

/** The steps inside of one, list by list: the arms of a branch, what a loop runs over and its body, a block and its handlers. */
export function innerSteps(step: BodyStep): readonly (readonly BodyStep[])[] {
  switch (step.kind) {
    case "branch":
      return step.arms;
    case "loop":
      return step.source === null ? [step.body] : [[step.source], step.body];
    case "block":
      return [step.body, ...step.handlers.map(({ body }) => body)];
    default:
      return [];
  }
}

/** Whether what stands behind the step in its list never runs: each way through it ends in RETURN or RAISE EXCEPTION. */
export function leaves(step: BodyStep): boolean {
  switch (step.kind) {
    case "return":
      return true;
    case "raise":
      return step.level === "exception";
    case "branch":
      return step.hasElse && step.arms.every((arm) => arm.some(leaves));
    case "block":
      return step.body.some(leaves) && step.handlers.every(({ body }) => body.some(leaves));
    default:
      return false;
  }
}

/** Whether what stands behind the step may not run: some way through it ends so. */
export function mayLeave(step: BodyStep): boolean {
  return leaves(step) || innerSteps(step).some((steps) => steps.some(mayLeave));
}
