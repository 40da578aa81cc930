import { describe, expect, it } from "vitest";
import { defineRule, explain, lint, loadConfig, rules } from "../../src/index.ts";

const index = [{ path: "a.sql", text: "CREATE INDEX i ON orders (c);" }];

describe("the library", () => {
  it("lints texts and resolves to the object of the JSON contract", async () => {
    const report = await lint(index, { postgresVersion: 16 });
    expect(report).toMatchObject({
      version: 1,
      files: [{ path: "a.sql", statements: 1 }],
      diagnostics: [
        { rule: "index-without-concurrently", severity: "error", start: { line: 1, column: 1, offset: 0 } },
      ],
      summary: { errors: 1, warnings: 0, suppressed: 0, baseline: 0 },
    });
  });

  it("explains what statements do", async () => {
    const { statements } = await explain(index);
    expect(statements).toMatchObject([
      {
        kind: "create index",
        transaction: "autocommit",
        locks: [{ relation: "public.orders", mode: "SHARE", blocksReads: false, blocksWrites: true }],
        fails: null,
      },
    ]);
  });

  it("names relations as the catalog does, without the quotes that SQL needs", async () => {
    const text = 'REINDEX INDEX "By Name"; ALTER TABLE "Order Lines" SET UNLOGGED;';
    const made = 'CREATE TABLE "Order Lines" (id int); CREATE INDEX "By Name" ON "Order Lines" (id);';
    const sources = [
      { path: "a.sql", text: made, role: "history" as const },
      { path: "b.sql", text },
    ];
    const { statements } = await explain(sources);
    expect(statements).toMatchObject([
      {
        locks: [
          { relation: "public.Order Lines" },
          { relation: "public.By Name", table: "public.Order Lines" },
        ],
        scans: ["public.Order Lines"],
        buildsIndexes: ["By Name"],
      },
      { rewrites: ["public.Order Lines"], buildsIndexes: ["By Name"] },
    ]);
    const { diagnostics } = await lint(sources, { only: ["table-rewrite"] });
    expect(diagnostics[0]?.impact?.locks[0]).toMatchObject({ relation: "public.Order Lines" });
    expect(diagnostics[0]?.message).toContain('"Order Lines"');
  });

  it("says in the words of the tool how a step keeps out of its transaction", async () => {
    const { diagnostics } = await lint(index, { runner: "flyway", only: ["index-without-concurrently"] });
    expect(diagnostics[0]?.rewrite?.[0]).toMatchObject({
      transaction: false,
      outside: expect.stringContaining("executeInTransaction=false"),
    });
    const other = await lint([{ path: "a.sql", text: "ALTER TABLE t ALTER c SET NOT NULL;" }]);
    expect(
      other.diagnostics.flatMap(({ rewrite = [] }) => rewrite.filter((step) => "outside" in step)),
    ).toEqual([]);
  });

  it("asks rules of one's own", async () => {
    const own = defineRule({
      id: "select-star",
      severity: "warning",
      category: "style",
      summary: "SELECT *",
      why: "",
      instead: "",
      references: [],
      on: ["select"],
      *check(node) {
        yield { at: node.head, message: "It reads every column" };
      },
    });
    const report = await lint([{ path: "a.sql", text: "SELECT * FROM t" }], { catalogue: [own] });
    expect(report.diagnostics.map(({ rule }) => rule)).toEqual(["select-star"]);
  });

  it("tells of a rule that throws, and goes on", async () => {
    const broken = defineRule({
      id: "broken",
      severity: "error",
      category: "style",
      summary: "",
      why: "",
      instead: "",
      references: [],
      on: ["create index"],
      check() {
        throw new Error("no");
      },
    });
    const { lintSources } = await import("../../src/engine/lint.ts");
    const report = await lintSources(index, { catalogue: [...rules, broken] });
    expect(report.complaints).toEqual([{ path: "a.sql", line: 1, message: "the rule broken failed: no" }]);
    expect(report.diagnostics).not.toEqual([]);
  });

  it("loads a configuration through any access to files", async () => {
    const texts = new Map([
      ["/p/lockwise.config.json", '{ "postgresVersion": 17, "rules": { "drop-column": "off" } }'],
    ]);
    const files = {
      read: (path: string) => texts.get(path) ?? null,
      exists: (path: string) => texts.has(path),
    };
    const options = await loadConfig("/p/db/migrations", files);
    expect(options).toMatchObject({ postgresVersion: 17, rules: { "drop-column": "off" } });
    texts.set("/p/lockwise.config.json", '{ "postgresVersoin": 17 }');
    await expect(loadConfig("/p", files)).rejects.toThrow(/lockwise\.config\.json:1:\d+: .*postgresVersion/);
  });

  it("takes no slip of the pen for an option", async () => {
    const refused = (options: object, sources: unknown = index) =>
      lint(sources as typeof index, options).then(
        () => null,
        (error: Error) => error.message,
      );
    expect(await refused({ postgresversion: 16 })).toBe(
      "postgresversion is no option: did you mean postgresVersion?",
    );
    expect(await refused({ postgresVersion: 11 })).toMatch(/12 to 18, not 11/);
    expect(await refused({ rules: { "index-without-concurrenty": "off" } })).toMatch(
      /did you mean index-without-concurrently\?/,
    );
    expect(await refused({ only: ["nothing"] })).toBe("nothing is no rule");
    expect(await refused({ rules: { "int-primary-key": ["error", { everyIntColum: true }] } })).toBe(
      "everyIntColum is no option of int-primary-key; did you mean everyIntColumn?",
    );
    expect(await refused({ rules: { "drop-table": "fatal" } })).toMatch(
      /one of off, warning, error, not "fatal"/,
    );
    expect(await refused({ overrides: [{ files: ["*"], rules: { "drop-tabel": "off" } }] })).toMatch(
      /drop-table\?/,
    );
    expect(await refused({ release: "all" })).toMatch(/release must be one of file, run, not "all"/);
    expect(await refused({ parser: "own" })).toMatch(/^parser must be one of/);
    expect(await refused({ runner: "gose" })).toMatch(/did you mean goose\?/);
    expect(await refused({ maxLockTimeout: "soon" })).toMatch(/must be a duration/);
    expect(await refused({ session: { lockTimout: "1s" }, runner: undefined })).toMatch(/lockTimeout\?/);
    expect(await refused({}, [{ path: "a.sql", text: "", role: "old" }])).toMatch(
      /history or lint, not "old"/,
    );
    expect(await refused({}, [{ path: "a.sql" }])).toBe("sources[0] has no text");
    expect(await refused({}, "a.sql")).toMatch(/must be a list/);
    expect(
      await refused({ rules: { "require-concurrent-index-creation": "off", "prefer-robust-stmts": "off" } }),
    ).toBe(null);
  });

  it("knows rules by the names that squawk has for them", async () => {
    const sources = [{ path: "a.sql", text: "CREATE INDEX i ON t (a);" }];
    const found = async (options: object) =>
      (await lint(sources, options)).diagnostics.map(({ rule, severity }) => `${rule} ${severity}`);
    const squawk = "require-concurrent-index-creation";
    expect(await found({ rules: { [squawk]: "warning" } })).toEqual(["index-without-concurrently warning"]);
    expect(await found({ only: [squawk] })).toEqual(["index-without-concurrently error"]);
    expect(await found({ overrides: [{ files: ["a*"], rules: { [squawk]: "off" } }] })).toEqual([]);
  });
});
