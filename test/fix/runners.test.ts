import { describe, expect, it } from "vitest";
import { filesOf } from "../../src/fix/files.ts";
import { findProfile, layOut, profiles, psql } from "../../src/layout/index.ts";
import { lintPlan, planFor } from "./planned.ts";

const setup =
  "CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, total integer NOT NULL, user_id bigint);";
const sql = `CREATE INDEX orders_user_idx ON orders (user_id);
ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id);
ALTER TABLE orders ALTER COLUMN total TYPE bigint;`;

/** They have no way out of the transaction for a loop that commits, or none at all. */
const byHand: Readonly<Record<string, readonly string[]>> = {
  "db-migrate": ["build index", "fill"],
  drizzle: ["build index", "fill"],
  hasura: ["build index", "fill"],
  "mybatis-migrations": ["build index", "fill"],
  "node-pg-migrate": ["build index", "fill"],
  pop: ["build index", "fill"],
  "psql-single-transaction": ["build index", "fill"],
  refinery: ["build index", "fill"],
  supabase: ["fill"],
  yuniql: ["build index", "fill"],
};

describe("a plan in the form of each tool", () => {
  it.each(profiles.map(({ name }) => name))(
    "%s: lints clean and takes steps back where it can",
    async (runner) => {
      const planned = await planFor(setup, sql, 16, runner);
      const steps = planned.plan.series.flatMap((series) => series.steps);
      expect(steps.map(({ name }) => name)).toEqual([
        "build index",
        "constrain",
        "validate",
        "add",
        "fill",
        "constrain",
        "validate",
        "not null",
        "swap",
        "drop",
      ]);
      const manual = steps.filter((step) => step.byHand).map(({ name }) => name);
      expect(manual).toEqual(byHand[runner] ?? []);
      // graphile-migrate has one current.sql: its steps are committed one by one.
      if (runner !== "graphile-migrate") expect((await lintPlan(planned, runner)).join("\n")).toBe("");
      for (const { step, files } of planned.files) expect(files.length > 0, step.title).toBe(!step.byHand);
    },
  );

  const withDown = [
    "goose",
    "dbmate",
    "db-migrate",
    "sql-migrate",
    "tern",
    "mybatis-migrations",
    "node-pg-migrate",
    "diesel",
    "hasura",
    "pop",
    "liquibase",
  ];
  it.each(withDown)("%s: has the way back in its place", async (runner) => {
    const { files } = await planFor(setup, sql, 16, runner);
    const texts = files.map((one) => one.files.map(({ text }) => text).join("\n"));
    if (byHand[runner] === undefined)
      expect(texts[0]).toContain("DROP INDEX CONCURRENTLY IF EXISTS orders_user_idx;");
    expect(texts[1]).toContain("ALTER TABLE orders DROP CONSTRAINT orders_user;");
  });

  it("goose: a body is not cut at its semicolons", async () => {
    const { files } = await planFor(setup, sql, 16, "goose");
    const fill = files.find(({ step }) => step.name === "fill")?.files[0]?.text;
    expect(fill).toMatch(/StatementBegin\nDO \$\$[\s\S]*\$\$;\n-- \+goose StatementEnd/);
  });

  it.each(["goose", "sql-migrate"])(
    "%s: what leaves its transaction commits line by line",
    async (runner) => {
      const again =
        "DROP INDEX CONCURRENTLY IF EXISTS of_user;\nCREATE INDEX CONCURRENTLY of_user ON orders (user_id);";
      const { plan } = await planFor(
        setup,
        "CREATE INDEX IF NOT EXISTS of_user ON orders (user_id);",
        16,
        runner,
      );
      const steps = plan.series.flatMap((series) => series.steps);
      expect(steps.map((step) => [step.sql, step.mode])).toEqual([[again, "none"]]);
    },
  );
});

describe("the files of a plan", () => {
  it("bear the name of their migration, without its number", async () => {
    const { plan } = await planFor(setup, sql, 16, "goose");
    const nameOf = (path: string) => {
      const project = { paths: [path], read: () => "-- +goose Up\nSELECT 1;\n" };
      const [layout] = layOut(project, { runner: findProfile("goose") ?? psql });
      if (layout === undefined) throw new Error("goose does not run the file");
      return filesOf({ ...plan, path }, layout)[0]?.files[0]?.path;
    };
    expect(nameOf("m/0042_orders_status.sql")).toBe("m/0043_orders_status_1_build_index.sql");
    expect(nameOf("m/42_7.sql")).toBe("m/43_7_1_build_index.sql");
  });
});
