/**
 * Texts that nobody writes but to break something, each of about `size` characters. Work must grow with the size
 * and no faster.
 */
export const bombs: Readonly<Record<string, (size: number) => string>> = {
  "open parentheses": (size) => `SELECT ${"(".repeat(size)}`,
  "nested parentheses": (size) => `SELECT ${"(".repeat(size / 2)}1${")".repeat(size / 2)}`,
  "nested comments": (size) => `${"/*".repeat(size / 4)}${"*/".repeat(size / 4)} SELECT 1`,
  "open comments": (size) => "/* ".repeat(size / 3),
  "empty comments": (size) => "--\n".repeat(size / 3),
  "a long name": (size) => `CREATE INDEX i ON ${"a".repeat(size)} (b)`,
  "a long quoted name": (size) => `ALTER TABLE "${"a".repeat(size)}" ADD COLUMN b int NOT NULL`,
  "a long string": (size) => `COMMENT ON TABLE t IS '${"x".repeat(size)}'`,
  "a long operator": (size) => `SELECT 1 ${"+-".repeat(size / 2)} 1`,
  statements: (size) => "SELECT 1;".repeat(size / 9),
  "empty statements": (size) => ";".repeat(size),
  "broken statements": (size) => "x;".repeat(size / 2),
  NULs: (size) => "\0;".repeat(size / 2),
  "NULs in one statement": (size) => "\0".repeat(size),
  "half surrogates": (size) => "\ud800".repeat(size),
  "carriage returns": (size) => "SELECT 1;\r".repeat(size / 10),
  "dollar quotes, all different": (size) => numbered(size, (k) => `$a${k}$ `),
  "dollar quotes that close": (size) => numbered(size, (k) => `SELECT $a${k}$ $a${k}$;`),
  "dollar signs": (size) => "$ ".repeat(size / 2),
  "string parts": (size) => `SELECT ${"'a'\n".repeat(size / 4)}`,
  "strings before comments": (size) => `SELECT ${"'a' --\n".repeat(size / 7)}`,
  backslashes: (size) => `SELECT E'${"\\".repeat(size)}`,
  "meta-commands": (size) => "\\set x 1\n".repeat(size / 9),
  "meta-commands in a statement": (size) => `SELECT 1\n${"\\x\n".repeat(size / 3)}`,
  "COPY without data": (size) => "COPY t FROM stdin;\n".repeat(size / 19),
  "COPY data": (size) => `COPY t FROM stdin;\n${"1\n".repeat(size / 2)}\\.\n`,
  "psql's copy without data": (size) => "\\copy t from stdin\n".repeat(size / 19),
  "bodies that never end": (size) => "CREATE FUNCTION f() BEGIN ATOMIC CASE;".repeat(size / 38),
  dots: (size) => `SELECT ${"a.".repeat(size / 2)}a`,
  commas: (size) => `ALTER TABLE t ${"ADD a int,".repeat(size / 10)} ADD b int`,
  columns: (size) => `CREATE TABLE t (${numbered(size, (k) => `c${k} int, `)} z int)`,
  tables: (size) => numbered(size, (k) => `CREATE TABLE t${k} (a int);`),
  "indexes of one table": (size) => numbered(size, (k) => `CREATE INDEX i${k} ON t (a);`),
  "columns one by one": (size) => numbered(size, (k) => `ALTER TABLE t ADD c${k} int;`),
  "constraints of one table": (size) =>
    `CREATE TABLE t (a int);${numbered(size, (k) => `ALTER TABLE t ADD CONSTRAINT c${k} CHECK (a > ${k}) NOT VALID;`)}`,
  "keys to one table": (size) =>
    `CREATE TABLE t (a int PRIMARY KEY);${numbered(size, (k) => `CREATE TABLE t${k} (a int REFERENCES t);`)}DROP TABLE t CASCADE;`,
  partitions: (size) =>
    `CREATE TABLE t (a int) PARTITION BY LIST (a);${numbered(size, (k) => `CREATE TABLE t${k} PARTITION OF t FOR VALUES IN (${k});`)}CREATE INDEX i ON t (a);`,
  "views on views": (size) =>
    `CREATE TABLE v0 (a int);${numbered(size, (k) => `CREATE VIEW v${k + 1} AS SELECT * FROM v${k};`)}DROP TABLE v0 CASCADE;`,
  renames: (size) =>
    `CREATE TABLE t0 (a int);${numbered(size, (k) => `ALTER TABLE t${k} RENAME TO t${k + 1};`)}`,
  savepoints: (size) => `BEGIN;${numbered(size, (k) => `SAVEPOINT s${k};`)}`,
  settings: (size) => numbered(size, (k) => `SET a.b${k} = '${k}';`),
  "locks in one transaction": (size) => `BEGIN;${numbered(size, (k) => `LOCK TABLE t${k};`)}`,
  updates: (size) => numbered(size, (k) => `UPDATE t SET a = ${k};`),
  "validated constraints": (size) => numbered(size, (k) => `ALTER TABLE t VALIDATE CONSTRAINT c${k};`),
  "routines that call each other": (size) =>
    numbered(size, (k) => `CREATE FUNCTION f${k}() RETURNS void LANGUAGE sql AS $$ SELECT f${k + 1}(); $$;`),
  blocks: (size) => "DO $$ BEGIN UPDATE t SET a = 1; END $$;".repeat(size / 40),
  "nested blocks": (size) => `DO $$ ${"BEGIN ".repeat(size / 12)}${"END; ".repeat(size / 12)} $$`,
  "nested branches": (size) =>
    `DO $$ BEGIN ${"IF a THEN ".repeat(size / 20)}${"END IF; ".repeat(size / 20)} END $$`,
  "dynamic strings": (size) => `DO $$ BEGIN EXECUTE ${"'a' || ".repeat(size / 7)} 'b'; END $$`,
  "doubling strings": (size) =>
    `DO $$ DECLARE x text := 'aa'; BEGIN ${"x := x || x; ".repeat(size / 13)} EXECUTE x; END $$`,
  suppressions: (size) => "-- lockwise-ignore drop-table -- x\nSELECT 1;\n".repeat(size / 45),
  "suppressions with nothing behind": (size) => "-- lockwise-ignore drop-table -- x\n".repeat(size / 35),
  "suppressions of nothing": (size) => `-- lockwise-ignore ${"x,".repeat(size / 2)}`,
  "a suppression of a long name": (size) => `-- lockwise-ignore ${"x".repeat(size)}\nSELECT 1`,
  "a file suppressed twice": (size) =>
    `-- lockwise-ignore-file drop-table -- x\n${"-- lockwise-ignore drop-table -- x\nDROP TABLE a;DROP TABLE b;\n".repeat(size / 62)}`,
  headers: (size) => "-- atlas:nolint destructive\n".repeat(size / 28),
  ranges: (size) => "-- pgls-ignore-start lint/safety/banDropTable: x\n".repeat(size / 49),
  changesets: (size) => numbered(size, (k) => `--changeset a:${k}\n$b${k}$\n`),
  "goose blocks": (size) => "-- +goose StatementBegin\n".repeat(size / 25),
  breakpoints: (size) => "--> statement-breakpoint\n".repeat(size / 25),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders look so.
  placeholders: (size) => `SELECT ${"${x}".repeat(size / 4)} {{ a }} :b`,
  "open placeholders": (size) => "${ {{ :' ".repeat(size / 9),
  "two byte order marks": (size) => `\ufeff\ufeffSELECT 1;${" ".repeat(size)}`,
  "white space": (size) => " \n".repeat(size / 2),
};

function numbered(size: number, piece: (k: number) => string): string {
  let text = "";
  for (let k = 0; text.length < size; k++) text += piece(k);
  return text;
}
