import type { WayBack } from "../analysis/schema.ts";
import type { World } from "../analysis/world.ts";
import type { Statement } from "../model/statement.ts";
import type { SyntaxErrorNode } from "../rule.ts";
import type { Span } from "../text/span.ts";
import type { NodeContext } from "./context.ts";
import type { UnitFacts } from "./facts.ts";
import type { Place } from "./place.ts";

/** A statement on its way through the loop. */
export interface Visit {
  readonly statement: Statement;
  readonly world: World;
  readonly context: NodeContext;
  readonly facts: UnitFacts;
  readonly place: Place;
}

/** Of what stands in a body: its text where the span does not show it, since the body stands elsewhere. */
interface Inside {
  readonly sql: string | null;
}

/** Who watches the statements of a judged unit: the rules, or `explain`. The loop calls it before the world moves on. */
export interface Visitor {
  /**
   * Whether a statement that the server is sure to refuse changes nothing for those of its file behind it. Otherwise they are
   * told what they come to once somebody has put it right, as the files behind it always are.
   */
  readonly leavesRefused?: true;
  statement(visit: Visit): void;
  /** RAISE EXCEPTION of a body. */
  raised?(sqlstate: string | null, place: Place): void;
  /** Whether the bodies of the last statement of the file stop it. */
  hasStopped?(): boolean;
  /** COMMIT or ROLLBACK of a body has a transaction around it, or stands in a function or in a block with EXCEPTION. */
  commitRefused?(place: Place): void;
  /** When the world has moved on behind the last statement shown. */
  moved?(world: World): void;
  /** `place` is null for what lies outside of any statement. */
  syntaxError(node: SyntaxErrorNode, world: World, facts: UnitFacts, place: Place | null): void;
  /** SQL in the body of a routine that is only made: PostgreSQL refuses to make it. */
  brokenBody?(node: SyntaxErrorNode, world: World, facts: UnitFacts, place: Place): void;
  /** `inside` is there for what stands in a body that runs. */
  notUnderstood(span: Span, reason: string, world: World, facts: UnitFacts, inside?: Inside): void;
  /** How much has been told so far: a file is not read to the end of all patience. */
  told?(): number;
  /** After the last statement of a unit. `wayBack` tries its down: null where there is none, or nobody can tell. */
  end(world: World, facts: UnitFacts, unit: Span, wayBack: () => WayBack | null): void;
}

const pass = () => {};

/** For what runs again, or only to see what it leaves behind. */
export const unheard: Visitor = { statement: pass, syntaxError: pass, notUnderstood: pass, end: pass };

/** Whether anybody is told of what runs. */
export function isHeard(visitor: Visitor | null): boolean {
  return visitor !== null && visitor !== unheard;
}
