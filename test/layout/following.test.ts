import { describe, expect, it } from "vitest";
import { profiles } from "../../src/layout/index.ts";
import { fixture, memory, only } from "./project.ts";

const sql = "CREATE INDEX CONCURRENTLY orders_note_idx ON orders (note);";

const paths: Readonly<Record<string, string>> = {
  atlas: "migrations/20240103000001_index_the_note.sql",
  bun: "migrations/20240103000001_index_the_note.up.sql",
  "go-pg": "migrations/4_index_the_note.up.sql",
  "db-migrate": "migrations/sqls/20240103000001-index-the-note-up.sql",
  dbmate: "db/migrations/20240103000001_index_the_note.sql",
  diesel: "migrations/2024-01-03-000001_index_the_note/up.sql",
  drizzle: "drizzle/0003_index_the_note.sql",
  flyway: "src/main/resources/db/migration/V11__index_the_note.sql",
  "golang-migrate": "migrations/11_index_the_note.up.sql",
  dbup: "src/Shop/Scripts/0004_index_the_note.sql",
  evolve: "src/Shop/db/migrations/V11__index_the_note.sql",
  goose: "migrations/00004_index_the_note.sql",
  "graphile-migrate": "migrations/current.sql",
  grate: "db/up/011_index_the_note.sql",
  migratus: "resources/migrations/20240103120001-index-the-note.up.sql",
  "mybatis-migrations": "scripts/20240103000001_index_the_note.sql",
  yoyo: "migrations/20240104_index-the-note.sql",
  yuniql: "src/Shop/db/v0.11/01-index-the-note.sql",
  hasura: "migrations/default/1704240000001_index_the_note/up.sql",
  liquibase: "changelog/index_the_note.sql",
  "node-pg-migrate": "migrations/1704240000001_index_the_note.sql",
  "play-evolutions": "conf/evolutions/default/11.sql",
  pop: "migrations/20240103000001_index_the_note.up.sql",
  "postgres-migrations": "migrations/0004-index-the-note.sql",
  postgrator: "migrations/011.do.index-the-note.sql",
  prairielearn: "src/migrations/20240103000001_index_the_note.sql",
  prisma: "prisma/migrations/20240103000001_index_the_note/migration.sql",
  psql: "11_index_the_note.sql",
  "psql-single-transaction": "migrations/3_index_the_note.sql",
  morph: "migrations/000004_index_the_note.up.sql",
  refinery: "migrations/V11__index_the_note.sql",
  sqitch: "deploy/index_the_note.sql",
  "sql-migrate": "migrations/11_index_the_note.sql",
  sqlx: "migrations/20240103000001_index_the_note.sql",
  supabase: "supabase/migrations/20240104000001_index_the_note.sql",
  tern: "migrations/004_index_the_note.sql",
};

describe("a migration that follows", () => {
  for (const profile of profiles) {
    it(`${profile.name}: has the next name, and is read back as it was meant`, () => {
      const project = fixture(profile.name);
      const { folder } = only(project);
      const written = profile.following(folder, { name: "Index the note", sql, transaction: false });
      expect(written[0]?.path).toBe(paths[profile.name]);
      const files = Object.fromEntries(written.map(({ path, text }) => [path, text]));
      const view = memory({ ...files, ...packageOf(project) });
      const [unit] = profile.parse(written[0]?.text ?? "", written[0]?.path ?? "", view);
      const text = written[0]?.text.slice(unit?.start, unit?.end) ?? "";
      expect(text).toContain(sql);
      const isFree = unit?.transaction === "none" || unit?.transaction === "message";
      expect(isFree).toBe(profile.leaving.by !== "nothing");
    });

    it(`${profile.name}: keeps its transaction where it is wanted`, () => {
      const { folder } = only(fixture(profile.name));
      const [first] = profile.following(folder, { name: "x", sql: "UPDATE a SET b = 1;", transaction: true });
      const [unit] = profile.parse(first?.text ?? "", first?.path ?? "", memory({}));
      const isWrapped =
        unit?.transaction === "file" || unit?.transaction === "run" || first?.text.includes("BEGIN;");
      expect(isWrapped || profile.name === "prisma").toBe(true);
      expect(unit?.marker ?? null).toBeNull();
    });
  }

  it("drizzle: is a folder where the others are, and starts where nothing is", () => {
    const { profile, folder } = only(
      memory({
        "drizzle/20240101000000_a/migration.sql": "",
        "drizzle/20240101000000_a/snapshot.json": "{}",
      }),
    );
    const [file] = profile.following(folder, { name: "Index it", sql, transaction: true });
    expect(file?.path).toMatch(/^drizzle\/20240101\d{6}_index_it\/migration\.sql$/);
  });

  it("Flyway: joins the parts of a version as the last one does", () => {
    const after = (name: string) => {
      const { profile, folder } = only(memory({ [`db/migration/${name}`]: "", "flyway.conf": "" }));
      return profile.following(folder, { name: "b", sql, transaction: true })[0]?.path;
    };
    expect(["V1_09__a.sql", "V7.6_2023.10.12__a.sql", "V3__a.sql"].map(after)).toEqual([
      "db/migration/V1_10__b.sql",
      "db/migration/V7.6_2023.10.13__b.sql",
      "db/migration/V4__b.sql",
    ]);
  });

  it("sqitch: has a way back where the change is told one", () => {
    const { profile, folder } = only(
      memory({ "deploy/a.sql": "", "sqitch.plan": "%project=x\n\na 2024-01-01T00:00:00Z x <x>\n" }),
    );
    const change = { name: "b", sql: "CREATE TABLE b ();", transaction: true };
    const written = (down?: string) => profile.following(folder, { ...change, ...(down && { down }) });
    expect(written().map(({ path }) => path)).toEqual(["deploy/b.sql"]);
    const [, back] = written("DROP TABLE b;");
    expect(back?.path).toBe("revert/b.sql");
    expect(back?.text).toContain("BEGIN;\n\nDROP TABLE b;\n\nCOMMIT;");
  });

  it("atlas: is a pair where the others are pairs", () => {
    const { profile, folder } = only(
      memory({ "m/20240101.up.sql": "", "m/20240101.down.sql": "", "m/atlas.sum": "h1:x", "atlas.hcl": "" }),
    );
    const written = profile.following(folder, { name: "b", sql, transaction: false, down: "DROP INDEX b;" });
    expect(written.map(({ path }) => path.replace(/\d+/, "1"))).toEqual(["m/1_b.up.sql", "m/1_b.down.sql"]);
    expect(written.map(({ text }) => text.startsWith("-- atlas:txmode none"))).toEqual([true, false]);
  });

  it("psql: goes on in the manner of the last", () => {
    const next = (...names: string[]) => {
      const { profile, folder } = only(memory(Object.fromEntries(names.map((name) => [name, "SELECT 1;"]))));
      return profile.following(folder, { name: "b", sql, transaction: true })[0]?.path;
    };
    expect(next("db/v1.sql", "db/v9.sql")).toBe("db/v10_b.sql");
    expect(next("db/patch-001-a.sql", "db/patch-009-a.sql")).toBe("db/patch-010-b.sql");
    expect(next("db/2024-01-30_a.sql", "db/2024-01-31_a.sql")).toBe("db/2024-02-01_b.sql");
  });

  it("says in either half of a file that it runs without a transaction", () => {
    for (const profile of profiles) {
      const { folder } = only(fixture(profile.name));
      const down = "DROP INDEX CONCURRENTLY orders_note_idx;";
      const written = profile.following(folder, { name: "x", sql, transaction: false, down });
      const view = memory(Object.fromEntries(written.map(({ path, text }) => [path, text])));
      const units = written.flatMap(({ path, text }) => profile.parse(text, path, view));
      const modes = units.filter(({ direction }) => direction === "down").map((unit) => unit.transaction);
      const isFree = modes.every((mode) => mode === "none" || mode === "message");
      expect([profile.name, isFree]).toEqual([
        profile.name,
        profile.leaving.by !== "nothing" || modes.length === 0,
      ]);
    }
  });

  it("counts on where a time stamp is none", () => {
    const { profile, folder } = only(memory({ "99999999999999_a.sql": "-- +goose Up\n" }));
    expect(profile.following(folder, { name: "", sql, transaction: true })[0]?.path).toBe(
      "100000000000000_change.sql",
    );
  });
});

/** Prisma's version decides how it sends a file. */
function packageOf(project: ReturnType<typeof fixture>): Record<string, string> {
  const text = project.read("package.json");
  return text === null ? {} : { "package.json": text };
}
