// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are part of the texts
import { describe, expect, it } from "vitest";
import { leavingWords } from "../../src/layout/leaving.ts";
import { memory, only, pieces, profileNamed, unit, units } from "./project.ts";

const index = "CREATE INDEX CONCURRENTLY i ON t (a);";

describe("goose", () => {
  it("cuts at semicolons that end a line, and keeps StatementBegin blocks whole", () => {
    const text = `-- +goose NO TRANSACTION
-- +goose Up
${index}
SELECT 1; SELECT 2;
SELECT 3; -- why
-- +goose StatementBegin
SELECT 4;
SELECT 5;
-- +goose StatementEnd
SELECT 6;
-- +goose Down
SELECT 7;
`;
    const [up, down] = units("goose", text);
    expect(up?.transaction).toBe("message");
    expect(up === undefined ? [] : pieces(text, up).filter((piece) => piece !== "")).toEqual([
      index,
      "SELECT 1; SELECT 2;",
      "SELECT 3;",
      "SELECT 4;\nSELECT 5;",
      "SELECT 6;",
    ]);
    expect(down?.direction).toBe("down");
    expect(down === undefined ? "" : text.slice(down.start, down.end).trim()).toBe("SELECT 7;");
  });

  it("takes marks in comments alone, at the start of their line and in any case", () => {
    const text = `-- +goose UP
SELECT '
-- +goose Down
', $$
-- +goose NO TRANSACTION
$$;
SELECT 1; -- +goose Down
  -- +goose Down
`;
    const { transaction, direction, end } = unit("goose", text);
    expect([transaction, direction, end]).toEqual(["file", "up", text.length]);
  });

  it("reads placeholders between ENVSUB ON and OFF alone", () => {
    const { fill } = profileNamed("goose");
    expect(fill("-- +goose Up\nSELECT ${A};")).toContain("${A}");
    expect(fill("-- +goose ENVSUB ON\n-- +goose Up\nSELECT ${A};")).toContain("SELECT _a  ;");
  });
});

describe("dbmate", () => {
  it("reads options of each block, and several blocks", () => {
    const text = `-- migrate:up transaction:false
${index}
-- migrate:down
SELECT 1;
--migrate:up
SELECT 2;
-- migrate:down transaction:false
SELECT 3;
`;
    const found = units("dbmate", text).map(({ direction, transaction }) => `${direction} ${transaction}`);
    expect(found).toEqual(["up message", "down file", "up file", "down message"]);
  });

  it("does not take another word for its mark", () => {
    expect(units("dbmate", "-- migrate:upward\nSELECT 1;")).toEqual([]);
  });
});

describe("evolve", () => {
  it("leaves its transaction by the first line alone", () => {
    expect(unit("evolve", `-- Evolve-TX-Off\n${index}`).transaction).toBe("message");
    expect(unit("evolve", `SELECT 1;\n-- evolve-tx-off\n${index}`).transaction).toBe("file");
    expect(unit("evolve", `SELECT 'evolve-tx-off';\n${index}`).transaction).toBe("file");
  });
});

describe("dbup", () => {
  it("shares a transaction as the program says", () => {
    const { parse, leavingOf } = profileNamed("dbup");
    const of = (program: string) => {
      const view = memory({
        "app/App.csproj": '"dbup-postgresql"',
        "app/Program.cs": program,
        "app/sql/a.sql": index,
      });
      const [found] = parse(index, "app/sql/a.sql", view);
      return `${found?.transaction} ${leavingOf?.("app/sql/a.sql", view).by}`;
    };
    expect(of("DeployChanges.To.PostgresqlDatabase(c).Build();")).toBe("none itself");
    expect(of("b.WithTransactionPerScript()")).toBe("file nothing");
    expect(of("b.WithTransaction ()")).toBe("run nothing");
    expect(of("b.WithoutTransaction()")).toBe("none itself");
  });

  it("runs scripts by their names with dots between folders", () => {
    const files = {
      "a/App.csproj": '"dbup-postgresql"',
      "a/s/b/1.sql": "",
      "a/s/b.2.sql": "",
      "a/s/B.sql": "",
    };
    expect(only(memory(files)).folder.files).toEqual(["a/s/B.sql", "a/s/b/1.sql", "a/s/b.2.sql"]);
  });
});

describe("sql-migrate", () => {
  it("wants its mark exactly so", () => {
    expect(units("sql-migrate", "--+migrate Up\nSELECT 1;")).toEqual([]);
    expect(units("sql-migrate", "-- +migrate up\nSELECT 1;")).toEqual([]);
    expect(unit("sql-migrate", "-- +migrate Up notransaction\nSELECT 1;").transaction).toBe("message");
    const parts = `-- +migrate Up
SELECT 1;
-- +migrate Up notransaction
${index}
-- +migrate Down
SELECT 2;
`;
    const [up, down] = units("sql-migrate", parts);
    expect([up?.transaction, down?.transaction]).toEqual(["message", "file"]);
    expect(up === undefined ? [] : pieces(parts, up).filter((piece) => piece !== "")).toEqual([
      "SELECT 1;",
      index,
    ]);
    expect(parts.slice(up?.marker?.start, up?.marker?.end)).toBe("-- +migrate Up notransaction");
  });
});

describe("Play evolutions", () => {
  const path = "conf/evolutions/default/1.sql";
  const text = "-- first\n# --- !Ups\nSELECT 1;; SELECT 2;\nSELECT 3;\n# --- !Downs\nSELECT 4;";

  it("takes a doubled semicolon for one inside of a statement", () => {
    const [up, down] = units("play-evolutions", text, path);
    expect([up?.direction, down?.direction]).toEqual(["up", "down"]);
    expect(up?.breaks.map((at) => text.slice(up.start, at).trim().split("\n").at(-1))).toEqual([
      "SELECT 1;; SELECT 2;",
      "SELECT 3;",
    ]);
  });

  it("reads whether the application wants one transaction", () => {
    const mode = (settings: string) =>
      units("play-evolutions", text, path, { "conf/application.conf": settings })[0]?.transaction;
    expect(mode("play.evolutions.db.default.autocommit = false\n")).toBe("run");
    expect(mode("# play.evolutions.autocommit=false\n")).toBe("message");
  });
});

describe("sqlx", () => {
  it("sees the mark in the very first place only", () => {
    expect(unit("sqlx", `-- no-transaction\n${index}`).transaction).toBe("message");
    expect(unit("sqlx", `\n-- no-transaction\n${index}`).transaction).toBe("file");
    expect(unit("sqlx", `-- why\n-- no-transaction\n${index}`).transaction).toBe("file");
  });
});

describe("Diesel", () => {
  const path = "migrations/2024-01-01-000000_x/up.sql";
  const metadata = (text: string) =>
    unit("diesel", index, path, { "migrations/2024-01-01-000000_x/metadata.toml": text }).transaction;

  it("reads metadata.toml beside the file", () => {
    expect(unit("diesel", index, path).transaction).toBe("file");
    expect(metadata("run_in_transaction = false\n")).toBe("message");
    expect(metadata("run_in_transaction = true # yes\n")).toBe("file");
  });

  it("runs without a transaction where metadata.toml does not say", () => {
    expect(metadata("# nothing\n")).toBe("message");
  });
});

describe("Flyway", () => {
  it("takes statements of its list out of the transaction by itself", () => {
    for (const sql of [
      index,
      "DROP INDEX CONCURRENTLY i;",
      "VACUUM t;",
      "ALTER SYSTEM SET a = 1;",
      "DISCARD ALL;",
    ]) {
      expect(unit("flyway", sql, "V1__x.sql").transaction, sql).toBe("none");
    }
    for (const sql of ["REINDEX TABLE CONCURRENTLY t;", "CREATE INDEX i ON t (a);", "SELECT 'VACUUM';"]) {
      expect(unit("flyway", sql, "V1__x.sql").transaction, sql).toBe("file");
    }
  });

  it("refuses to mix, unless it is told", () => {
    const text = `SET lock_timeout = '1s';\n${index}`;
    expect(unit("flyway", text, "V1__x.sql").refused).toMatch(/mixes/);
    expect(unit("flyway", text, "V1__x.sql", { "flyway.conf": "flyway.mixed=true\n" }).refused).toBeNull();
    const told = unit("flyway", text, "db/V1__x.sql", {
      "db/V1__x.sql.conf": "executeInTransaction=false\n",
    });
    expect([told.transaction, told.refused]).toEqual(["none", null]);
    const wrong = unit("flyway", index, "V1__x.sql", { "V1__x.sql.conf": "executeInTransaction=true\n" });
    expect(wrong.transaction).toBe("file");
  });

  it("runs what is behind the migrations again and again", () => {
    expect(unit("flyway", "SELECT 1;", "afterMigrate__views.sql").direction).toBe("repeatable");
  });
});

describe("what a project tells of Flyway", () => {
  const flyway = profileNamed("flyway");
  const path = "src/main/resources/db/migration/V1__x.sql";
  const told = (name: string, text: string) => memory({ [path]: "", [`src/main/resources/${name}`]: text });

  it.each([
    ["application.properties", "spring.flyway.schemas=shop, audit\n", ["shop", "public"]],
    ["application.properties", "spring.flyway.default-schema=${DB:shop}\n", ["shop", "public"]],
    ["application.properties", "spring.flyway.default-schema=${DB}\n", null],
    [
      "application.yml",
      "spring:\n  jpa:\n    open: no\n  flyway:\n    default-schema: 'shop' # ours\n",
      ["shop", "public"],
    ],
    ["application.yaml", "quarkus.flyway.schemas: shop\n", ["shop", "public"]],
    ["flyway.toml", '[flyway]\ndefaultSchema = "shop"\n', ["shop", "public"]],
    ["flyway.conf", "#flyway.schemas=shop\n", null],
    ["application.yml", "other:\n  default-schema: shop\n", null],
  ])("%s: %s", (name, text, expected) => {
    expect(flyway.searchPath?.(path, told(name, text))).toEqual(expected);
  });

  it("placeholders between other marks, or none", () => {
    const marks = "flyway.placeholderPrefix=#[\nflyway.placeholderSuffix=]\n";
    expect(flyway.fill("SELECT #[a];", path, told("flyway.conf", marks))).toBe("SELECT _a  ;");
    const off = told("flyway.conf", "flyway.placeholderReplacement=false\n");
    expect(flyway.fill("SELECT ${a};", path, off)).toBe("SELECT ${a};");
  });

  it("passes over spaces that do not break between statements", () => {
    expect(flyway.fill("\u00a0SELECT 1;\u00a0 \nSELECT 'a\u00a0b';\u00a0")).toBe(
      " SELECT 1;  \nSELECT 'a\u00a0b'; ",
    );
    expect(flyway.fill("SELECT\u00a01;")).toBe("SELECT\u00a01;");
  });

  it("whether its lock is that of a transaction, for which CONCURRENTLY waits", () => {
    const build = "CREATE INDEX CONCURRENTLY i ON t (a);";
    const words = (name: string, text: string, sql: string) =>
      leavingWords(flyway.leavingOf?.(path, told(name, text)) ?? flyway.leaving, sql);
    expect(words("x.txt", "", build)).toMatch(/transactional\.lock=false/);
    expect(words("x.txt", "", "DROP INDEX CONCURRENTLY i;")).not.toMatch(/transactional\.lock/);
    for (const [name, text] of [
      ["flyway.conf", "flyway.postgresql.transactional.lock=false\n"],
      ["flyway.toml", "[flyway.postgresql]\ntransactional.lock = false\n"],
      ["application.properties", "spring.flyway.postgresql.transactional-lock=false\n"],
    ] as const)
      expect(words(name, text, build), text).not.toMatch(/transactional\.lock/);
  });
});

describe("Liquibase", () => {
  const head = "--liquibase formatted sql\n";

  it("cuts at a changeset's own delimiter, and blanks it", () => {
    const text = `${head}--changeset a:1 endDelimiter:/ runInTransaction:false
SELECT 6 / 2
/
SELECT '
/
'
/
`;
    const one = unit("liquibase", text);
    expect(one.transaction).toBe("message");
    expect(pieces(profileNamed("liquibase").fill(text), one)).toEqual(["SELECT 6 / 2", "SELECT '\n/\n'", ""]);
  });

  it("sends statements one by one unless it is told not to split", () => {
    const changeset = (attributes: string) =>
      unit("liquibase", `${head}--CHANGESET a:1 ${attributes}\n${index}`);
    expect(changeset("").transaction).toBe("file");
    expect(changeset("runInTransaction:false").transaction).toBe("none");
    expect(changeset("runintransaction:FALSE").transaction).toBe("none");
    expect(changeset("runInTransaction:false splitStatements:false").transaction).toBe("message");
  });

  it("runs a file of plain SQL whole where a changelog names it, and not where none does", () => {
    const modeOf = (master: string | null) => {
      const text = `SELECT 1;\n${index}\n`;
      const files = { "db/plain.sql": text, ...(master !== null && { "db/master.xml": master }) };
      return profileNamed("liquibase")
        .parse(text, "db/plain.sql", memory(files))
        .map(({ start, end, transaction }) => `${start}-${end === text.length} ${transaction}`);
    };
    const log = (inside: string) => `<databaseChangeLog>${inside}</databaseChangeLog>`;
    const sqlFile = '<sqlFile path="plain.sql" relativeToChangelogFile="true"/>';
    expect(modeOf(null)).toEqual(["0-true file"]);
    expect(modeOf(log('<include file="db/plain.sql"/>'))).toEqual(["0-true file"]);
    expect(modeOf(log('<includeAll path="db/"/>'))).toEqual(["0-true file"]);
    expect(modeOf(log('<include file="db/other.sql"/>'))).toEqual([]);
    const apart = '<changeSet id="1" author="a" runInTransaction="false">';
    const within = '<changeSet id="2" author="a">';
    expect(modeOf(log(`${within}${sqlFile}</changeSet>${apart}</changeSet>`))).toEqual(["0-true file"]);
    expect(modeOf(log(`${within}</changeSet>${apart}${sqlFile}</changeSet>`))).toEqual(["0-true none"]);
    const yaml = "databaseChangeLog:\n- changeSet:\n    changes:\n    - sqlFile: {path: plain.sql}\n";
    expect(modeOf(`${yaml}    runInTransaction: false\n- changeSet: {}`)).toEqual(["0-true none"]);
    const comment = "    comment: splits a changeSet\n    changes:\n    - sqlFile: {path: plain.sql}\n";
    expect(modeOf(`databaseChangeLog:\n- changeSet:\n    runInTransaction: false\n${comment}`)).toEqual([
      "0-true none",
    ]);
  });

  it("runs nothing of a file with the first line and no changeset", () => {
    expect(units("liquibase", `${head}SELECT 1;`)).toEqual([]);
  });

  it("leaves other databases out", () => {
    const names = (dbms: string) =>
      units("liquibase", `${head}--changeset a:1 dbms:${dbms}\nSELECT 1;`).length;
    expect([names("mysql"), names("mysql,oracle"), names("!postgresql"), names("none")]).toEqual([
      0, 0, 0, 0,
    ]);
    expect([names("postgresql"), names("mysql,postgresql"), names("!mysql"), names("all")]).toEqual([
      1, 1, 1, 1,
    ]);
  });

  it("finds rollbacks in their comments", () => {
    const text = `${head}--changeset a:1
SELECT 1;
--rollback DROP TABLE t;
--rollback not required
/* liquibase rollback
DROP TABLE u;
*/
`;
    const downs = units("liquibase", text).filter(({ direction }) => direction === "down");
    expect(downs.map(({ start, end }) => text.slice(start, end).trim())).toEqual([
      "DROP TABLE t;",
      "DROP TABLE u;",
    ]);
  });

  it("reads no piece of a rollback in several lines", () => {
    const text = `${head}--changeset a:1
DROP TABLE t;
--rollback CREATE TABLE t
--rollback (
--rollback   id int
--rollback );
--rollback DROP TABLE u;
`;
    const downs = units("liquibase", text).filter(({ direction }) => direction === "down");
    expect(downs.map(({ start, end }) => text.slice(start, end))).toEqual(["DROP TABLE u;"]);
  });

  it("does not read ignored lines", () => {
    const text = `${head}--changeset a:1
SELECT 1;
--ignoreLines:start
--changeset a:2
nonsense
--ignoreLines:end
--ignoreLines:1
more nonsense
SELECT 2;
`;
    const one = unit("liquibase", text);
    expect(profileNamed("liquibase").fill(text).slice(one.start, one.end)).not.toContain("nonsense");
  });
});

describe("Prisma", () => {
  const path = "prisma/migrations/1_x/migration.sql";
  const mode = (version: string, text = index) =>
    unit("prisma", text, path, { "package.json": `{ "devDependencies": { "prisma": "${version}" } }` })
      .transaction;

  it("sends a file as one message up to 7.3, and statements one by one from 7.4 on", () => {
    expect(["^6.19.0", "7.3.1", "~5.22", "workspace:*"].map((version) => mode(version))).toEqual(
      Array(4).fill("message"),
    );
    expect(["7.4.0", "^7.10.1", ">=8.0"].map((version) => mode(version))).toEqual(Array(3).fill("none"));
    expect(unit("prisma", index, path).transaction).toBe("message");
  });

  it("still sends one message where DROP INDEX CONCURRENTLY stands", () => {
    expect(mode("7.4.0", "DROP INDEX CONCURRENTLY i;\nSELECT 1;")).toBe("message");
  });
});

describe("Supabase", () => {
  it("cuts the transaction at a statement that cannot be in one", () => {
    const text = `SELECT 1;\n${index}\n-- why\nSELECT 2;\nVACUUM t;`;
    const found = units("supabase", text).map(({ start, end, transaction }) => [
      transaction,
      text.slice(start, end).trim(),
    ]);
    expect(found).toEqual([
      ["file", "SELECT 1;"],
      ["none", index],
      ["file", "-- why\nSELECT 2;"],
      ["none", "VACUUM t;"],
    ]);
  });

  it("runs a file with transactions of its own as it is", () => {
    expect(unit("supabase", `BEGIN;\nSELECT 1;\nCOMMIT;\n${index}`).transaction).toBe("none");
  });
});

describe("tern", () => {
  it("takes each part out of the transaction by itself", () => {
    const text = `---- tern: disable-tx ----\n${index}\n---- create above / drop below ----\nSELECT 1;\n`;
    expect(units("tern", text).map(({ direction, transaction }) => `${direction} ${transaction}`)).toEqual([
      "up none",
      "down file",
    ]);
  });
});

describe("Atlas", () => {
  it("sees its directive where an empty line parts it from the statement", () => {
    expect(unit("atlas", `-- atlas:txmode none\n\n${index}`).transaction).toBe("none");
    expect(unit("atlas", `-- why\n-- atlas:txmode none\r\n\r\n${index}`).transaction).toBe("none");
    expect(unit("atlas", `-- atlas:txmode none\n${index}`).transaction).toBe("file");
    expect(unit("atlas", `SELECT 1;\n-- atlas:txmode none\n\n${index}`).transaction).toBe("file");
  });

  it("knows the way back in files that it writes for golang-migrate", () => {
    expect(unit("atlas", "DROP TABLE a;", "m/20240101.down.sql").direction).toBe("down");
    expect(unit("atlas", "CREATE TABLE a ();", "m/20240101.up.sql").direction).toBe("up");
  });
});

describe("graphile-migrate", () => {
  it("sees its mark in the first line behind the header", () => {
    const header = "--! Previous: -\n--! Hash: sha1:0\n\n";
    expect(unit("graphile-migrate", `${header}--! no-transaction\n${index}`).transaction).toBe("message");
    expect(unit("graphile-migrate", `--! no-transaction\n${index}`).transaction).toBe("message");
    expect(unit("graphile-migrate", `${header}-- why\n--! no-transaction\n${index}`).transaction).toBe(
      "file",
    );
  });
});

describe("node-pg-migrate", () => {
  it("takes the whole file for up where only down is marked", () => {
    const text = "SELECT 1;\n-- Down Migration\nSELECT 2;\n";
    expect(units("node-pg-migrate", text).map(({ direction, end }) => [direction, end])).toEqual([
      ["up", text.length],
      ["down", text.length],
    ]);
  });

  it("reads its marks in any case", () => {
    const text = "---- UP migration\nSELECT 1;\n--down Migration of it\nSELECT 2;\n";
    expect(units("node-pg-migrate", text).map(({ direction }) => direction)).toEqual(["up", "down"]);
  });
});

describe("Drizzle", () => {
  it("cuts at breakpoints, on a line of their own or behind a statement", () => {
    const text =
      "SELECT 1--> statement-breakpoint\nSELECT 2;\n--> statement-breakpoint\nSELECT '\n--> statement-breakpoint\n'";
    const one = unit("drizzle", text);
    expect(one.transaction).toBe("run");
    expect(one.breaks.map((at) => text.slice(0, at).split("\n").length)).toEqual([1, 3]);
  });
});
