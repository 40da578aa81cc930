import type { Effects, Lock } from "./analysis/effect.ts";
import type { Origin } from "./analysis/entities.ts";
import type { Schema, WayBack } from "./analysis/schema.ts";
import type { Session } from "./analysis/session.ts";
import type { BodyMarks, Leaving, TransactionMode } from "./layout/types.ts";
import type { Action, ActionKind } from "./model/action.ts";
import type { QualifiedName } from "./model/name.ts";
import type { AlterTable, Statement, StatementKind } from "./model/statement.ts";
import type { Token } from "./sql/token.ts";
import type { Edit, Span } from "./text/span.ts";

export type Severity = "error" | "warning";
export type Category = "lock" | "transaction" | "compatibility" | "data" | "error" | "loose-end" | "style";

/**
 * What a rule can look at: a statement, one action of ALTER TABLE, every statement, or the end of a file; `syntax error` is
 * a statement that is none, `suppression` an ignore comment with something wrong about it. `file` is asked once, after the
 * last statement. What only later files can tell is a {@link LooseEnd} of the statement that left it.
 */
export type NodeKind = StatementKind | ActionKind | "statement" | "syntax error" | "suppression" | "file";

/** The node that a kind stands for. */
export type NodeOf<Kind extends NodeKind> = Kind extends StatementKind
  ? Member<Statement, Kind>
  : Kind extends ActionKind
    ? Member<Action, Kind>
    : Kind extends "statement"
      ? Statement
      : Kind extends "syntax error"
        ? SyntaxErrorNode
        : Kind extends "suppression"
          ? SuppressionNode
          : FileEnd;

/** The members of a union that can be of the kind; those that stand for several kinds are narrowed to it. */
type Member<Union, Kind> = Union extends { readonly kind: infer Own }
  ? Kind extends Own
    ? Union & { readonly kind: Kind }
    : never
  : never;

/** A statement that PostgreSQL's grammar rejects. */
export interface SyntaxErrorNode {
  readonly kind: "syntax error";
  /** PostgreSQL's words: `syntax error at or near "LIMIT"`. */
  readonly message: string;
  /** The token at which the grammar gave up; empty, at the end of the statement, where it wanted more. */
  readonly at: Span;
  readonly span: Span;
  readonly tokens: readonly Token[];
  /** The text that the tokens' spans refer to. */
  readonly text: string;
  /** What only newer servers can read, where that is all. */
  readonly lacks?: { readonly what: string; readonly since: number };
}

/** An ignore comment with something wrong about it. */
export interface SuppressionNode {
  readonly kind: "suppression";
  /** The rule that tells it. */
  readonly rule: string;
  readonly at: Span;
  readonly message: string;
}

/** The node of `file`. */
export interface FileEnd {
  readonly kind: "file";
  /** What its down, run behind it, leaves undone. Null where it has none, or where nobody can tell. */
  wayBack(): WayBack | null;
  readonly path: string;
  readonly span: Span;
}

/** One migration of a rewrite. SQL that is printed has no ellipsis and parses. */
export interface Migration {
  readonly title: string;
  readonly sql: string;
  /** True: it may run in the runner's transaction. False: it must run outside of any. */
  readonly transaction: boolean;
  /** How to keep it out of the runner's transaction, in words; the engine fills it in. */
  readonly outside?: string;
  /** What must have happened before, other than the step before it: `the application writes the new column`. */
  readonly after?: string;
  /**
   * Of a change of many rows: one batch of it, for a loop in the client that runs it again and again, each time in a
   * transaction of its own, until it changes no row.
   */
  readonly loop?: string;
  /** How to take the step back, in words, where its statements alone do not tell. */
  readonly undo?: string;
  /** Its statements mean nothing one without the other: they are not taken apart, whatever one of them locks. */
  readonly whole?: boolean;
}

export interface Fix {
  readonly title: string;
  /** Edits in the same file that keep the meaning. */
  readonly edits: readonly Edit[];
}

/** What a rule yields. */
export interface Finding {
  /** The narrowest tokens worth underlining. */
  readonly at: Span;
  /** The consequence first, with the object's name and who waits. One sentence, no full stop at the end. */
  readonly message: string;
  /** Another severity than the rule's own: a warning where the answer depends on something. */
  readonly severity?: Severity;
  readonly fix?: Fix;
  readonly rewrite?: readonly Migration[];
  /** Where there is no SQL to offer: what to do instead, in plain words. */
  readonly advice?: string;
  /** False where the locks of the statement are not the point of the finding. Default: true. */
  readonly showsImpact?: boolean;
  /**
   * Told only if what the statement left open is still open later: a constraint NOT VALID, a view dropped. A function of the
   * schema just behind the statement where what that created is looked for: it has its id there.
   */
  readonly looseEnd?: LooseEnd | ((after: Schema) => LooseEnd);
}

/**
 * What a later statement may tie up. It waits, maybe with thousands of its kind, and a function keeps all that the functions
 * around it share: made by one that is told names and ids, not the context, it keeps no schema of long ago.
 */
export interface LooseEnd {
  /** When it has to be tied up: by the end of the file (or unit of a file), or of everything that is read. */
  readonly by: "file" | "history";
  /** Whether it is, in the schema of then. */
  isSettled(end: Schema): boolean;
}

export type Down = "none" | "missing" | "empty" | "there";

/**
 * `none`: no loop. `open`: nothing commits between the rounds. `rows`: nor here, and the loop runs over the rows of a query
 * or over a written list, one by one. `refused`: a COMMIT is there and the server refuses it in a transaction; `caught`: it refuses
 * it in a block with EXCEPTION. `commits`: each round commits.
 */
export type Loop = "none" | "open" | "rows" | "refused" | "caught" | "commits";

/** The world just before the node, as far as the history tells. */
export interface Context {
  /** Major version of the target server, 12 to 18. */
  readonly version: number;
  /** Whether nobody said which version runs: the target is the default. */
  readonly isVersionAssumed: boolean;
  readonly schema: Schema;
  readonly session: Session;
  /** The statement that the node belongs to; of an action its ALTER TABLE. */
  readonly statement: Statement;
  /** The ALTER TABLE around an action. Throws where there is none: ask in rules on actions only. */
  readonly table: AlterTable;
  /** What the node does, measured; computed when first asked for. */
  readonly effects: Effects;
  /** What the whole statement does; the same as `effects` unless the node is an action. */
  readonly statementEffects: Effects;
  readonly path: string;
  /** The text that all spans refer to. */
  readonly sourceText: string;
  /** The text of a span of the file: the user's own spelling. */
  text(span: Span): string;
  /** How a relation is called in messages: as the user wrote it. */
  nameOf(name: QualifiedName): string;
  /**
   * Whether the relation cannot hold rows that others wait for: created in this file (with `--since`: in this release),
   * or temporary. CREATE TABLE IF NOT EXISTS proves it where a history comes before that never named the table.
   */
  isNew(name: QualifiedName): boolean;
  /** Whether there is nothing to read or to build: it is new, or this very transaction has truncated it. */
  hasNoRows(name: QualifiedName): boolean;
  /** Whether no row of before is left in it: it has none, or this very transaction has deleted all. */
  hasLostRows(name: QualifiedName): boolean;
  /** Whether a column, type, function or relation came to be in this file (with `--since`: in this release). */
  isNewEntity(entity: { readonly origin: Origin | null; readonly isCertainlyNew?: boolean }): boolean;
  /** The statement of the file around the node: a DO block for what stands in its body, else `statement` itself. */
  readonly outer: Span;
  /** Whether the node stands in a DO block or routine, where edits of a fix have no place. */
  readonly isInBody: boolean;
  /** Whether it runs wherever its statement of the file does, and nothing there waits for it to be refused. */
  readonly isSure: boolean;
  /** Whether the body around it looks at which server runs: what others do not have it may leave out for them. */
  readonly asksVersion: boolean;
  /** Whether PostgreSQL reads it only where it gets there: a string for EXECUTE, or a routine that a body calls. */
  readonly isReadLate: boolean;
  /** Whether it stands in a loop of such a body, and whether each round of the loop commits. */
  readonly loop: Loop;
  /** Whether that loop could: one in a function cannot. */
  readonly mayCommit: boolean;
  /** The queries that the loops around it run over, as SQL; empty where there are none. */
  readonly loopOver: string;
  /** Whether nothing follows it in its unit. */
  readonly isLast: boolean;
  /** Where its unit stands in the file: what lies around is another one's. */
  readonly unitSpan: Span;
  /** What the rule has kept of the statements of the unit that ran before. The memory has to be among its `remembers`. */
  recall<Kept>(memory: Memory<Kept>): Kept;
  /** Whether nothing ran before the file, as far as anybody knows: it may be the one that makes everything. */
  readonly isStart: boolean;
  /** The way back of the unit: `none` where the runner knows no such thing, else whether it is there and says anything. */
  readonly down: Down;
  /** What the configuration declares of a relation: its number of rows, and whether traffic is heavy on it. */
  declared(name: QualifiedName): { readonly rows?: number; readonly hot?: boolean } | null;
  /** The locks of the node that others may wait for: on relations that are neither new in this file nor temporary. */
  waitedFor(): readonly Lock[];
  /** True the first time that the rule asks with this key in a file (or unit of a file). */
  isFirst(key: string): boolean;
  /** True the first time that the rule asks with this key in the transaction that is open, over all files that share it. */
  isFirstInTransaction(key: string): boolean;
  /** What the rule has noted over the files that are deployed together: one, or with `--since` all that are new. */
  readonly notes: Map<string, string>;
  /** The longest lock_timeout that the configuration allows, in seconds. */
  readonly maxLockTimeout: number;
  /** The settings of the rule in the configuration. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly runner: Runner;
}

/**
 * What a rule keeps of the statements that pass. The statements themselves are gone behind it: those of a large file do not
 * fit into memory, so it keeps no more of them than it needs.
 */
export interface Memory<Kept> {
  /** What is kept when a unit (a file, or one migration of it) begins. */
  start(): Kept;
  /** Adds a statement, behind the rules that look at it and before what stands in its body. */
  note(kept: Kept, statement: Statement): void;
}

/** Who runs the file, as far as messages and rewrites need to know. */
export interface Runner {
  /** `goose`, `Flyway`, `psql`. */
  readonly title: string;
  /** What shares a transaction in this unit. */
  readonly mode: TransactionMode;
  /** Whether the statements of a migration that says nothing of it share a transaction. */
  readonly wraps: boolean;
  /** Why the runner itself refuses the unit, in words; null where it does not. */
  readonly refused: string | null;
  /** Offsets inside of bodies at which it ends a statement all the same. */
  readonly cuts: readonly number[];
  /** How a person takes a migration out of it. */
  readonly leaving: Leaving;
  /** What has to stand around a statement with a body; null where the runner sees the end of it by itself. */
  readonly bodyMarks: BodyMarks | null;
  /** Where it has unqualified names looked up; null where it leaves that to the server. */
  readonly searchPath: readonly string[] | null;
}

export interface Rule<Kind extends NodeKind = NodeKind> {
  /** Kebab-case; the file's name, the folder of its fixtures, the word in suppressions. */
  readonly id: string;
  readonly severity: Severity | "off";
  readonly category: Category;
  /** One line: what is flagged. */
  readonly summary: string;
  /** Who waits for whom, and for how long. Markdown, a short paragraph or two. */
  readonly why: string;
  /** The safe way in words. */
  readonly instead: string;
  /** Pages of the PostgreSQL manual, from `/docs/current/` on: `sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY`. */
  readonly references: readonly string[];
  /** Ids of other linters for the same hazard. */
  readonly aliases?: readonly string[];
  /** What the configuration may tell it, by key: `[severity, { key: value }]`. Any other key is an error. */
  readonly options?: Readonly<Record<string, RuleOption>>;
  /** The first and last target version that the rule speaks about. */
  readonly versions?: { readonly from?: number; readonly to?: number };
  readonly on: readonly Kind[];
  /** What it wants to know of the statements of a unit that ran before: {@link Context.recall} gives it. */
  readonly remembers?: readonly Memory<unknown>[];
  check(node: NodeOf<Kind>, context: Context): Iterable<Finding>;
}

/** A key that the configuration may give a rule. */
export interface RuleOption {
  readonly is: "boolean" | "number" | "string";
  /** What it does, one line. */
  readonly says: string;
}

/** Declares a rule. The kinds in `on` decide what `check` is given. */
export function defineRule<const Kind extends NodeKind>(rule: Rule<Kind>): Rule<Kind> {
  return rule;
}
