/** A statement whose rewrites, run as printed, have to end where the statement does. */
export interface RewriteCase {
  readonly id: string;
  readonly setup: string;
  readonly sql: string;
  /** The rules whose rewrites are run. */
  readonly rules: readonly string[];
  readonly version?: number;
}

const long = "a_column_whose_name_is_as_long_as_postgresql_lets_a_name_becom";

export const rewriteCases: readonly RewriteCase[] = [
  {
    id: "a foreign key whose target is called otherwise by now",
    setup: `CREATE TABLE teams (id bigint PRIMARY KEY, code text UNIQUE);
CREATE TABLE members (id bigint PRIMARY KEY, team_id bigint NOT NULL REFERENCES teams (id) ON DELETE CASCADE, team_code text, CONSTRAINT of_code FOREIGN KEY (team_code) REFERENCES public.teams (code));
ALTER TABLE teams RENAME TO "Clubs";
ALTER TABLE "Clubs" RENAME COLUMN code TO short;`,
    sql: `ALTER TABLE members RENAME COLUMN team_id TO club_id; ALTER TABLE members RENAME COLUMN team_code TO club_code;`,
    rules: ["rename-column"],
  },
  {
    id: "a column whose collation has a dot in its name",
    setup: `CREATE SCHEMA "My App";
CREATE COLLATION "My App"."nearly.C" (locale = 'C');
CREATE TABLE t (id bigint PRIMARY KEY, one text COLLATE "My App"."nearly.C", two varchar(20) COLLATE pg_catalog."C");`,
    sql: `ALTER TABLE t RENAME COLUMN one TO "One"; ALTER TABLE t RENAME COLUMN two TO "Two";`,
    rules: ["rename-column"],
  },
  {
    id: "indexes and constraints whose names are the server's choice",
    setup: "CREATE TABLE t (id bigint PRIMARY KEY, a integer, b integer);",
    sql: `ALTER TABLE t ADD UNIQUE (a) INCLUDE (b, a); CREATE INDEX ON t (b) INCLUDE (a, b); ALTER TABLE t ADD CHECK (t IS NOT NULL);`,
    rules: ["constraint-builds-index", "index-without-concurrently", "check-without-not-valid"],
  },
  {
    id: "NOT NULL of a table alone that others inherit from",
    setup:
      "CREATE TABLE base (id bigint PRIMARY KEY, n integer); CREATE TABLE heir (more integer) INHERITS (base);",
    sql: "ALTER TABLE ONLY base ALTER COLUMN n SET NOT NULL;",
    rules: ["not-null-scan"],
  },
  {
    id: "NOT NULL that nobody inherits",
    setup:
      "CREATE TABLE base (id bigint PRIMARY KEY, n integer); CREATE TABLE heir (more integer) INHERITS (base);",
    sql: "ALTER TABLE base ADD CONSTRAINT n_there NOT NULL n NO INHERIT;",
    rules: ["not-null-scan"],
    version: 18,
  },
  {
    id: "a type, and constraints that the same statement drops",
    setup: `CREATE TABLE services (id text PRIMARY KEY);
CREATE TABLE alerts (id bigint PRIMARY KEY, service_id text NOT NULL REFERENCES services, UNIQUE (service_id, id));`,
    sql: `ALTER TABLE alerts DROP CONSTRAINT alerts_service_id_fkey, DROP CONSTRAINT alerts_service_id_id_key, ALTER service_id TYPE uuid USING service_id::uuid;`,
    rules: ["column-type-change"],
  },
  {
    id: "a type, and a default that the same statement drops",
    setup: "CREATE TABLE people (id bigint PRIMARY KEY, nr serial);",
    sql: "ALTER TABLE people ALTER COLUMN nr DROP DEFAULT, ALTER COLUMN nr SET DATA TYPE text;",
    rules: ["column-type-change"],
  },
  {
    id: "a type, and another default",
    setup: "CREATE TABLE people (id bigint PRIMARY KEY, size text NOT NULL DEFAULT 'none');",
    sql: "ALTER TABLE people ALTER size DROP DEFAULT, ALTER size TYPE integer USING length(size), ALTER size SET DEFAULT 7;",
    rules: ["column-type-change"],
  },
  {
    id: "long names that are the same when they are cut",
    setup: `CREATE TABLE other (id bigint PRIMARY KEY);
CREATE TABLE t (id bigint PRIMARY KEY, ${long} integer NOT NULL CHECK (${long} > 0));
CREATE INDEX ${long}1 ON t (${long});
CREATE INDEX ${long}2 ON t (${long}, id);
ALTER TABLE t ADD CONSTRAINT ${long}3 UNIQUE (${long}, id);`,
    sql: `ALTER TABLE t ALTER COLUMN ${long} TYPE bigint;`,
    rules: ["column-type-change"],
  },
  {
    id: "the name of a column that others point at",
    setup: `CREATE TABLE kinds (id integer NOT NULL CONSTRAINT "PK" PRIMARY KEY, code text UNIQUE);
CREATE TABLE events (id bigint PRIMARY KEY, kind integer CONSTRAINT of_kind REFERENCES public.kinds (id) MATCH SIMPLE ON DELETE CASCADE, code text REFERENCES kinds (code));`,
    sql: `ALTER TABLE kinds RENAME COLUMN id TO "Nr"; ALTER TABLE kinds RENAME COLUMN code TO short;`,
    rules: ["rename-column"],
  },
  {
    id: "a type, where the index and the CHECK were written when the column had another name",
    setup: `CREATE TABLE t (id bigint PRIMARY KEY, old integer NOT NULL, note text, CONSTRAINT c CHECK (old > 0 AND note <> 'old'));
CREATE INDEX i ON t (old DESC, lower(note)) INCLUDE (id) WHERE old > 5;
ALTER TABLE t RENAME COLUMN old TO "New";`,
    sql: `ALTER TABLE t ALTER COLUMN "New" TYPE bigint;`,
    rules: ["column-type-change"],
  },
  {
    id: "tables that are dropped together, since they point at one another",
    setup: `CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a);
ALTER TABLE a ADD COLUMN b_id bigint REFERENCES b;`,
    sql: `DROP TABLE a, b;`,
    rules: ["drop-table"],
  },
  {
    id: "a table that may not be there",
    setup: "",
    sql: `CREATE SCHEMA IF NOT EXISTS old; CREATE TABLE one (id bigint); DROP TABLE IF EXISTS old.two, one; DROP TABLE IF EXISTS old.three CASCADE;`,
    rules: ["drop-table"],
  },
  {
    id: "an identity with options of its own",
    setup: `CREATE TABLE t (id bigint PRIMARY KEY, "Größe" integer);
INSERT INTO t SELECT g FROM generate_series(1, 20) g;`,
    sql: `ALTER TABLE t ADD COLUMN "ÄNr" integer GENERATED ALWAYS AS IDENTITY (START -100 /* down */ SEQUENCE NAME public."T Nr" INCREMENT BY -5 MINVALUE -100000 CACHE 3);`,
    rules: ["self-filling-column"],
  },
  {
    id: "indexes of partitions whose long names are the same when they are cut",
    setup: `CREATE TABLE ${long}t (id bigint NOT NULL, day date NOT NULL, ${long} integer) PARTITION BY RANGE (day);
CREATE TABLE ${long}1 PARTITION OF ${long}t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE ${long}2 PARTITION OF ${long}t FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');`,
    sql: `CREATE INDEX ON ${long}t (${long}, lower(${long}::text)); ALTER TABLE ${long}t ADD PRIMARY KEY (id, day);`,
    rules: ["partitioned-index", "constraint-builds-index"],
  },
  {
    id: "a key over two columns whose long names are the same when they are cut",
    setup: `CREATE TABLE t (${long}1 integer, ${long}2 integer);`,
    sql: `ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (${long}1, ${long}2);`,
    rules: ["constraint-builds-index"],
  },
  {
    id: "a column in quotes that hold what a function is quoted with",
    setup: `CREATE TABLE t (id bigint PRIMARY KEY, "a $$ b" integer NOT NULL);`,
    sql: `ALTER TABLE t RENAME COLUMN "a $$ b" TO "$$";`,
    rules: ["rename-column"],
  },
  {
    id: "NOT NULL with a name of its own",
    setup: "CREATE TABLE t (id bigint PRIMARY KEY);",
    sql: `ALTER TABLE t ADD COLUMN n integer CONSTRAINT "There it is" NOT NULL;`,
    rules: ["required-column"],
    version: 18,
  },
];
