/**
 * Measures that nobody waits for the ACCESS EXCLUSIVE lock that DROP INDEX CONCURRENTLY takes on the index in the end: by then
 * no query knows of it. An event trigger makes the moment last, and another session queries the table meanwhile.
 */
const SETUP = `
  CREATE TABLE retired (a int);
  INSERT INTO retired SELECT generate_series(1, 1000);
  CREATE INDEX retired_a ON retired (a);
  CREATE FUNCTION linger() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); END $$;
  CREATE EVENT TRIGGER linger ON sql_drop EXECUTE FUNCTION linger();`;

const HELD = `SELECT mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation
  WHERE relname = 'retired_a' AND granted AND mode = 'AccessExclusiveLock'`;

const QUERIES = `SET lock_timeout = '100ms'; SET enable_seqscan = off;
  SELECT a FROM retired WHERE a = 7; UPDATE retired SET a = 8 WHERE a = 7; INSERT INTO retired VALUES (9)`;

/**
 * @param openSession makes a new session on the server.
 * @returns null, or what was unlike it.
 */
export async function refuteRetired(openSession) {
  const [subject, other] = [await openSession(), await openSession()];
  try {
    await subject.query(SETUP);
    let isOver = false;
    const dropped = subject.query("DROP INDEX CONCURRENTLY retired_a").finally(() => {
      isOver = true;
    });
    let locks = [];
    while (locks.length === 0 && !isOver) locks = await other.query(HELD);
    if (locks.length === 0) return "DROP INDEX CONCURRENTLY was not seen with its lock on the index";
    try {
      await other.query(QUERIES);
    } catch (error) {
      return `a query waited for the index that DROP INDEX CONCURRENTLY takes away: ${error.message}`;
    }
    if (isOver) return "DROP INDEX CONCURRENTLY was over before the queries were";
    await dropped;
    return null;
  } finally {
    await subject.query("DROP EVENT TRIGGER IF EXISTS linger; DROP TABLE retired; DROP FUNCTION linger()");
    await subject.end();
    await other.end();
  }
}
