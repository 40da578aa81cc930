import type { LockMode } from "../model/locks.ts";

export interface Session {
  /** How the next statement will run. `aborted`: after an error the server refuses everything until ROLLBACK. */
  readonly transaction: "autocommit" | "explicit" | "runner" | "implicit";
  readonly isAborted: boolean;
  /** Settings in force, lower-case names (`lock_timeout`, `statement_timeout`, `search_path`, `timezone`, ...). */
  readonly settings: ReadonlyMap<string, Setting>;
  /** Relations locked so far in the open transaction, with the strongest mode each; key: `schema.name`. */
  readonly locks: ReadonlyMap<string, HeldLock>;
}

export interface Setting {
  readonly value: string;
  /** Where it ends: with the transaction, or with the session. */
  readonly scope: "transaction" | "session" | "role" | "configured";
}

export interface HeldLock {
  readonly mode: LockMode;
  readonly relation: string;
  /** Whether the relation existed before this unit: others can wait for it. */
  readonly existed: boolean;
}
