/**
 * Statements in the mix of real migrations: the weights are counts over 8,128 public migration files with 51,315 statements.
 * Each takes the made-up project as it is by then and changes it, so that most of what it names is there.
 */
export const weights = {
  addColumn: 4800,
  addColumnNotNull: 2000,
  addForeignKey: 2670,
  dropConstraint: 1431,
  dropColumn: 1428,
  setDefault: 585,
  setNotNull: 574,
  alterType: 523,
  addUnique: 221,
  addCheck: 180,
  insert: 6313,
  createIndex: 6022,
  createIndexConcurrently: 501,
  createTable: 3366,
  grant: 3167,
  createFunction: 2522,
  comment: 2222,
  update: 1394,
  createPolicy: 1210,
  createTrigger: 806,
  dropIndex: 791,
  select: 726,
  dropTable: 681,
  createEnum: 681,
  doBlock: 577,
  setTimeout: 568,
  createView: 558,
  renameColumn: 380,
};

const nouns =
  "account address audit badge basket bill booking channel comment contract coupon customer device document event export feature group image invoice item job label ledger member message note offer order page parcel payment permission plan product profile project quota rating receipt refund report request review role route schedule session setting shipment status stock subscription tag task team template ticket token topic transfer user vendor visit voucher webhook".split(
    " ",
  );
const words =
  "active amount archived body code count created currency deleted description due email enabled ends external height hidden kind language last level locked name notes number owner position price priority public quantity rank reason reference score sent size slug source starts state summary title total updated url verified version weight width".split(
    " ",
  );
const types = [
  "text",
  "text",
  "integer",
  "bigint",
  "boolean",
  "timestamptz",
  "jsonb",
  "uuid",
  "numeric(12, 2)",
  "varchar(255)",
  "date",
];
const defaults = {
  text: "''",
  integer: "0",
  bigint: "0",
  boolean: "false",
  timestamptz: "now()",
  jsonb: "'{}'::jsonb",
  uuid: "gen_random_uuid()",
  "numeric(12, 2)": "0",
  "varchar(255)": "''",
  date: "CURRENT_DATE",
};

export function newProject(random) {
  return { random, tables: [], serial: 0 };
}

const fresh = (project) => ++project.serial;
const table = (project) => {
  const { random, tables } = project;
  // Migrations touch what is recent more often than what is old.
  const recent = random.next() < 0.6 ? Math.min(tables.length, 12) : tables.length;
  return tables[tables.length - 1 - random.below(Math.max(recent, 1))] ?? makeTable(project).table;
};
const column = ({ random }, { columns }) => random.pick(columns.slice(1)) ?? columns[0];

function makeTable(project) {
  const { random, tables } = project;
  const name = `${random.pick(nouns)}_${random.pick(nouns)}_${fresh(project)}`;
  const columns = [{ name: "id", type: "bigint" }];
  const lines = ["  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"];
  for (let count = 3 + random.below(9); count > 0; count--) {
    const made = { name: `${random.pick(words)}_${columns.length}`, type: random.pick(types) };
    const tail =
      random.next() < 0.4
        ? ` NOT NULL DEFAULT ${defaults[made.type]}`
        : random.next() < 0.3
          ? " NOT NULL"
          : "";
    lines.push(`  ${made.name} ${made.type}${tail}`);
    columns.push(made);
  }
  const parent = tables.at(-1 - random.below(Math.max(tables.length, 1)));
  if (parent !== undefined && random.next() < 0.4) {
    columns.push({ name: `${parent.name}_id`, type: "bigint" });
    lines.push(`  ${parent.name}_id bigint REFERENCES ${parent.name} (id) ON DELETE CASCADE`);
  }
  const made = { name, columns, indexes: [], constraints: [] };
  tables.push(made);
  return { table: made, sql: `CREATE TABLE ${name} (\n${lines.join(",\n")}\n);` };
}

function addColumn(project, tail) {
  const { random } = project;
  const at = table(project);
  const made = { name: `${random.pick(words)}_${fresh(project)}`, type: random.pick(types) };
  at.columns.push(made);
  return `ALTER TABLE ${at.name} ADD COLUMN ${made.name} ${made.type}${tail(made)};`;
}

function constraint(project, kind, definition) {
  const at = table(project);
  const name = `${at.name}_${kind}_${fresh(project)}`.slice(-60).replace(/^[_\d]+/, "");
  at.constraints.push(name);
  return `ALTER TABLE ${at.name} ADD CONSTRAINT ${name} ${definition(column(project, at), at)};`;
}

function index(project, how) {
  const { random } = project;
  const at = table(project);
  const name = `idx_${fresh(project)}_${at.name}`;
  at.indexes.push(name);
  const unique = random.next() < 0.25 ? "UNIQUE " : "";
  const second = random.next() < 0.3 ? `, ${column(project, at).name}` : "";
  return `CREATE ${unique}INDEX ${how}${name} ON ${at.name} (${column(project, at).name}${second});`;
}

const literal = ({ random }, type) =>
  type === "text" || type.startsWith("varchar")
    ? `'${random.pick(words)} it''s ${random.pick(nouns)}'`
    : (defaults[type] ?? "NULL");

export const makers = {
  createTable: (project) => makeTable(project).sql,
  addColumn: (project) => addColumn(project, () => ""),
  addColumnNotNull: (project) =>
    addColumn(project, ({ type }) =>
      project.random.next() < 0.8 ? ` NOT NULL DEFAULT ${defaults[type]}` : " NOT NULL",
    ),
  addForeignKey: (project) =>
    constraint(
      project,
      "fkey",
      ({ name }) =>
        `FOREIGN KEY (${name}) REFERENCES ${table(project).name} (id) ON DELETE CASCADE ON UPDATE CASCADE`,
    ),
  addUnique: (project) => constraint(project, "key", ({ name }) => `UNIQUE (${name})`),
  addCheck: (project) => constraint(project, "check", ({ name }) => `CHECK (${name} IS NOT NULL)`),
  dropConstraint: (project) => {
    const at = table(project);
    return `ALTER TABLE ${at.name} DROP CONSTRAINT IF EXISTS ${at.constraints.pop() ?? `${at.name}_old_check`};`;
  },
  dropColumn: (project) => {
    const at = table(project);
    const gone = at.columns.length > 3 ? at.columns.pop().name : "legacy";
    return `ALTER TABLE ${at.name} DROP COLUMN IF EXISTS ${gone};`;
  },
  setDefault: (project) => {
    const at = table(project);
    const { name, type } = column(project, at);
    return `ALTER TABLE ${at.name} ALTER COLUMN ${name} SET DEFAULT ${defaults[type] ?? "NULL"};`;
  },
  setNotNull: (project) => {
    const at = table(project);
    return `ALTER TABLE ${at.name} ALTER COLUMN ${column(project, at).name} SET NOT NULL;`;
  },
  alterType: (project) => {
    const at = table(project);
    const changed = column(project, at);
    changed.type = "text";
    return `ALTER TABLE ${at.name} ALTER COLUMN ${changed.name} TYPE text USING ${changed.name}::text;`;
  },
  createIndex: (project) => index(project, ""),
  createIndexConcurrently: (project) => index(project, "CONCURRENTLY "),
  dropIndex: (project) => `DROP INDEX IF EXISTS ${table(project).indexes.pop() ?? "idx_old"};`,
  dropTable: (project) => {
    const { tables, random } = project;
    const [gone] = tables.length > 20 ? tables.splice(random.below(tables.length), 1) : [];
    return `DROP TABLE IF EXISTS ${gone?.name ?? "obsolete"};`;
  },
  renameColumn: (project) => {
    const at = table(project);
    const renamed = column(project, at);
    const before = renamed.name;
    renamed.name = `${project.random.pick(words)}_${fresh(project)}`;
    return `ALTER TABLE ${at.name} RENAME COLUMN ${before} TO ${renamed.name};`;
  },
  insert: (project) => {
    const { random } = project;
    const at = table(project);
    const columns = at.columns.slice(1, 5);
    const rows = Array.from(
      { length: 1 + random.below(random.next() < 0.1 ? 30 : 3) },
      () => `  (${columns.map(({ type }) => literal(project, type)).join(", ")})`,
    );
    return `INSERT INTO ${at.name} (${columns.map(({ name }) => name).join(", ")}) VALUES\n${rows.join(",\n")}\nON CONFLICT DO NOTHING;`;
  },
  update: (project) => {
    const at = table(project);
    const { name, type } = column(project, at);
    const where = project.random.next() < 0.75 ? `\nWHERE ${name} IS NULL` : "";
    return `UPDATE ${at.name} SET ${name} = ${literal(project, type)}${where};`;
  },
  select: () => "SELECT set_config('search_path', 'public', false);",
  grant: (project) => `GRANT SELECT, INSERT, UPDATE ON TABLE ${table(project).name} TO app_writer;`,
  comment: (project) =>
    `COMMENT ON TABLE ${table(project).name} IS 'What the ${project.random.pick(nouns)} needs to know of it';`,
  createPolicy: (project) =>
    `CREATE POLICY policy_${fresh(project)} ON ${table(project).name} FOR SELECT USING (current_setting('app.tenant', true) = 'a');`,
  createTrigger: (project) =>
    `CREATE TRIGGER touch_${fresh(project)} BEFORE UPDATE ON ${table(project).name} FOR EACH ROW EXECUTE FUNCTION touch();`,
  createEnum: (project) => `CREATE TYPE kind_${fresh(project)} AS ENUM ('new', 'open', 'done', 'failed');`,
  setTimeout: () => "SET lock_timeout = '3s';",
  createView: (project) => {
    const at = table(project);
    return `CREATE OR REPLACE VIEW view_${fresh(project)} AS\nSELECT t.id, t.${column(project, at).name} AS shown\nFROM ${at.name} t\nWHERE t.id > 0\nORDER BY t.id;`;
  },
  createFunction: (project) => {
    const at = table(project);
    return `CREATE OR REPLACE FUNCTION refresh_${fresh(project)}() RETURNS trigger AS $$\nBEGIN\n  IF TG_OP = 'UPDATE' AND NEW.id IS DISTINCT FROM OLD.id THEN\n    RAISE EXCEPTION 'the id of % never changes', OLD.id;\n  END IF;\n  UPDATE ${at.name} SET ${column(project, at).name} = NULL WHERE id = NEW.id;\n  RETURN NEW;\nEND;\n$$ LANGUAGE plpgsql;`;
  },
  doBlock: (project) => {
    const at = table(project);
    return `DO $$\nBEGIN\n  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'c_${fresh(project)}') THEN\n    ALTER TABLE ${at.name} ALTER COLUMN ${column(project, at).name} SET STATISTICS 500;\n  END IF;\nEND $$;`;
  },
};
