/** How long a file may take, in seconds, where nobody says otherwise: a hundred megabytes need less. */
export const defaultTimeLimit = 120;

/** Watches how long the file takes that is being read. */
export interface FileClock {
  /** Seconds for each file. */
  readonly limit: number;
  path: string | null;
  /** In milliseconds since 1970. */
  until: number;
}

export function createFileClock(limit: number = defaultTimeLimit): FileClock {
  return { limit, path: null, until: Number.POSITIVE_INFINITY };
}

/** Whether the time of a file is over. It begins when a path is first asked for; asked between statements. */
export function isTimeOver(clock: FileClock, path: string): boolean {
  // To load the finer clock takes Node as long as to lint a small file.
  const now = Date.now();
  if (clock.path === path) return now > clock.until;
  clock.path = path;
  clock.until = now + clock.limit * 1000;
  return false;
}

export function renderTimeLimit({ limit }: FileClock): string {
  return `the time limit of ${limit} s for a file was reached: from here on it was not read (timeLimit in the configuration)`;
}
