import type { Span } from "../text/span.ts";

/** What a migration tool shows of a project: paths with "/" between their parts, and their texts. */
export interface ProjectView {
  /** Every file that is known, SQL or not; configuration files above the migrations help to tell the tool. */
  readonly paths: readonly string[];
  /** The text of a file, or null where there is none. */
  read(path: string): string | null;
  /** Whether a path is among `paths`, where somebody wants to know what is asked for. */
  has?(path: string): boolean;
}

/**
 * How a migration tool wraps what it runs.
 *
 * - `none`: every statement is sent by itself and commits by itself, as psql does
 * - `file`: the tool puts BEGIN and COMMIT around the unit
 * - `message`: the unit is sent as one message, or as one for each piece between its `breaks`; a message with more than
 *   one statement is an implicit transaction, a message with a single one is none
 * - `run`: all pending units share one transaction
 */
export type TransactionMode = "none" | "file" | "message" | "run";

export type Direction = "up" | "down" | "verify" | "repeatable";

/** What a tool runs as one: a file, the up part of a file, or a changeset. */
export interface Unit extends Span {
  readonly path: string;
  /** For people: the version or the changeset. */
  readonly name: string;
  /** What a unit and the one that takes it back have in common, and no other unit. */
  readonly pair: string;
  readonly direction: Direction;
  readonly transaction: TransactionMode;
  /** What takes the unit out of the tool's transaction, if it stands in this file. */
  readonly marker: Span | null;
  /** Offsets at which a statement ends whatever stands there, ascending: the tool's own borders. */
  readonly breaks: readonly number[];
  /** Offsets inside of bodies at which the tool ends a statement all the same, ascending. */
  readonly cuts: readonly number[];
  /** Why the tool itself refuses the unit, in words; null where it does not. */
  readonly refused: string | null;
  /** Whether the connection of the unit before goes on, always: what that one has SET for its session holds here. */
  readonly goesOn: boolean;
}

/**
 * How placeholders look: `${x}`, `{{ x }}`, psql's `:x`, `:'x'`, `:"x"`, or between marks of the project's own. `marks`: what
 * else is in use and can be nothing else, `{x}`, `$(x)`, `$%x%$`, `@x@`, `%x%`, `%(x)s`.
 */
export type PlaceholderStyle =
  | "dollar"
  | "mustache"
  | "colon"
  | "marks"
  | { readonly opens: string; readonly closes: string };

/** How a person takes a migration out of the tool's transaction. */
export interface Leaving {
  /**
   * `line`: a line in the file; `sidecar`: a file beside it; `itself`: the tool sees it, or never wraps at all;
   * `nothing`: there is no way.
   */
  readonly by: "line" | "sidecar" | "itself" | "nothing";
  /** The line to add, or the text of the sidecar. */
  readonly text: string;
  /** The line where the SQL has a body, if it is another one. */
  readonly forBody?: string;
  /** Whether the statement must then be the only one of its unit: several in one message share a transaction. */
  readonly alone: boolean;
  /** Whether a tool that leaves by itself does so for some SQL, where that depends on it; and how it is left for other. */
  readonly sees?: (sql: string) => boolean;
  readonly unseen?: string;
  /** Whether it refuses what it sees beside statements that it keeps in a transaction. */
  readonly refusesMixed?: boolean;
  /** For messages: ends "run it outside of a transaction: ...". */
  readonly words: string;
  /** What an index that is built CONCURRENTLY needs of the tool besides. */
  readonly concurrently?: string;
}

/** The lines around a statement that has semicolons in its body, where the tool would cut there. */
export interface BodyMarks {
  readonly begin: string;
  readonly end: string;
}

/** SQL files that lie together, with what lies around them. */
export interface Folder {
  readonly root: string;
  readonly files: readonly string[];
  readonly project: ProjectView;
}

/** Why a folder is thought to belong to a tool; `confidence` from 0 to 1. */
export interface Evidence {
  readonly confidence: number;
  readonly because: string;
}

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** A migration that is to follow all others of a folder. */
export interface NewMigration {
  /** Words for the file name. */
  readonly name: string;
  readonly sql: string;
  readonly transaction: boolean;
  /** SQL that takes it back, for tools that have a place for it. */
  readonly down?: string;
}

/** All that one migration tool does to files. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  /** The documentation or code that says so. */
  readonly source: string;
  readonly placeholders: readonly PlaceholderStyle[];
  readonly leaving: Leaving;
  readonly bodyMarks?: BodyMarks;
  /**
   * Whether one connection runs all pending files, for certain and with nothing reset between them: what a file has SET for
   * its session then holds in the next. A pool that happens to hand out the same connection again does not count.
   */
  readonly keepsSession: boolean;
  /**
   * The documentation or code that says that the tool compares what it has run with its file: one that has changed since,
   * if only to please a linter, stops a deployment. Null: it does not look at it again.
   */
  readonly comparesText: string | null;
  /** Whether it refuses a file without a statement. Default: no. */
  readonly needsStatement?: boolean;
  /** Whether people run the files by hand, in an order that only their names can tell. Default: no. */
  readonly isByHand?: boolean;
  /** Whether files in sub-folders belong to the same sequence. */
  readonly recursive: boolean;
  /** Whether two folders, wherever they lie, are one sequence by what the tool is told, or are none; null where nothing says it. */
  joins?(first: Folder, second: Folder): boolean | null;
  /** Whether folders that it joins are always for one database: others may list those of several. */
  readonly joinsOneDatabase?: boolean;
  detect(folder: Folder): Evidence | null;
  /** Whether a file of such a folder is one that the tool runs. */
  isMigration(path: string, folder: Folder): boolean;
  /** Whether a list of the tool's own says in which order files run; without it their names do. */
  readonly hasList?: boolean;
  /** The files that the tool runs, in its order. A down file follows its up file. */
  order(folder: Folder): readonly string[];
  /** Whether what the tool is told around the folder is for other databases alone. */
  isElsewhere?(folder: Folder): boolean;
  /** Whether all that a file holds is marked as being for another database. */
  isForOthers?(text: string): boolean;
  /** The units of a file, in the order of the file, all directions. */
  parse(text: string, path: string, project: ProjectView): readonly Unit[];
  /** How units run that are pending together, where that differs from how each runs by itself. */
  joinRun?(units: readonly Unit[], project: ProjectView): readonly Unit[];
  /** The text as SQL: same length, with placeholders and the tool's own marks replaced; as the project around it has them. */
  fill(text: string, path?: string, project?: ProjectView): string;
  /** How this project leaves the transaction, where its settings matter. */
  leavingOf?(path: string, project: ProjectView): Leaving;
  /** Where unqualified names are looked up, where the tool sets that before the file runs; null where it does not. */
  searchPath?(path: string, project: ProjectView): readonly string[] | null;
  /** The files of a migration that is to follow. */
  following(folder: Folder, migration: NewMigration): readonly NewFile[];
}

/** A folder of migrations and the tool that runs it. */
export interface Layout {
  readonly profile: Profile;
  /** Its files are those that the tool runs, in its order. */
  readonly folder: Folder;
  readonly confidence: number;
  /** What gave the tool away, for people. */
  readonly because: string;
}
