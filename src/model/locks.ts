/** The eight table-level lock modes, weakest first, in PostgreSQL's spelling (explicit-locking.html). */
export const lockModes = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const;

export type LockMode = (typeof lockModes)[number];

/** Which modes each mode has to wait for; the table is symmetric. Measured by test/postgres as well. */
const conflicts: Record<LockMode, readonly LockMode[]> = {
  "ACCESS SHARE": ["ACCESS EXCLUSIVE"],
  "ROW SHARE": ["EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "ROW EXCLUSIVE": ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "SHARE UPDATE EXCLUSIVE": [
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
  ],
  SHARE: ["ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "SHARE ROW EXCLUSIVE": [
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
  ],
  EXCLUSIVE: [
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
  ],
  "ACCESS EXCLUSIVE": lockModes,
};

function hasConflict(held: LockMode, wanted: LockMode): boolean {
  return conflicts[held].includes(wanted);
}

const strength = Object.fromEntries(lockModes.map((mode, rank) => [mode, rank])) as Record<LockMode, number>;

/** Whether the mode is as strong as the floor, in the order of {@link lockModes}. */
export function isAtLeast(mode: LockMode, floor: LockMode): boolean {
  return strength[mode] >= strength[floor];
}

/** The stronger of two modes. */
export function strongest(first: LockMode, second: LockMode): LockMode {
  return isAtLeast(first, second) ? first : second;
}

/** Whether a SELECT of others waits while the lock is held. */
export function blocksReads(mode: LockMode): boolean {
  return hasConflict(mode, "ACCESS SHARE");
}

/** Whether an INSERT, UPDATE or DELETE of others waits while the lock is held. */
export function blocksWrites(mode: LockMode): boolean {
  return hasConflict(mode, "ROW EXCLUSIVE");
}
