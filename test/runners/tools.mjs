/**
 * Migration tools that npm has: how each wants its files, what its projects look like, and how it is started. A migration is
 * `{ without, statements }`: `without` asks the tool to leave its transaction, in its own words.
 */
import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const packages = join(import.meta.dirname, "node_modules");
const require = createRequire(import.meta.url);
const lines = (...parts) => `${parts.filter((part) => part !== null).join("\n")}\n`;
const dependsOn = (...names) => ({
  "package.json": JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, "*"])) }),
});
const script = (name, text) => ({
  command: process.execPath,
  args: ["--input-type=module", "-e", text],
  name,
});
const program = (path, ...args) => ({ command: process.execPath, args: [join(packages, path), ...args] });
const urlOf = ({ host, database }) => `postgres://postgres@/${database}?host=${host}`;

/** Connects in a script of its own, since each of these is a library that a program calls. */
const connected = (server, work) => `
import pg from ${JSON.stringify(require.resolve("pg"))};
const client = new pg.Client(${JSON.stringify(server)});
await client.connect();
try { ${work} } finally { await client.end(); }`;

export const tools = [
  {
    name: "dbmate",
    canLeave: true,
    files: (migrations) =>
      named(
        migrations,
        (number) => `db/migrations/2024010100000${number}_step.sql`,
        ({ without, statements }) =>
          lines(`-- migrate:up${without ? " transaction:false" : ""}`, ...statements, "", "-- migrate:down"),
      ),
    run: (_, server) => ({
      command: join(packages, `@dbmate/${process.platform}-${process.arch}/bin/dbmate`),
      args: [
        "--url",
        `postgres://postgres@/${server.database}?socket=${server.host}`,
        "--no-dump-schema",
        "up",
      ],
    }),
  },
  {
    name: "node-pg-migrate",
    canLeave: false,
    files: (migrations) => ({
      ...dependsOn("node-pg-migrate"),
      ...named(
        migrations,
        (number) => `migrations/170000000000${number}_step.sql`,
        ({ statements }) => lines("-- Up Migration", ...statements, "-- Down Migration"),
      ),
    }),
    run: (_, server) => ({
      ...program("node-pg-migrate/bin/node-pg-migrate.js", "up", "-m", "migrations"),
      env: { DATABASE_URL: urlOf(server) },
    }),
  },
  {
    name: "postgrator",
    canLeave: true,
    files: (migrations) => ({
      ...dependsOn("postgrator"),
      ...named(
        migrations,
        (number) => `migrations/00${number}.do.step.sql`,
        ({ statements }) => lines(...statements),
      ),
    }),
    run: (folder, server) =>
      script(
        "postgrator",
        connected(
          server,
          `const { default: Postgrator } = await import(${JSON.stringify(require.resolve("postgrator"))});
          await new Postgrator({ driver: "pg", database: client.database, migrationPattern: ${JSON.stringify(`${folder}/migrations/*`)},
            execQuery: (sql) => client.query(sql) }).migrate();`,
        ),
      ),
  },
  {
    name: "postgres-migrations",
    canLeave: true,
    files: (migrations) => ({
      ...dependsOn("postgres-migrations"),
      ...named(
        migrations,
        (number) => `migrations/${number}_step${number}.sql`,
        ({ without, statements }) =>
          lines(without ? "-- postgres-migrations disable-transaction" : null, ...statements),
      ),
    }),
    run: (folder, server) =>
      script(
        "postgres-migrations",
        connected(
          server,
          `const { migrate } = (await import(${JSON.stringify(require.resolve("postgres-migrations"))})).default;
          await migrate({ client }, ${JSON.stringify(join(folder, "migrations"))});`,
        ),
      ),
  },
  {
    name: "graphile-migrate",
    canLeave: true,
    files: (migrations, server) => ({
      ".gmrc": JSON.stringify({
        connectionString: urlOf(server),
        shadowConnectionString: urlOf({ ...server, database: "shadow" }),
        rootConnectionString: urlOf({ ...server, database: "postgres" }),
      }),
      "migrations/current.sql": "",
      ...hashed(migrations),
    }),
    run: () => program("graphile-migrate/dist/cli.js", "migrate"),
  },
  {
    name: "db-migrate",
    canLeave: false,
    files: (migrations, { host, database }) => ({
      ...dependsOn("db-migrate", "db-migrate-pg"),
      "database.json": JSON.stringify({
        dev: { driver: "pg", host, port: 5432, user: "postgres", database },
      }),
      ...named(
        migrations,
        (number) => `migrations/2024010100000${number}-step.js`,
        (_, number) =>
          lines(
            "const { readFileSync } = require('node:fs');",
            `exports.up = (db) => db.runSql(readFileSync(__dirname + '/sqls/2024010100000${number}-step-up.sql', 'utf8'));`,
            "exports.down = () => null;",
            "exports._meta = { version: 1 };",
          ),
      ),
      ...named(
        migrations,
        (number) => `migrations/sqls/2024010100000${number}-step-up.sql`,
        ({ statements }) => lines(...statements),
      ),
    }),
    run(folder) {
      symlinkSync(packages, join(folder, "node_modules"));
      return program("db-migrate/bin/db-migrate", "up");
    },
  },
  {
    name: "drizzle",
    canLeave: false,
    files: (migrations) => ({
      "drizzle/meta/_journal.json": JSON.stringify({
        version: "7",
        dialect: "postgresql",
        entries: migrations.map((_, idx) => ({
          idx,
          version: "7",
          when: idx + 1,
          tag: `000${idx + 1}_step`,
          breakpoints: true,
        })),
      }),
      ...named(
        migrations,
        (number) => `drizzle/000${number}_step.sql`,
        ({ statements }) => statements.join("\n--> statement-breakpoint\n"),
      ),
    }),
    run: (folder, server) =>
      script(
        "drizzle",
        connected(
          server,
          `const { drizzle } = await import(${JSON.stringify(require.resolve("drizzle-orm/node-postgres"))});
          const { migrate } = await import(${JSON.stringify(require.resolve("drizzle-orm/node-postgres/migrator"))});
          await migrate(drizzle(client), { migrationsFolder: ${JSON.stringify(join(folder, "drizzle"))} });`,
        ),
      ),
  },
];

function named(migrations, pathOf, textOf) {
  return Object.fromEntries(migrations.map((one, index) => [pathOf(index + 1), textOf(one, index + 1)]));
}

/** Committed migrations of graphile-migrate: each says the hash of the one before it. */
function hashed(migrations) {
  let previous = "-";
  return named(
    migrations,
    (number) => `migrations/committed/00000${number}.sql`,
    ({ without, statements }) => {
      const body = lines(without ? "--! no-transaction" : null, ...statements).trim();
      const before = previous === "-" ? "" : previous;
      const hash = `sha1:${createHash("sha1")
        .update(`${`${before}\n${body}`.trim()}\n`)
        .digest("hex")}`;
      const text = `--! Previous: ${previous}\n--! Hash: ${hash}\n\n${body}\n`;
      previous = hash;
      return text;
    },
  );
}

/** Writes a project's files into the folder. */
export function writeProject(folder, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
