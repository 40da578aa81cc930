export interface Case {
  readonly id: string;
  readonly group: string;
  readonly setup: string;
  readonly session?: string;
  readonly sql: string | readonly string[];
}

/** What was measured of a case on one server. Work and locks are there unless it failed or could not be set up. */
export interface Result {
  readonly locks?: Readonly<Record<string, string>>;
  readonly rewrites?: readonly string[];
  readonly scans?: readonly string[];
  readonly verifies?: readonly string[];
  readonly buildsIndexes?: readonly string[];
  readonly sampled?: boolean;
  readonly inTransaction?: string;
  readonly fails?: string;
  readonly setup?: "unsupported";
}

export interface Session {
  query(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]>;
  readonly notices: string[];
}

export const PREPARE: readonly string[];
export const NEEDS_NO_TRANSACTION: readonly string[];
export function prepareCase(session: Session, setup: string): Promise<boolean>;
export function measureInTransaction(session: Session, one: Case): Promise<Result>;
