import type { WayBack } from "../analysis/schema.ts";
import type { World } from "../analysis/world.ts";
import type { Statement } from "../model/statement.ts";
import type { Loop, SyntaxErrorNode } from "../rule.ts";
import type { Span } from "../text/span.ts";
import type { NodeContext, UnitFacts } from "./context.ts";

/** Where a statement stands: in the file itself, or in a body that the file runs. */
export interface Place {
  /** The text that the statement's own spans refer to: the file's, or the SQL that a body makes. */
  readonly text: string;
  /** The same as its author spelt it: placeholders as they stand in the file. */
  readonly shown: string;
  /** The statement in the file; of a body that stands elsewhere, the call. */
  readonly span: Span;
  /** The statement of the file around it: `span` itself unless it stands in a body. */
  readonly outer: Span;
  /** From an offset of `text` to one of the file. */
  toFile(offset: number): number;
  /** 0 for a statement of the file, 1 in a DO block, 2 in a function that it calls, ... */
  readonly depth: number;
  readonly loop: Loop;
  /** Whether it stands where it may never run: in a branch, a loop or a handler. */
  readonly mayBeSkipped: boolean;
  /** Whether a handler may go on where it fails. */
  readonly mayBeCaught: boolean;
  /** The queries that the loops around it run over. */
  readonly loopOver: string;
  /** Whether it is the last statement of its unit. */
  readonly isLast: boolean;
  /** Whether it stands in the body of a routine of another file: then `span` is the call. */
  readonly isElsewhere: boolean;
  /** Whether it names variables of the body around it: outside of that body it does not run. */
  readonly usesVariables: boolean;
}

/** A statement on its way through the loop. */
export interface Visit {
  readonly statement: Statement;
  readonly world: World;
  readonly context: NodeContext;
  readonly facts: UnitFacts;
  readonly place: Place;
}

/** Who watches the statements of a judged unit: the rules, or `explain`. The loop calls it before the world moves on. */
export interface Visitor {
  statement(visit: Visit): void;
  /** COMMIT or ROLLBACK of a body has a transaction around it, or stands in a function. */
  commitRefused?(place: Place): void;
  /** When the world has moved on behind the last statement shown. */
  moved?(world: World): void;
  /** `place` is null for what lies outside of any statement. */
  syntaxError(node: SyntaxErrorNode, world: World, facts: UnitFacts, place: Place | null): void;
  /** SQL in the body of a routine that is only made: PostgreSQL refuses to make it. */
  brokenBody?(node: SyntaxErrorNode, world: World, facts: UnitFacts, place: Place): void;
  notUnderstood(span: Span, reason: string, world: World, facts: UnitFacts): void;
  /** How much has been told so far: a file is not read to the end of all patience. */
  told?(): number;
  /** After the last statement of a unit. `wayBack` tries its down: null where there is none, or nobody can tell. */
  end(world: World, facts: UnitFacts, unit: Span, wayBack: () => WayBack | null): void;
}
