/** A change that is planned and proven. Rows are written between the set-up and the change. */
export interface PlanCase {
  readonly id: string;
  readonly setup: string;
  /** One SQL text; `n` rows and more are enough for a scan to be seen. */
  readonly rows: string;
  readonly sql: string;
  /** What the application writes: before the original, and after the first step of the plan. */
  readonly writes?: string;
  /** Columns whose values are by chance: only their being there is compared. */
  readonly chance?: readonly string[];
  /** Lines of the two catalogues that the plan says will differ. */
  readonly differs?: RegExp;
  /** The plan has this many steps. */
  readonly steps?: number;
  /** The first major that has what the plan needs. */
  readonly from?: number;
}

/** How things are called: plain, quoted in a schema, and as long as a name can be. */
export interface Naming {
  readonly id: string;
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly other: string;
}

export const namings: readonly Naming[] = [
  { id: "plain", schema: "", table: "orders", column: "total", other: "users" },
  {
    id: "quoted",
    schema: '"My App".',
    table: '"Order ""Items"""',
    column: '"Grand Total"',
    other: '"select"',
  },
  {
    id: "long",
    schema: "shop.",
    table: "a_table_whose_name_is_just_as_long_as_postgresql_lets_a_name_be",
    column: "a_column_whose_name_is_as_long_as_postgresql_lets_a_name_become",
    other: "another_table",
  },
];

/** The tables that most cases begin with: a key, a column to change, and a table to point at. */
function tables({ schema, table, column, other }: Naming, type = "integer", more = ""): string {
  const make = schema === "" ? "" : `CREATE SCHEMA ${schema.slice(0, -1)};\n`;
  return `${make}CREATE TABLE ${schema}${other} (id bigint PRIMARY KEY);
CREATE TABLE ${schema}${table} (id bigint PRIMARY KEY, ${column} ${type}, note text, user_id bigint);${more}`;
}

function rows({ schema, table, column, other }: Naming, value = "g"): string {
  return `INSERT INTO ${schema}${other} SELECT g FROM generate_series(1, 3000) g;
INSERT INTO ${schema}${table} (id, ${column}, note, user_id) SELECT g, ${value}, 'note ' || g, g FROM generate_series(1, 3000) g;`;
}

export function casesFor(naming: Naming): PlanCase[] {
  const { schema, table, column, other } = naming;
  const t = `${schema}${table}`;
  const o = `${schema}${other}`;
  const plain = { setup: tables(naming), rows: rows(naming) };
  const text = { setup: tables(naming, "text"), rows: rows(naming, "g::text") };
  const bare = (name: string) => (naming.id === "quoted" ? `"${name.toUpperCase()} x"` : name);
  return [
    {
      id: "index",
      ...plain,
      sql: `CREATE INDEX ${bare("by_total")} ON ${t} (${column} DESC NULLS LAST, note text_pattern_ops) INCLUDE (user_id) WITH (fillfactor = 70) WHERE ${column} > 5;`,
      steps: 1,
    },
    {
      id: "unique index without a name",
      ...plain,
      sql: `CREATE UNIQUE INDEX ON ${t} (${column}, (lower(note)));`,
      steps: 1,
    },
    {
      id: "index if not exists",
      ...plain,
      sql: `CREATE INDEX IF NOT EXISTS ${bare("by_note")} ON ${t} USING hash (note);`,
    },
    {
      id: "drop index",
      setup: `${tables(naming)}\nCREATE INDEX ${bare("by_total")} ON ${t} (${column});`,
      rows: rows(naming),
      sql: `DROP INDEX ${schema}${bare("by_total")};`,
      steps: 1,
    },
    {
      id: "wider type in passing",
      setup: `${tables(naming, 'varchar(50) COLLATE "C"', "\n")}CREATE INDEX ${bare("by_note")} ON ${t} (note);`,
      rows: rows(naming, "g::text"),
      sql: `ALTER TABLE ${t} DROP CONSTRAINT IF EXISTS ${bare("positive")}, DROP COLUMN IF EXISTS ${bare("nowhere")}, ALTER ${column} TYPE varchar(100) COLLATE "C", ALTER note TYPE varchar, ADD CONSTRAINT ${bare("positive")} CHECK (id > 0);`,
    },
    { id: "reindex", ...plain, sql: `REINDEX TABLE ${t};`, steps: 1 },
    {
      id: "unique",
      ...plain,
      sql: `ALTER TABLE ${t} ADD CONSTRAINT ${bare("only_once")} UNIQUE NULLS NOT DISTINCT (${column}, id) INCLUDE (note) DEFERRABLE INITIALLY DEFERRED;`,
    },
    {
      id: "unique without a name",
      ...plain,
      sql: `ALTER TABLE ${t} ADD UNIQUE (${column}) WITH (fillfactor = 60);`,
    },
    {
      id: "primary key",
      setup: tables(naming).replace("id bigint PRIMARY KEY, ", "id bigint, "),
      rows: rows(naming),
      sql: `ALTER TABLE ${t} ADD PRIMARY KEY (id, ${column});`,
    },
    {
      id: "foreign key that was altered",
      setup: `${tables(naming)}
ALTER TABLE ${t} ADD CONSTRAINT ${bare("of_user")} FOREIGN KEY (user_id) REFERENCES ${o} (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;
ALTER TABLE ${t} ALTER CONSTRAINT ${bare("of_user")} NOT DEFERRABLE;`,
      rows: rows(naming),
      sql: `ALTER TABLE ${t} DROP CONSTRAINT ${bare("of_user")}, ADD COLUMN more integer;`,
      steps: 2,
    },
    {
      id: "key in place of a key",
      setup: `${tables(naming)}
ALTER TABLE ${t} ADD CONSTRAINT ${bare("once")} UNIQUE (${column});`,
      rows: rows(naming),
      sql: `ALTER TABLE ${t} DROP COLUMN id, DROP CONSTRAINT ${bare("once")}, ADD PRIMARY KEY (${column}, user_id), ADD CONSTRAINT ${bare("once")} UNIQUE (${column}, note);`,
    },
    {
      id: "foreign key",
      ...plain,
      sql: `ALTER TABLE ${t} ADD CONSTRAINT ${bare("of_user")} FOREIGN KEY (user_id) REFERENCES ${o} (id) ON DELETE CASCADE DEFERRABLE;`,
      steps: 2,
    },
    { id: "check", ...plain, sql: `ALTER TABLE ${t} ADD CHECK (${column} > 0 AND note <> '');`, steps: 2 },
    { id: "not null", ...plain, sql: `ALTER TABLE ${t} ALTER COLUMN ${column} SET NOT NULL;` },
    {
      id: "several actions",
      ...plain,
      sql: `ALTER TABLE ${t} ADD COLUMN flag boolean NOT NULL DEFAULT false, ADD CONSTRAINT ${bare("positive")} CHECK (${column} > 0), ALTER COLUMN ${column} SET NOT NULL, ADD CONSTRAINT ${bare("of_user")} FOREIGN KEY (user_id) REFERENCES ${o}, ALTER COLUMN note SET DEFAULT 'x';`,
    },
    {
      id: "type with all that hangs on it",
      setup: `${tables(naming, `integer NOT NULL DEFAULT 7 CHECK (${column} > 0)`)}
CREATE INDEX ${bare("by_total")} ON ${t} (${column} DESC, note text_pattern_ops) WITH (fillfactor = 70) WHERE ${column} > 10;
ALTER TABLE ${t} ADD CONSTRAINT ${bare("total_once")} UNIQUE (${column}, id);
COMMENT ON COLUMN ${t}.${column} IS 'It''s in cents';`,
      rows: rows(naming),
      sql: `ALTER TABLE ${t} ALTER COLUMN ${column} TYPE bigint;`,
      writes: `INSERT INTO ${t} (id, note) VALUES (9000, 'new'); UPDATE ${t} SET ${column} = 77777 WHERE id = 5; UPDATE ${t} SET note = 'touched' WHERE id = 2999;`,
    },
    {
      id: "type of a key that others point at",
      setup:
        `${tables(naming)}\nALTER TABLE ${t} ADD CONSTRAINT ${bare("of_user")} FOREIGN KEY (user_id) REFERENCES ${o} ON DELETE CASCADE;`.replace(
          `(id bigint PRIMARY KEY);`,
          "(id serial PRIMARY KEY);",
        ),
      rows: rows(naming),
      sql: `ALTER TABLE ${o} ALTER COLUMN id SET DATA TYPE bigint;`,
      writes: `INSERT INTO ${o} (id) VALUES (4000); DELETE FROM ${o} WHERE id = 17;`,
    },
    {
      id: "type with targets and comments",
      setup: `${tables(naming)}
CREATE INDEX ${bare("by_user")} ON ${t} (user_id);
ALTER TABLE ${t} ADD CONSTRAINT ${bare("positive")} CHECK (user_id > 0);
ALTER TABLE ${t} ALTER COLUMN user_id SET STATISTICS 500, ALTER COLUMN user_id SET (n_distinct = -0.5), ALTER COLUMN user_id SET STORAGE PLAIN;
COMMENT ON INDEX ${schema}${bare("by_user")} IS 'who''s';
COMMENT ON CONSTRAINT ${bare("positive")} ON ${t} IS 'no zero';`,
      rows: rows(naming),
      sql: `ALTER TABLE ${t} ALTER COLUMN user_id TYPE numeric;`,
      writes: `UPDATE ${t} SET user_id = 1 WHERE id = 100;`,
    },
    {
      id: "type in a partitioned table",
      setup: `${tables(naming)}
DROP TABLE ${t};
CREATE TABLE ${t} (id bigint, ${column} integer NOT NULL DEFAULT 7 CHECK (${column} > 0), note text, user_id bigint, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE ${schema}${bare("low")} PARTITION OF ${t} FOR VALUES FROM (0) TO (2000);
CREATE TABLE ${schema}${bare("high")} PARTITION OF ${t} FOR VALUES FROM (2000) TO (MAXVALUE);`,
      rows: rows(naming),
      sql: `ALTER TABLE ${t} ALTER COLUMN ${column} TYPE bigint;`,
      writes: `INSERT INTO ${t} (id, note) VALUES (9000, 'new'); UPDATE ${t} SET ${column} = 77777 WHERE id = 5; UPDATE ${t} SET note = 'touched' WHERE id = 2999;`,
      from: 13,
    },
    {
      id: "type of an identity column",
      setup: tables(naming).replace(
        "(id bigint PRIMARY KEY, ",
        `(id integer GENERATED BY DEFAULT AS IDENTITY (START WITH 5000 INCREMENT BY 3 CACHE 2) PRIMARY KEY, ${bare("nr")} integer GENERATED ALWAYS AS IDENTITY, `,
      ),
      rows: rows(naming),
      sql: `ALTER TABLE ${t} ALTER COLUMN id TYPE bigint;\nALTER TABLE ${t} ALTER COLUMN ${bare("nr")} TYPE bigint;`,
      writes: `INSERT INTO ${t} (note) VALUES ('numbered'); UPDATE ${t} SET note = 'touched' WHERE id = 2999;`,
    },
    {
      id: "type by an expression",
      ...text,
      sql: `ALTER TABLE ${t} ALTER COLUMN ${column} TYPE numeric(12,2) USING (${column}::numeric / 100);`,
      writes: `INSERT INTO ${t} (id, ${column}) VALUES (9000, '12345'), (9001, NULL); UPDATE ${t} SET ${column} = '5' WHERE id = 5;`,
    },
    {
      id: "type with a default in the same statement",
      setup: tables(naming, "text DEFAULT '1' NOT NULL"),
      rows: rows(naming, "g::text"),
      sql: `ALTER TABLE ${t} ALTER COLUMN ${column} DROP DEFAULT, ALTER COLUMN ${column} TYPE integer USING ${column}::integer, ALTER COLUMN ${column} SET DEFAULT 0;`,
    },
    {
      id: "type of a foreign key's column",
      setup: `${tables(naming)}\nALTER TABLE ${t} ADD CONSTRAINT ${bare("of_user")} FOREIGN KEY (user_id) REFERENCES ${o} (id) ON UPDATE CASCADE;\nCREATE INDEX ${bare("by_user")} ON ${t} USING btree (user_id);`,
      rows: rows(naming),
      sql: `ALTER TABLE ${t} ALTER COLUMN user_id TYPE integer USING user_id::integer;`,
      writes: `UPDATE ${t} SET user_id = 1 WHERE id = 100;`,
    },
    {
      id: "volatile default",
      ...plain,
      sql: `ALTER TABLE ${t} ADD COLUMN ${bare("ref")} uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;`,
      writes: `INSERT INTO ${t} (id, note) VALUES (9000, 'new');`,
      chance: [bare("ref")],
    },
    {
      id: "serial",
      ...plain,
      sql: `ALTER TABLE ${t} ADD COLUMN ${bare("nr")} bigserial;`,
      chance: [bare("nr")],
    },
    {
      id: "serial in place of a column",
      ...plain,
      sql: `ALTER TABLE ${t} DROP COLUMN note, ADD COLUMN note bigserial;`,
      chance: ["note"],
    },
    {
      id: "identity",
      ...plain,
      sql: `ALTER TABLE ${t} ADD COLUMN ${bare("nr")} bigint GENERATED ALWAYS AS IDENTITY;`,
      chance: [bare("nr")],
    },
    {
      id: "stored generated column",
      ...plain,
      sql: `ALTER TABLE ${t} ADD COLUMN ${bare("twice")} bigint GENERATED ALWAYS AS (${column} * 2) STORED;`,
      writes: `UPDATE ${t} SET ${column} = 5000 WHERE id = 5;`,
      differs: /^(column .*twice|trigger |function )/i,
    },
    {
      id: "domain column",
      setup: `${tables(naming)}\nCREATE DOMAIN ${schema}${bare("positive")} AS integer CHECK (VALUE > 0);`,
      rows: rows(naming),
      sql: `ALTER TABLE ${t} ADD COLUMN ${bare("size")} ${schema}${bare("positive")};`,
      differs: /^(column .*size|constraint .*domain)/i,
    },
    {
      id: "required column",
      ...plain,
      rows: rows(naming).split("\n")[0] ?? "",
      sql: `ALTER TABLE ${t} ADD COLUMN ${bare("kind")} text NOT NULL;`,
    },
    {
      id: "rename column",
      setup: `${tables(naming, `integer NOT NULL DEFAULT 3 CHECK (${column} > 0)`)}\nCREATE INDEX ${bare("by_total")} ON ${t} (${column});\nCOMMENT ON COLUMN ${t}.${column} IS 'c';`,
      rows: rows(naming),
      sql: `ALTER TABLE ${t} RENAME COLUMN ${column} TO ${bare("amount")};`,
      writes: `INSERT INTO ${t} (id, note) VALUES (9000, 'new'); UPDATE ${t} SET ${column} = 8 WHERE id = 5;`,
    },
    { id: "rename table", ...plain, sql: `ALTER TABLE ${t} RENAME TO ${bare("purchases")};`, steps: 2 },
    {
      id: "drop column",
      setup: tables(naming, "integer NOT NULL"),
      rows: rows(naming),
      sql: `ALTER TABLE ${t} DROP COLUMN ${column};`,
    },
    { id: "drop table", ...plain, sql: `DROP TABLE ${t};` },
    {
      id: "enum value",
      setup: `${tables(naming)}\nCREATE TYPE ${schema}${bare("state")} AS ENUM ('new', 'done');\nALTER TABLE ${t} ADD COLUMN ${bare("status")} ${schema}${bare("state")} DEFAULT 'new';`,
      rows: rows(naming),
      sql: `ALTER TYPE ${schema}${bare("state")} RENAME VALUE 'new' TO 'fresh';`,
      differs: /^enum /,
    },
    {
      id: "big update",
      ...plain,
      sql: `UPDATE ${t} AS x SET note = upper(x.note) WHERE x.note LIKE 'note 1%';`,
      steps: 1,
    },
    {
      id: "what an update uses, and tables dropped together",
      setup: `${tables(naming)}\nALTER TABLE ${t} ADD FOREIGN KEY (user_id) REFERENCES ${o};\nCREATE TABLE ${schema}${bare("log")} (id bigint PRIMARY KEY, nr bigint);`,
      rows: rows(naming),
      sql: `CREATE SEQUENCE ${schema}${bare("nrs")};
UPDATE ${schema}${bare("log")} SET nr = nextval('${schema}${bare("nrs")}') WHERE id > 0;
DROP SEQUENCE ${schema}${bare("nrs")};
DROP TABLE ${o}, ${t};`,
      steps: 4,
    },
    { id: "big delete", ...plain, sql: `DELETE FROM ${t} WHERE ${column} > 100;`, steps: 1 },
    {
      id: "refresh",
      setup: `${tables(naming)}\nCREATE MATERIALIZED VIEW ${schema}${bare("sums")} AS SELECT id, ${column} FROM ${t};\nCREATE UNIQUE INDEX ON ${schema}${bare("sums")} (id);`,
      rows: rows(naming),
      sql: `REFRESH MATERIALIZED VIEW ${schema}${bare("sums")};`,
      steps: 1,
    },
    {
      id: "enum rebuilt, in several statements",
      setup: `${tables(naming)}
CREATE TYPE ${schema}${bare("state")} AS ENUM ('new', 'done');
ALTER TABLE ${t} ADD COLUMN ${bare("status")} ${schema}${bare("state")} NOT NULL DEFAULT 'new';`,
      rows: rows(naming),
      sql: `ALTER TYPE ${schema}${bare("state")} RENAME TO ${bare("state_old")};
CREATE TYPE ${schema}${bare("state")} AS ENUM ('new', 'done', 'late');
ALTER TABLE ${t} ALTER COLUMN ${bare("status")} DROP DEFAULT;
ALTER TABLE ${t} ALTER COLUMN ${bare("status")} TYPE ${schema}${bare("state")} USING ${bare("status")}::text::${schema}${bare("state")};
ALTER TABLE ${t} ALTER COLUMN ${bare("status")} SET DEFAULT 'late';
DROP TYPE ${schema}${bare("state_old")};`,
    },
    {
      id: "what needs what",
      ...plain,
      sql: `ALTER TABLE ${t} ADD COLUMN ${bare("ref")} uuid DEFAULT gen_random_uuid();
CREATE VIEW ${schema}${bare("refs")} AS SELECT id, ${bare("ref")} FROM ${t};
CREATE VIEW ${schema}${bare("ids")} AS SELECT id FROM ${schema}${bare("refs")};
CREATE UNIQUE INDEX ON ${t} (${column});
CREATE TABLE ${schema}${bare("parts")} (nr integer REFERENCES ${t} (${column}));`,
      chance: [bare("ref")],
    },
    {
      id: "validated in the same statement",
      ...plain,
      sql: `ALTER TABLE ${t} ADD CONSTRAINT ${bare("pos")} CHECK (${column} > 0) NOT VALID, ALTER COLUMN note SET DEFAULT 'x', VALIDATE CONSTRAINT ${bare("pos")};`,
    },
    {
      id: "never validated",
      ...plain,
      sql: `ALTER TABLE ${t} ADD CONSTRAINT ${bare("pos")} CHECK (${column} > 0) NOT VALID;`,
      differs: /^constraint .*CHECK/,
      steps: 2,
    },
    {
      id: "type in the time zone of the migration",
      setup: tables(naming, "timestamp NOT NULL"),
      rows: rows(naming, "'2024-03-30'::timestamp + g * interval '1 minute'"),
      sql: `SET TimeZone = 'Europe/Berlin';\nALTER TABLE ${t} ALTER COLUMN ${column} TYPE timestamptz;`,
    },
    { id: "vacuum full", ...plain, sql: `VACUUM FULL ${t};`, steps: 1 },
  ];
}

/** What the partitioned table has, and the table that is to be its partition has not. */
const keys = `
CREATE INDEX ON events (user_id DESC, (id + 1)) WHERE id > 5;
ALTER TABLE events ADD PRIMARY KEY (id, at);
ALTER TABLE events ADD CONSTRAINT once UNIQUE (at, id) DEFERRABLE;
ALTER TABLE events ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE;`;

export const partitionCases: readonly PlanCase[] = [
  ...["attach", "attach to keys", "create", "detach", "index", "unique", "foreign key"].map(
    (id): PlanCase => {
      const setup = `CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE events (id bigint NOT NULL, at date NOT NULL, user_id bigint) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2026 (id bigint NOT NULL, at date NOT NULL, user_id bigint);${id === "attach to keys" ? keys : ""}`;
      const rows = `INSERT INTO users SELECT g FROM generate_series(1, 3000) g;
INSERT INTO events SELECT g, '2024-01-01'::date + (g % 700), g FROM generate_series(1, 3000) g;
INSERT INTO events_2026 SELECT g, '2026-01-01'::date + (g % 300), g FROM generate_series(1, 3000) g;`;
      const attach =
        "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');";
      const sql: Readonly<Record<string, string>> = {
        attach,
        "attach to keys": attach,
        create:
          "CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
        detach: "ALTER TABLE events DETACH PARTITION events_2024;",
        index: "CREATE INDEX events_user_idx ON events (user_id) WHERE id > 5;",
        unique: "ALTER TABLE events ADD CONSTRAINT events_once UNIQUE (id, at);",
        "foreign key":
          "ALTER TABLE events ADD CONSTRAINT events_user FOREIGN KEY (user_id) REFERENCES users;",
      };
      // A partition that is detached CONCURRENTLY keeps a CHECK that says what its bound said.
      const differs = id === "detach" ? { differs: /^constraint .*events_2024_at_check/, from: 14 } : {};
      return { id: `partition: ${id}`, setup, rows, sql: sql[id] ?? "", ...differs };
    },
  ),
];

export const allCases: readonly PlanCase[] = [
  ...namings.flatMap((naming) => casesFor(naming).map((one) => ({ ...one, id: `${one.id} (${naming.id})` }))),
  ...partitionCases,
];
