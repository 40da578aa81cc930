import fc from "fast-check";

/** Statements that neither see nor change what others of the list do: their findings add up. */
export const independent = [
  "CREATE INDEX i1 ON orders (status)",
  'CREATE UNIQUE INDEX i2 ON shop."Orders" (lower(code)) WHERE deleted_at IS NULL',
  "CREATE INDEX CONCURRENTLY i3 ON customers (email)",
  "ALTER TABLE a1 ADD COLUMN status text NOT NULL",
  "ALTER TABLE a2 ALTER COLUMN status SET NOT NULL",
  "ALTER TABLE a3 ALTER COLUMN total TYPE bigint, ADD COLUMN note text",
  "ALTER TABLE a4 ADD CONSTRAINT total_positive CHECK (total > 0)",
  "ALTER TABLE a5 ADD CONSTRAINT fk FOREIGN KEY (customer_id) REFERENCES customers (id)",
  "UPDATE a6 SET status = 'new'",
  "DELETE FROM a7 WHERE id = 1",
  "INSERT INTO a8 (id, note) VALUES (1, 'CREATE INDEX i ON t (c); -- not SQL')",
  "COMMENT ON TABLE orders IS $$it's; fine$$",
  "SELECT 1",
  "DROP TABLE a9",
  "TRUNCATE a10",
  "VACUUM FULL a11",
  "REINDEX TABLE a12",
  "ALTER TABLE a13 RENAME COLUMN b TO c",
  "DO $body$ BEGIN CREATE INDEX i4 ON a14 (c); END $body$",
] as const;

export const statement = fc.constantFrom(...independent);

/** Text that changes nothing where white space may stand. */
export const blank = fc.constantFrom(
  " ",
  "\n",
  "\r\n",
  "\t",
  " /* ; CREATE INDEX x ON y (z) */ ",
  " -- ; it's\n",
  "\n/* a /* b */ c */\n",
);

/** Pieces of SQL and of what is no SQL, for texts that nobody would write. */
export const piece = fc.oneof(
  statement,
  blank,
  fc.constantFrom(
    ";",
    "'",
    '"',
    "$$",
    "$a$",
    "--",
    "/*",
    "*/",
    "(",
    ")",
    "E'\\'",
    'U&"\\0041"',
    "\\connect x\n",
    "\\.",
    "COPY t FROM stdin;\n",
    "BEGIN ATOMIC",
    "END",
    "CASE",
    "CREATE FUNCTION f() RETURNS int",
    "\u0000",
    "\ufeff",
    "é",
    "🐘",
    "\ud800",
    "1.5e",
    "0x",
    ":x",
    "{{ y }}",
    "-- lockwise-ignore index-without-concurrently",
    "BEGIN;",
    "COMMIT;",
    "SET lock_timeout = '1s';",
  ),
  fc.string({ maxLength: 8 }),
);

export const rubbish = fc.array(piece, { maxLength: 14 }).map((parts) => parts.join(" "));
