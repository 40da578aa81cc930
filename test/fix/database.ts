/** A connection, of PGlite or of a server. */
export interface Database {
  /** Runs SQL as one message; the notices that came with it. */
  run(sql: string): Promise<readonly string[]>;
  rows<Row>(sql: string): Promise<readonly Row[]>;
}
