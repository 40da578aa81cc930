import { describe, expect, it } from "vitest";
import { findLayout, isCandidate, isLayoutFile, isOtherDialect, layOut } from "../../src/layout/index.ts";
import { memory, only, profileNamed } from "./project.ts";

function found(files: Record<string, string>): string {
  return only(memory(files)).profile.name;
}

describe("what a folder belongs to", () => {
  it.each([
    ["golang-migrate", { "m/1_a.up.sql": "", "m/1_a.down.sql": "" }],
    ["golang-migrate", { "m/1_a.up.pgsql": "", "m/1_a.down.pgsql": "" }],
    [
      "golang-migrate",
      { "m/1_a.up.sql": "-- Up Migration for a", "m/2_b.up.sql": "", "m/3_b.up.sql": "", "m/4_b.up.sql": "" },
    ],
    ["golang-migrate", { "m/1_a.up.sql": "", "m/atlas.sum": "h1:x" }],
    ["golang-migrate", { "m/1_a.up.sql": "-- Up migration\n", "m/1_a.down.sql": "-- Down migration\n" }],
    [
      "sqlx",
      {
        "m/1_a.up.sql": "-- Up migration\n",
        "m/1_b.down.sql": "-- Down migration\n",
        "Cargo.toml": '[dependencies]\nsqlx = "0.8"\n',
      },
    ],
    ["db-migrate", { "m/sqls/1-a-up.sql": "", "m/sqls/1-a-down.sql": "" }],
    [
      "db-migrate",
      { "m/files/1-a-up.sql": "", "package.json": '{ "dependencies": { "db-migrate": "^0.11.0" } }' },
    ],
    ["psql", { "m/1-a-up.sql": "", "m/1-a-down.sql": "" }],
    ["psql", { "m/1-a.sql": "-- Down migrations are not available." }],
    ["play-evolutions", { "conf/evolutions/default/1.sql": "# --- !Ups\nSELECT 1;" }],
    ["play-evolutions", { "conf/evolutions/users/1.sql": "-- users\n\n--- !Ups\nSELECT 1;\n--- !Downs" }],
    ["psql", { "m/1.sql": "SELECT '!Ups';" }],
    ["yoyo", { "m/1_a.sql": "-- depends: 0_x\n\nSELECT 1;" }],
    ["psql", { "m/1_a.sql": "SELECT 1;\n-- depends: 0_x" }],
    ["yoyo", { "db/m/1_a.sql": "", "yoyo.ini": "[DEFAULT]\nsources = ./db/f\n  ./db/m/\nprefix = x\n" }],
    ["psql", { "db/x/1_a.sql": "", "yoyo.ini": "[DEFAULT]\nsources = ./db/f\n  ./db/m/\nprefix = x\n" }],
    ["yoyo", { "db/x/1_a.sql": "", "yoyo.ini": "[DEFAULT]\nsources = %(here)s/db/x\n" }],
    ["yoyo", { "m/1_a.sql": "", "requirements.txt": "yoyo-migrations==8.2.0\n" }],
    ["migratus", { "m/1-a.up.sql": "SELECT 1;\n--;;\nSELECT 2;" }],
    ["psql", { "m/1-a.up.sql": "SELECT 1;" }],
    ["grate", { "db/up/1_a.sql": "", "db/sprocs/f.sql": "" }],
    ["psql", { "m/2023-05-15-types/up.sql": "-- Types\n\nBEGIN;\nSELECT 1;\nCOMMIT;" }],
    ["diesel", { "m/2023-05-15-types/up.sql": "-- Types\n\nSELECT 1;" }],
    ["yuniql", { "db/v0.00/1_a.sql": "", "db/_post/f.sql": "" }],
    ["yuniql", { "m/v0.00/1_a.sql": "", "m/v0.01/1_b.sql": "" }],
    ["psql", { "m/v0.9/1_a.sql": "", "m/v0.10/1_b.sql": "" }],
    ["yuniql", { "m/v0.00-a/1.sql": "", "m.csproj": '<PackageReference Include="Shop.Npgsql.Yuniql" />' }],
    ["postgrator", { "m/001.do.a.sql": "", "m/001.undo.a.sql": "" }],
    ["postgrator", { "m/1.do.sql": "", "package.json": '{ "dependencies": { "postgrator": "^8.0.0" } }' }],
    ["sqlx", { "m/1_a.up.sql": "", "Cargo.toml": '[dependencies]\nsqlx = "0.8"\n' }],
    [
      "psql",
      { "server/m/1_a.sql": "", "server/pyproject.toml": "", "Cargo.toml": "[dependencies]\nsqlx = 1" },
    ],
    ["sqlx", { "m/1_a.sql": "", "pyproject.toml": "", "Cargo.toml": "[dependencies]\nsqlx = 1" }],
    ["sqlx", { "m/1_a.sql": "-- Add migration script here\nSELECT 1;" }],
    ["sqlx", { "crates/db/m/1_a.sql": "", ".sqlx/query-1.json": "{}" }],
    ["pop", { "m/1_a.up.sql": 'CREATE TABLE {{ index .Options "Namespace" }}.a (id int)' }],
    ["pop", { "m/1_a.up.sql": "", "m/2_b.up.fizz": "" }],
    ["pop", { "m/1_a.postgres.up.sql": "", "go.mod": "require github.com/ory/pop/v6 v6.4.2" }],
    ["flyway", { "db/migration/V1__a.sql": "" }],
    ["flyway", { "m/V1__a.sql": "", "m/V1.0.1__b.sql": "" }],
    ["flyway", { "m/2017__a.sql": "", "build.gradle": "compile 'org.flywaydb:flyway-core'" }],
    ["flyway", { "m/v2017.03.09_12.00__a.sql": "", "pom.xml": "<artifactId>flyway-core</artifactId>" }],
    ["psql", { "m/2017__a.sql": "", "m/2018__b.sql": "" }],
    [
      "flyway",
      { "r/db/RP_1__a.sql": "", "r/application.yml": "spring:\n  flyway:\n    sql-migration-prefix: RP_\n" },
    ],
    ["refinery", { "m/V1__a.sql": "", "Cargo.toml": '[dependencies]\nrefinery = { version = "0.9" }\n' }],
    ["refinery", { "m/V1__a.sql": "", "m/V2__b.rs": "" }],
    ["evolve", { "m/V1__a.sql": "-- EVOLVE-TX-OFF\nSELECT 1;" }],
    ["evolve", { "m/V1__a.sql": "", ".config/dotnet-tools.json": '{ "tools": { "evolve.tool": {} } }' }],
    ["flyway", { "m/V1__a.sql": "SELECT 1;\n-- evolve-tx-off\n", "a/App.csproj": '"Evolve"' }],
    ["dbup", { "app/sql/a.sql": "", "app/App.fsproj": '<PackageReference Include="DbUp-PostgreSQL" />' }],
    ["psql", { "app/sql/a.sql": "", "app/App.csproj": '<PackageReference Include="dbup-sqlserver" />' }],
    ["prisma", { "m/1_a/migration.sql": "", "m/init/migration.sql": "" }],
    ["psql", { "sqlc/queries/migration.sql": "" }],
    ["drizzle", { "m/1_a/migration.sql": "", "m/1_a/snapshot.json": "{}" }],
    ["drizzle", { "m/0000_a.sql": "SELECT 1;--> statement-breakpoint\nSELECT 2;" }],
    ["diesel", { "m/2024-01-01-120000_a/up.sql": "" }],
    ["diesel", { "m/1-a/up.sql": "", "m/2-b/up.sql": "" }],
    ["psql", { "m/1-a/up.sql": "", "m/2-b/up.sql": "", "go.mod": "module a" }],
    ["psql", { "m/1-a/up.sql": "", "m/1-a/down.sql": "", "package.json": "{}" }],
    ["psql", { "m/m1_a/up.sql": "", "Cargo.toml": '[dependencies]\nsea-orm-migration = "1"\n' }],
    ["diesel", { "m/00000000000000_diesel_initial_setup/up.sql": "", "m/1700000000000_a/up.sql": "" }],
    ["hasura", { "migrations/default/1700000000000_a/up.sql": "" }],
    [
      "hasura",
      {
        "migrations/default/1600000000000_a.up.sql": "",
        "migrations/default/1600000000000_a.down.sql": "",
        "migrations/default/1700000000000_b/up.sql": "",
        "config.yaml": "version: 3\nmetadata_directory: metadata\n",
      },
    ],
    ["golang-migrate", { "m/1600000000000_a.up.sql": "", "config.yaml": "port: 1\n" }],
    ["supabase", { "supabase/migrations/20240101000000_a.sql": "" }],
    ["goose", { "supabase/migrations/20240101000000_a.sql": "-- +goose Up\nSELECT 1;" }],
    ["atlas", { "m/1_a.sql": "", "m/atlas.sum": "h1:x" }],
    [
      "evolve",
      { "m/V1_0__a.pgsql": "", "m/R__v.pgsql": "", "m.csproj": '<PackageReference Include="Evolve" />' },
    ],
    ["flyway", { "m/V1__a.psql": "", "flyway.conf": "flyway.sqlMigrationSuffixes=.psql" }],
    [
      "node-pg-migrate",
      { "m/1_a.sql": "", "package.json": '{ "dependencies": { "node-pg-migrate": "8" } }' },
    ],
    [
      "postgres-migrations",
      { "m/1-a.sql": "", "package.json": '{ "dependencies": { "postgres-schema-migrations": "6" } }' },
    ],
    [
      "postgres-migrations",
      { "m/1-a.sql": "", "package.json": '{ "dependencies": { "postgres-migrations": "5" } }' },
    ],
    ["tern", { "m/001_a.sql": "", "m/tern.conf": "" }],
    ["psql", { "m/a.sql": "", "m/b.sql": "", "m/tern.conf": "" }],
    ["psql", { "m/1.sql": "SELECT 1; -- not\n-- liquibase formatted sql\n--changeset a:1" }],
    ["graphile-migrate", { "000001.sql": "--! Previous: -\n--! Hash: sha1:0\n\nSELECT 1;" }],
    [
      "sqitch",
      { "db/deploy/a.sql": "-- Deploy shop:a to pg\n", "db/revert/a.sql": "-- Revert shop:a from pg\n" },
    ],
    ["psql", { "m/1_a.sql": "", "m/2_b.sql": "" }],
    [
      "psql-single-transaction",
      { "migrations/1_a.sql": "", justfile: "up:\n  psql $DB --single-transaction -f migrations/1_a.sql\n" },
    ],
    [
      "psql",
      { "m/1_a.sql": "", Makefile: "restore:\n\tpsql -1 -f dump.sql\nup:\n\tpsql -f migrations.sql\n" },
    ],
    ["psql", { "m/1_a.sql": "SELECT '\n-- +goose Up\n';" }],
    ["psql", { "m/1_a.sql": "", "go.mod": "require github.com/golang-migrate/migrate/v4" }],
  ])("%s", (name, files) => {
    expect(found(files)).toBe(name);
  });

  it("says what gave the tool away", () => {
    expect(only(memory({ "m/1_a.sql": "", "m/atlas.sum": "" })).because).toBe("m/atlas.sum");
  });

  it("is not guessed where a person names the tool", () => {
    const project = memory({ "m/1_a.sql": "-- +goose Up\n" });
    const [layout] = layOut(project, { runner: profileNamed("psql") });
    expect([layout?.profile.name, layout?.confidence]).toEqual(["psql", 1]);
  });

  it("may differ from folder to folder", () => {
    const layouts = layOut(
      memory({ "a/1_x.sql": "-- +goose Up\n", "b/1_x.sql": "-- migrate:up\n", "c/x.sql": "" }),
    );
    expect(layouts.map(({ profile }) => profile.name).sort()).toEqual(["dbmate", "goose", "psql"]);
  });

  it("leaves out scripts that the tool does not run", () => {
    const layout = only(memory({ "V1__a.sql": "", "rollback/a.sql": "" }));
    expect(layout.folder.files).toEqual(["V1__a.sql"]);
  });

  it("leaves out a folder for going back beside files that no tool claims", () => {
    const layout = only(memory({ "m/1_a.sql": "", "m/rollback/1_a.sql": "" }));
    expect(layout.folder.files).toEqual(["m/1_a.sql"]);
  });
});

describe("a folder for going back", () => {
  it("is not run by the tool that runs others", () => {
    const files = { "db/migration/V1__a.sql": "", "db/migration/V2__b.sql": "" };
    const back = { "db/rollback/V1__a_rollback.sql": "", "db/rollback/V2__b_rollback.sql": "" };
    expect(only(memory({ ...files, ...back })).folder.root).toBe("db/migration");
    expect(only(memory(back)).folder.root).toBe("db/rollback");
  });

  it("is left out beside the one with its namesakes, and stays beside others", () => {
    const found = (...paths: string[]) =>
      layOut(memory(Object.fromEntries(paths.map((path) => [path, ""])))).map(({ folder }) => folder.root);
    expect(found("db/sql/1_a.sql", "db/sql/2_b.sql", "db/downgrade/2_b.sql")).toEqual(["db/sql"]);
    expect(found("db/sql/1_a.sql", "db/downgrade/2_b.sql")).toHaveLength(2);
  });
});

describe("a folder that a changelog names", () => {
  const files = { "db/changes/2.sql": "SELECT 2;", "db/changes/10.sql": "SELECT 10;" };

  it.each([
    [
      "db/changelog.yaml",
      "databaseChangeLog:\n- changeSet:\n    changes:\n    - sqlFile: {path: changes/10.sql}\n    - sqlFile: {path: changes/2.sql}\n",
    ],
    [
      "db/db.changelog-master.xml",
      '<databaseChangeLog><changeSet id="1"><sqlFile path="changes/10.sql"/><sqlFile path="changes/2.sql"/></changeSet></databaseChangeLog>',
    ],
  ])("is Liquibase's, in its order: %s", (path, text) => {
    const { profile, folder, because } = only(memory({ ...files, [path]: text }));
    expect([profile.name, because]).toEqual(["liquibase", path]);
    expect(profile.order(folder)).toEqual(["db/changes/10.sql", "db/changes/2.sql"]);
  });

  it("is nobody's where it names few of the files, or none", () => {
    const text = "databaseChangeLog:\n- changeSet:\n    changes:\n    - sqlFile: {path: changes/10.sql}\n";
    expect(only(memory({ ...files, "db/changelog.yaml": text })).profile.name).toBe("psql");
    expect(only(memory({ ...files, "db/other.yaml": "a: changes/10.sql, changes/2.sql" })).profile.name).toBe(
      "psql",
    );
  });
});

describe("a folder of what was set aside", () => {
  const found = (...paths: string[]) =>
    layOut(memory(Object.fromEntries(paths.map((path) => [path, ""])))).map(({ folder }) => folder.root);

  it("is left out beside the one with its versions", () => {
    expect(found("m/sql/20200101120000000001_a.up.sql", "m/legacy/20200101120000_a.up.sql")).toEqual([
      "m/sql",
    ]);
    expect(found("m/V1__a.sql", "m_unused/V1__a.sql", "n/V1__a.sql")).toEqual(["m", "n"]);
    expect(found("m/sql/2_b.up.sql", "m/legacy/1_a.up.sql")).toHaveLength(2);
    expect(found("m/gold/1_a.up.sql", "m/sql/1_a.up.sql")).toHaveLength(2);
  });

  it("is left out inside of one that runs, where the tool does not look into it", () => {
    expect(found("m/1_a.up.sql", "m/archive/0_x.up.sql", "m/archive/v2/0_y.sql")).toEqual(["m"]);
    const flyway = only(memory({ "m/V2__b.sql": "", "m/archive/V1__a.sql": "" }));
    expect(flyway.folder.files).toHaveLength(2);
  });
});

describe("folders that are versions", () => {
  const files = (...paths: string[]) => memory(Object.fromEntries(paths.map((path) => [path, ""])));

  it("hold one sequence, in the order of their numbers", () => {
    const layout = only(files("m/10/01_c.up.sql", "m/2/02_b.up.sql", "m/2/01_a.up.sql", "m/0/01_x.up.sql"));
    expect(layout.folder.files).toEqual([
      "m/0/01_x.up.sql",
      "m/2/01_a.up.sql",
      "m/2/02_b.up.sql",
      "m/10/01_c.up.sql",
    ]);
    expect(layout.folder.root).toBe("m");
  });

  it("may have dots", () => {
    expect(only(files("m/v1.10/b.sql", "m/v1.9/a.sql")).folder.files).toEqual([
      "m/v1.9/a.sql",
      "m/v1.10/b.sql",
    ]);
  });

  it("may be the ways from one to the next", () => {
    expect(only(files("m/9-10/b.sql", "m/8-9/a.sql", "m/10-11/c.sql")).folder.files).toEqual([
      "m/8-9/a.sql",
      "m/9-10/b.sql",
      "m/10-11/c.sql",
    ]);
  });

  it("are two databases where they are v1 and v2", () => {
    expect(layOut(files("m/v1/1_a.sql", "m/v2/1_a.sql"))).toHaveLength(2);
  });
});

describe("a file's layout", () => {
  const layouts = layOut(
    memory({ "a/1_x.sql": "-- +goose Up\n", "a/b/1_x.sql": "-- migrate:up\n", "c/V1__x.sql": "" }),
  );

  it.each([
    ["a/1_x.sql", "goose"],
    ["a/2_new.sql", "goose"],
    ["a/b/2_new.sql", "dbmate"],
    ["c/V2__new.sql", "flyway"],
    ["c/notes.sql", undefined],
    ["d/1_x.sql", undefined],
  ])("%s", (path, name) => {
    expect(findLayout(layouts, path)?.profile.name).toBe(name);
  });
});

describe("what is no migration", () => {
  const left = (files: Record<string, string>) => layOut(memory(files)).flatMap(({ folder }) => folder.files);

  it("are queries that an application runs by way of sqlc", () => {
    const query = "-- name: GetUser :one\nSELECT * FROM users WHERE id = $1;\n";
    expect(left({ "db/queries/users.sql": query, "db/schema.sql": "CREATE TABLE users (id int);" })).toEqual([
      "db/schema.sql",
    ]);
    expect(left({ "q/a.sql": "/* name: Drop :execrows */\nDELETE FROM users WHERE id = $1;" })).toEqual([]);
    expect(left({ "m/1_a.sql": "-- name: Ada\nSELECT 1;" })).toEqual(["m/1_a.sql"]);
  });

  it("are the scripts of an extension", () => {
    const files = {
      "ext--1.0.sql": "CREATE TABLE t (id int);",
      "ext--1.0--1.1.sql": "DROP TABLE t;",
      "other--1.sql": "",
    };
    expect(left({ ...files, "ext.control": "comment = 'x'" })).toEqual(["other--1.sql"]);
    expect(left({ "sql/ext--1.0.sql": "SELECT 1;", "ext.control": "" })).toEqual([]);
    expect(
      left({
        "a--1.sql": '-- says so\n\\echo Use "CREATE EXTENSION a" to load this file. \\quit\nSELECT 1;',
      }),
    ).toEqual([]);
    expect(left({ "m/2024--words.sql": "SELECT 1;" })).toEqual(["m/2024--words.sql"]);
  });
});

describe("other databases", () => {
  it.each([
    "migrations/mysql/1_a.sql",
    "db/sqlite/up.sql",
    "m/1_a.sqlite.up.sql",
    "m/schema.oracle.sql",
    "m/1-a-mysql.sql",
    "migrations/hiqlite/1_a.sql",
    "mysql-persistence/migration/1_a.sql",
    "m/1_a.cockroach.autocommit.up.sql",
    "db/shop.hsql.upgrade.1.to.2.sql",
  ])("%s is left out", (path) => {
    expect([isOtherDialect(path), isCandidate(path)]).toEqual([true, false]);
  });

  it.each([
    "migrations/postgres/1_a.sql",
    "m/1_drop_mysql.sql",
    "mysql.sql",
    "m/1_a.postgres.up.sql",
    "oracle-sync/1.sql",
    "mysql-to-postgres/1.sql",
    "mysql-or-postgres/1.sql",
  ])("%s is not", (path) => {
    expect(isOtherDialect(path)).toBe(false);
  });

  it.each([
    [["m/users_mysql.sql", "m/users_postgresql.sql"], ["m/users_postgresql.sql"]],
    [["m/users_mysql.sql", "m/users_db2.sql", "m/users.sql"], ["m/users.sql"]],
    [["m/mysql.sql", "m/pg.sql"], ["m/pg.sql"]],
    [
      ["m/mysql.new.sql", "m/pg.new.sql", "m/pg.sql"],
      ["m/pg.new.sql", "m/pg.sql"],
    ],
    [["m/import_from_oracle.sql"], ["m/import_from_oracle.sql"]],
    [
      ["m/add_hive.sql", "m/add_spark.sql"],
      ["m/add_hive.sql", "m/add_spark.sql"],
    ],
    [
      ["m/mysql.sql", "n/pg.sql"],
      ["m/mysql.sql", "n/pg.sql"],
    ],
  ])("are told by names of one script for each: %j", (paths, own) => {
    const project = memory(Object.fromEntries(paths.map((path) => [path, "SELECT 1;"])));
    expect(layOut(project).flatMap(({ folder }) => folder.files)).toEqual(own);
  });

  it("are told by a name with other meanings only where several databases have a folder", () => {
    const alone = memory({ "internal/db2/migrations/1_a.up.sql": "" });
    expect(only(alone).folder.files).toEqual(["internal/db2/migrations/1_a.up.sql"]);
    const beside = memory({ "m/db2/1_a.up.sql": "", "m/postgresql/1_a.up.sql": "" });
    expect(only(beside).folder.files).toEqual(["m/postgresql/1_a.up.sql"]);
  });

  it.each([
    ['sqlx = { version = "0.8", features = ["sqlite", "macros"] }', 0],
    ['sqlx = { workspace = true, features = [\n  "sqlite",\n] }', 0],
    ['[dependencies.sqlx]\nversion = "0.8"\nfeatures = ["mysql"]\n\n[features]\nx = []', 0],
    ['sqlx = { version = "0.8", features = ["sqlite", "postgres"] }', 1],
    ['sqlx = { version = "0.8", features = ["any", "sqlite"] }', 1],
    ['sqlx = { version = "0.8", features = ["sqlite"] }\n\n[features]\nserver = ["sqlx/postgres"]', 1],
    ['sqlx = "0.8"', 1],
  ])("are told by what a crate is asked for: %j", (crate, count) => {
    const migration = { "app/migrations/1_a.sql": "CREATE TABLE a (id integer PRIMARY KEY);" };
    const project = memory({ ...migration, "app/Cargo.toml": `[dependencies]\n${crate}\n` });
    expect(layOut(project)).toHaveLength(count);
  });

  it.each([
    ["Prisma's lock", { "m/1_a/migration.sql": "", "m/migration_lock.toml": 'provider = "mysql"\n' }],
    [
      "Drizzle's journal",
      { "m/0_a.sql": "", "m/meta/_journal.json": '{ "dialect": "sqlite", "entries": [] }' },
    ],
    [
      "names in back-ticks",
      { "m/1_a.sql": "CREATE TABLE `a` (`id` int)", "m/2_b.sql": "DROP TABLE `a`", "m/3_c.sql": "SELECT 1" },
    ],
    ["GO and brackets in a single file", { "m/1_a.sql": "CREATE TABLE [dbo].[a] (id int)\nGO\n" }],
    [
      "Oracle's types and MODIFY",
      { "m/1_a.sql": "CREATE TABLE a (id NUMBER(19), b CLOB);", "m/2_b.sql": "ALTER TABLE a MODIFY b NULL;" },
    ],
    [
      "MODIFY COLUMN of a table of a schema, twice",
      {
        "m/1.sql": "ALTER TABLE s.a MODIFY COLUMN b Int8;",
        "m/2.sql": "ALTER TABLE s.a MODIFY COLUMN c Int8;",
      },
    ],
    [
      "an engine of ClickHouse in a single file",
      { "m/1.sql": "CREATE TABLE a (b Int8)\nENGINE = ReplacingMergeTree ORDER BY b;" },
    ],
    [
      "FROM dual and SYSDATE",
      { "m/1.sql": "SELECT s.NEXTVAL FROM dual;", "m/2.sql": "UPDATE a SET b = SYSDATE;" },
    ],
    [
      "types of MySQL",
      { "m/1.sql": "CREATE TABLE a (b tinyint, c LONGTEXT);", "m/2.sql": "ALTER TABLE a MODIFY b int;" },
    ],
    [
      "SQLite's words",
      {
        "m/1.sql": "CREATE TABLE a (b int UNIQUE ON CONFLICT REPLACE) WITHOUT ROWID;",
        "m/2.sql": "INSERT OR IGNORE INTO a VALUES (1);",
        "m/3.sql": "INSERT OR REPLACE INTO a VALUES (1);",
      },
    ],
    [
      "CockroachDB's words",
      {
        "m/1.sql": "CREATE TABLE a (b UUID PRIMARY KEY, c STRING NOT NULL, INVERTED INDEX (c));",
        "m/2.sql": "CREATE INDEX i ON a (b) STORING (c);",
        "m/3.sql": "DROP INDEX a@i;",
      },
    ],
    [
      "MySQL's words",
      { "m/1.sql": "SELECT a FROM b USE INDEX (PRIMARY);", "m/2.sql": "INSERT IGNORE INTO a SELECT 1;" },
    ],
    [
      "the places of columns and the tables of dropped indexes",
      {
        "m/1.sql": "ALTER TABLE a ADD COLUMN b int NOT NULL AFTER c;\nDROP INDEX i ON a;",
        "m/2.sql": "ALTER TABLE a ADD b int AFTER c, ADD d int AFTER b;",
      },
    ],
    [
      "delimiters of a client",
      {
        "m/1.sql": "-- a\nDELIMITER //\nCREATE PROCEDURE a() BEGIN SELECT 1; END //\nDELIMITER ;",
        "m/2.sql": "DROP PROCEDURE IF EXISTS b;\nDELIMITER $$\nCREATE PROCEDURE b() SELECT 1$$",
      },
    ],
    [
      "what Oracle says of sequences and unused columns",
      {
        "m/1.sql": "CREATE SEQUENCE s INCREMENT BY 50 NOCACHE;",
        "m/2.sql": "ALTER TABLE a SET UNUSED (b, c);",
      },
    ],
    [
      "what it all starts from",
      {
        "m/1.sql": "CREATE TABLE a (b NUMBER(9)); INSERT INTO a SELECT 1 FROM dual;",
        "m/2.sql": "SELECT 1;",
      },
    ],
    [
      "SQLite's numbers and types",
      {
        "m/1.sql": "CREATE TABLE a (b UNSIGNED BIGINT NOT NULL, c BLOB);",
        "m/2.sql": "ALTER TABLE a ADD COLUMN d DATETIME;",
        "m/3.sql": "ALTER TABLE a ADD e UNSIGNED INT;",
      },
    ],
    [
      "SQL Server's statements",
      {
        "m/1.sql": "CREATE TABLE a (b int NOT NULL IDENTITY(1, 1), PRIMARY KEY CLUSTERED (b));",
        "m/2.sql": "CREATE OR ALTER VIEW c AS SELECT b FROM a;",
        "m/3.sql": "INSERT INTO a DEFAULT VALUES;",
      },
    ],
    [
      "what one folder of several says that a tool runs on one database",
      {
        "db/up/1_a.sql": "CREATE TABLE a (b int IDENTITY(1, 1), c nvarchar(20));",
        "db/views/c.sql": "CREATE VIEW c AS SELECT b FROM a;",
        "db/sprocs/d.sql": "CREATE OR ALTER PROC d AS SELECT 1;",
      },
    ],
    ["settings of SQL*Plus", { "m/1.sql": "SET DEFINE OFF\nALTER TABLE a MODIFY b NULL;" }],
    ["two signs in a single file", { "m/1_a.sql": "CREATE TABLE `a` (id int AUTO_INCREMENT)" }],
    [
      "SQLite's keys",
      { "m/1.sql": "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)", "m/2.sql": "PRAGMA x=1" },
    ],
    [
      "SQLite's functions of time",
      {
        "m/1_a.up.sql": "CREATE TABLE a (at INTEGER NOT NULL DEFAULT (strftime('%s', 'now')))",
        "m/1_a.down.sql": "DROP TABLE a",
        "m/2_b.up.sql": "CREATE INDEX b ON a (at)",
        "m/2_b.down.sql": "DROP INDEX b",
      },
    ],
    [
      "engines and types of ClickHouse, and ways back that show nothing",
      {
        "m/1_a.up.sql": "CREATE TABLE a (c LowCardinality(String)) ENGINE = MergeTree()",
        "m/1_a.down.sql": "DROP TABLE a",
        "m/2_b.up.sql": "CREATE TABLE b (c Int8) ENGINE = Log",
        "m/2_b.down.sql": "DROP TABLE b",
        "m/3_c.up.sql": "CREATE TABLE c (c Int8 CODEC(ZSTD)) ENGINE = Log",
        "m/3_c.down.sql": "DROP TABLE c",
      },
    ],
  ])("are told by %s", (_, files) => {
    expect(layOut(memory(files))).toEqual([]);
  });

  it.each([
    [
      "one word of MySQL's in a few of many scripts, which is a slip of whoever copied it",
      Object.fromEntries(
        Array.from({ length: 12 }, (_, k) => [
          `m/${k}.sql`,
          k < 4 ? `CREATE TABLE a${k} (b int AUTO_INCREMENT);` : `CREATE TABLE a${k} (b int);`,
        ]),
      ),
    ],
    [
      "domains of those names",
      {
        "m/1.sql": "CREATE DOMAIN clob AS text;",
        "m/2.sql": "SELECT number, modify FROM clob; SELECT x.sysdate FROM x",
      },
    ],
    [
      "columns of those names",
      {
        "m/1.sql": "CREATE TABLE a (unsigned bigint, datetime timestamptz, blob bytea);",
        "m/2.sql": "ALTER TABLE a ADD unsigned int; ALTER TABLE a ADD blob bytea, ADD COLUMN datetime date;",
        "m/3.sql": "SELECT blob FROM a WHERE c AND blob IS NULL ORDER BY datetime, unsigned, blob;",
      },
    ],
    [
      "triggers on INSERT OR UPDATE",
      {
        "m/1.sql": "CREATE TRIGGER a BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "m/2.sql": "CREATE TRIGGER a AFTER DELETE OR INSERT OR UPDATE ON t EXECUTE FUNCTION f();",
      },
    ],
    [
      "words that Oracle and MySQL have as well",
      {
        "m/1.sql":
          "CREATE TRIGGER a AFTER DELETE ON t EXECUTE FUNCTION f(); DROP INDEX i; CREATE INDEX ON t (a);",
        "m/2.sql": "ALTER TYPE e ADD VALUE 'a' AFTER 'b'; SELECT nocache FROM t ORDER BY after DESC, b;",
        "m/3.sql": "UPDATE t SET unused = 1; SELECT a after, b FROM t; COPY t FROM '/a' DELIMITER ',';",
      },
    ],
    [
      "a folder of ours, where FROM dual is a view of the project's own",
      { "m/postgresql/1.sql": "SELECT f('1') FROM dual;", "m/postgresql/2.sql": "SELECT f('2') FROM dual;" },
    ],
    [
      "SQL Server's words as names",
      {
        "m/1.sql":
          "CREATE TABLE identity (a int GENERATED ALWAYS AS IDENTITY (START 5), clustered bool REFERENCES identity (a));",
        "m/2.sql":
          "INSERT INTO identity (clustered) SELECT identity(a) FROM b; GRANT CREATE ON SCHEMA a TO b;",
      },
    ],
    [
      "a sequence by its schema",
      { "m/1.sql": "SELECT pg_catalog.nextval('s')", "m/2.sql": "SELECT nextval('s')" },
    ],
    [
      "CockroachDB's words as names",
      {
        "m/1.sql":
          "CREATE TABLE a (string text, storing int, inverted bool, hash int); SELECT b, c string, d FROM a;",
        "m/2.sql":
          "CREATE TABLE storing (sharded bool); CREATE INDEX inverted ON storing (sharded); SELECT a, b string;",
      },
    ],
    [
      "the branches of a template for them",
      {
        "m/1_a.up.sql": "{{if .mysql}}ALTER TABLE `a` MODIFY b int;{{else}}SELECT 1;{{end}}",
        "m/2_b.up.sql": "{{if .sqlite}}INSERT OR IGNORE INTO `a` VALUES (1);{{end}}",
      },
    ],
    ["one slip", { "m/1_a.sql": "DROP TABLE `a`" }],
    ["comments and strings", { "m/1_a.sql": "-- `a`\nSELECT 1", "m/2_b.sql": "SELECT '`', $$ `b` $$" }],
    [
      "words that are names",
      { "m/1_a.sql": "SELECT engine = 'x', auto_increment, go\nFROM a, b[1], duplicate" },
    ],
    ["subscripts and types", { "m/1_a.sql": "CREATE TABLE a (b int[], c char varying(3)[4]); SELECT @ -5" }],
    ["Prisma's own", { "m/1_a/migration.sql": "", "m/migration_lock.toml": 'provider = "postgresql"\n' }],
  ])("are not told by %s", (_, files) => {
    expect(layOut(memory(files))).toHaveLength(1);
  });

  it("and what goes back on others is no series of its own", () => {
    const files = {
      "db/init_dbs/pg/1.1/1.sql": "",
      "db/init_dbs/pg/1.2/2.sql": "",
      "db/rollback_dbs/pg/1.1/1.sql": "",
      "db/rollback_dbs/pg/1.2/2.sql": "",
    };
    expect(only(memory(files)).folder.files).toEqual([
      "db/init_dbs/pg/1.1/1.sql",
      "db/init_dbs/pg/1.2/2.sql",
    ]);
    expect(layOut(memory({ "db/tear_down/1.sql": "", "db/set_up/1.sql": "" }))).toHaveLength(2);
  });

  it("are told by their owner alone", () => {
    expect(layOut(memory({ "views/a.sql": "\ufeffCREATE VIEW [dbo].[a] AS SELECT 1" }))).toEqual([]);
  });

  it("are left out one by one among others", () => {
    const files = {
      "m/1_a.sql": "CREATE TABLE a (id int)",
      "m/1_b.sql": "CREATE TABLE b (c LowCardinality(String)) ENGINE = MergeTree()",
    };
    expect(only(memory(files)).folder.files).toEqual(["m/1_a.sql"]);
  });

  it("are not the neighbours' history", () => {
    const files = { "m/mysql/1_a/up.sql": "", "m/postgresql/1_a/up.sql": "", "m/sqlite/1_a/up.sql": "" };
    expect(only(memory(files)).folder.files).toEqual(["m/postgresql/1_a/up.sql"]);
  });
});

describe("files beside the migrations", () => {
  it.each([
    "m/atlas.sum",
    "package.json",
    "db/V1__a.sql.conf",
    "m/1_a.fizz",
    "db.changelog-master.xml",
    "m/V1__a.rs",
  ])("%s is worth a look", (path) => {
    expect(isLayoutFile(path)).toBe(true);
  });

  it.each(["src/index.ts", "README.md", "m/1_a.sql"])("%s is not", (path) => {
    expect(isLayoutFile(path)).toBe(false);
  });
});

describe("the folders that Flyway is told to read", () => {
  const at = "src/main/resources";
  const files = {
    [`${at}/db/migration/V1__a.sql`]: "",
    [`${at}/db/migration_old/V0__x.sql`]: "",
    [`${at}/extra/pg/V2__b.sql`]: "",
  };
  const series = (rest: Record<string, string>) =>
    layOut(memory({ ...files, ...rest })).map(({ folder }) =>
      folder.files.map((path) => path.slice(at.length + 1)).join(" "),
    );
  const apart = ["extra/pg/V2__b.sql", "db/migration/V1__a.sql", "db/migration_old/V0__x.sql"];
  const joined = ["db/migration/V1__a.sql extra/pg/V2__b.sql", "db/migration_old/V0__x.sql"];

  it.each([
    ["application.properties", "spring.flyway.locations=classpath:db/migration,classpath:/extra/{vendor}"],
    ["application.yml", "spring:\n  flyway:\n    locations: classpath:db/migration, classpath:extra/pg\n"],
    [
      "application.yml",
      "spring:\n  flyway:\n    locations:\n      - classpath:db/migration\n      - 'classpath:extra/pg' # both\n",
    ],
  ])("are one sequence, and no other belongs to it: %s", (name, text) => {
    const postgres = text.includes("{vendor}") ? { [`${at}/extra/postgresql/V2__b.sql`]: "" } : {};
    const found = series({ [`${at}/${name}`]: text, ...postgres });
    if (text.includes("{vendor}"))
      expect(found).toContain("db/migration/V1__a.sql extra/postgresql/V2__b.sql");
    else expect(found.sort()).toEqual(joined);
  });

  it("may have blanks and brackets in their names", () => {
    const text = "flyway.locations=filesystem:my [old] folder,filesystem:b";
    const project = memory({ "flyway.conf": text, "my [old] folder/V1__a.sql": "", "b/V2__b.sql": "" });
    expect(layOut(project).map(({ folder }) => folder.files)).toEqual([
      ["my [old] folder/V1__a.sql", "b/V2__b.sql"],
    ]);
  });

  it.each([
    [
      "flyway.conf",
      "flyway.locations=filesystem:src/main/resources/db/migration,filesystem:src/main/resources/extra/pg",
    ],
    [
      "flyway.toml",
      '[flyway]\nlocations = ["filesystem:src/main/resources/db/migration", "filesystem:src/main/resources/extra/pg"]',
    ],
    ["build.gradle", "flyway {\n  url = 'x'\n  locations = ['classpath:db/migration', 'classpath:extra']\n}"],
    ["build.gradle.kts", 'flyway {\n  locations = arrayOf("classpath:db/migration", "classpath:extra")\n}'],
    [
      "pom.xml",
      "<artifactId>flyway-maven-plugin</artifactId><locations><location>classpath:db/migration</location><location>classpath:extra/**</location></locations>",
    ],
  ])("are told by %s, too", (name, text) => {
    expect(series({ [name]: text }).sort()).toEqual(joined);
  });

  it.each([
    ["flyway.conf", "flyway.locations=@PLACES@"],
    ["flyway.conf", "flyway.locations=s3:bucket/migrations"],
    ["flyway.conf", "flyway.locations=classpath:none"],
    ["build.gradle", "flyway {\n  user = 'x'\n}"],
  ])("are not known by %s: %s", (name, text) => {
    expect(series({ [name]: text })).not.toContain(joined[0]);
    expect(series({ [name]: text }).sort()).not.toEqual([...apart].sort());
  });
});
