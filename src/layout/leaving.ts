import type { Leaving } from "./types.ts";

const buildsConcurrently = /\b(?:index|reindex\b[^;]*)\s+concurrently\b/i;

/** How a step leaves the tool's transaction, with what else the tool needs for what the step does. */
export function leavingWords(leaving: Leaving, sql: string): string {
  const { unseen = leaving.words } = leaving;
  const words = isSeen(leaving, sql) ? leaving.words : unseen;
  const more = besides(leaving, sql);
  return more === null ? words : `${words}; ${more}`;
}

/** Whether a tool that leaves its transaction by itself does so for this SQL. */
export function isSeen({ sees }: Leaving, sql: string): boolean {
  return sees === undefined || sees(sql);
}

/** What a tool that leaves by itself still needs for what a step does; null: nothing. */
export function besides({ concurrently }: Leaving, sql: string): string | null {
  const built = sql.replaceAll(/\bdrop\s+index\s+concurrently\b/gi, "");
  return concurrently !== undefined && buildsConcurrently.test(built) ? concurrently : null;
}
