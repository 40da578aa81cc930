/**
 * Measures what unlocked-copy says: what others write while a table is copied, and before its name is swapped, is in the old
 * table alone, in one transaction as well; and that LOCK TABLE before the copy brings it along.
 */
const SETUP = "CREATE TABLE copied (a int); INSERT INTO copied VALUES (1), (2)";
const COPY = "CREATE TABLE copied_new AS SELECT * FROM copied";
const SWAP = "ALTER TABLE copied RENAME TO copied_old; ALTER TABLE copied_new RENAME TO copied";
const LOCK = "LOCK TABLE copied IN SHARE ROW EXCLUSIVE MODE";

/**
 * @param openSession makes a new session on the server.
 * @returns null, or what was unlike it.
 */
export async function refuteLeftBehind(openSession) {
  if ((await rowsBrought(openSession, `BEGIN; ${COPY}`)) !== 0) return "a copy without a lock lost no row";
  if ((await rowsBrought(openSession, `BEGIN; ${LOCK}; ${COPY}`)) !== 1)
    return "a row was lost although the table was locked before it was copied";
  return null;
}

/** How many of the rows that another transaction wrote meanwhile are in the table after the swap: 0 or 1. */
async function rowsBrought(openSession, copy) {
  const [migration, writer] = [await openSession(), await openSession()];
  try {
    await migration.query(SETUP);
    await writer.query("BEGIN; INSERT INTO copied VALUES (3)");
    // Sent at once: either the copy waits for the lock, or the swap does.
    const swapped = migration.query(`${copy}; ${SWAP}; COMMIT`);
    while ((await writer.query("SELECT 1 FROM pg_locks WHERE NOT granted")).length === 0);
    await writer.query("COMMIT");
    await swapped;
    return (await writer.query("SELECT a FROM copied WHERE a = 3")).length;
  } finally {
    await migration.query("ROLLBACK; DROP TABLE copied, copied_old");
    await migration.end();
    await writer.end();
  }
}
