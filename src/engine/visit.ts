import type { World } from "../analysis/world.ts";
import type { Statement } from "../model/statement.ts";
import type { SyntaxErrorNode } from "../rule.ts";
import type { Span } from "../text/span.ts";
import type { NodeContext, UnitFacts } from "./context.ts";

/** A statement on its way through the loop. */
export interface Visit {
  readonly statement: Statement;
  /** The outermost statement around it: its own span, or that of the DO block that it stands in. */
  readonly outer: Span;
  readonly world: World;
  readonly context: NodeContext;
  readonly facts: UnitFacts;
  /** The text that the statement's spans refer to: the file's, or what a body makes of it. */
  readonly text: string;
  /** The statement's place in the file. */
  readonly span: Span;
  /** From an offset of `text` to one of the file. */
  toFile(offset: number): number;
}

/** Who watches the statements of a judged unit: the rules, or `explain`. The loop calls it before the world moves on. */
export interface Visitor {
  statement(visit: Visit): void;
  syntaxError(node: SyntaxErrorNode, world: World, facts: UnitFacts): void;
  notUnderstood(span: Span, reason: string, world: World, facts: UnitFacts): void;
  /** After the last statement of a unit. */
  end(world: World, facts: UnitFacts, unit: Span): void;
}
