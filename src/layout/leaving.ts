import type { Leaving } from "./types.ts";

const buildsConcurrently = /\b(?:index|reindex\b[^;]*)\s+concurrently\b/i;

/** How a step leaves the tool's transaction, with what else the tool needs for what the step does. */
export function leavingWords(leaving: Leaving, sql: string): string {
  const more = besides(leaving, sql);
  return more === null ? leaving.words : `${leaving.words}; ${more}`;
}

/** What a tool that leaves by itself still needs for what a step does; null: nothing. */
export function besides({ concurrently }: Leaving, sql: string): string | null {
  const built = sql.replaceAll(/\bdrop\s+index\s+concurrently\b/gi, "");
  return concurrently !== undefined && buildsConcurrently.test(built) ? concurrently : null;
}
