import { Ajv } from "ajv";
import { expect, test } from "vitest";
import type { ConfigurationFiles } from "../../src/config/configuration.ts";
import { findConfiguration } from "../../src/config/find.ts";
import { loadConfiguration } from "../../src/config/load.ts";
import { configurationSchema } from "../../src/config/schema.ts";
import type { KnownNames } from "../../src/config/validate.ts";

const known: KnownNames = {
  rules: {
    ids: new Set(["index-without-concurrently", "drop-column", "volatile-default", "generated-column"]),
    aliases: new Map([
      ["ban-drop-column", ["drop-column"]],
      ["adding-field-with-default", ["volatile-default", "generated-column"]],
      ["prefer-robust-stmts", []],
    ]),
    options: new Map([["drop-column", { a: { is: "number", says: "..." } }]]),
  },
  runners: ["psql", "goose", "flyway"],
};

function filesOf(texts: Readonly<Record<string, string>>): ConfigurationFiles {
  return {
    read: (path) => texts[path] ?? null,
    exists: (path) => Object.keys(texts).some((name) => name === path || name.startsWith(`${path}/`)),
  };
}

async function load(texts: Readonly<Record<string, string>>, start = "/p/db/migrations") {
  const files = filesOf(texts);
  const found = findConfiguration(files, start);
  if (found === null) return null;
  return loadConfiguration(files, found, async () => known);
}

async function complaintsOf(text: string): Promise<string[]> {
  const outcome = await load({ "/p/lockwise.config.json": text });
  return (outcome?.problems ?? []).map(
    ({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`,
  );
}

test("every key, with comments and trailing commas", async () => {
  const outcome = await load({
    "/p/lockwise.config.json": `{
      // JSON with comments
      "$schema": "x", "extends": "strict", "postgresVersion": 16, "migrations": ["db/**/*.sql"], "runner": "goose",
      "session": { "lockTimeout": "5s", "statementTimeout": "1min" },
      "rules": { "drop-column": ["error", { "a": 1 }] },
      "overrides": [{ "files": ["old/**"], "rules": { "ban-drop-column": "off" } }],
      "tables": { "public.orders": { "rows": 1000000, "hot": true } },
      "maxLockTimeout": "10s", "schema": ["structure.sql"], "baseline": "b.json", "suppressions": { "requireReason": true },
      "plugins": ["./own.js", "a-package"], "ignore": ["seed.sql"], "parser": "postgres", "down": true,
    }`,
  });
  expect(outcome).toEqual({
    problems: [],
    configuration: {
      options: {
        extends: "strict",
        postgresVersion: 16,
        runner: "goose",
        session: { lockTimeout: "5s", statementTimeout: "1min" },
        rules: { "drop-column": ["error", { a: 1 }] },
        overrides: [{ files: ["old/**"], rules: { "drop-column": "off" } }],
        tables: { "public.orders": { rows: 1000000, hot: true } },
        maxLockTimeout: "10s",
        suppressions: { requireReason: true },
        parser: "postgres",
        down: true,
      },
      folder: "/p",
      path: "/p/lockwise.config.json",
      migrations: ["db/**/*.sql"],
      ignore: ["seed.sql"],
      schema: ["/p/structure.sql"],
      baseline: "/p/b.json",
      plugins: ["/p/own.js", "a-package"],
      notes: [],
    },
  });
});

test("what is wrong is told with its place and the nearest right word", async () => {
  expect(await complaintsOf('{\n  "postgresVerson": 16\n}')).toEqual([
    "/p/lockwise.config.json:2:3: postgresVerson is no key of the configuration; did you mean postgresVersion?",
  ]);
  expect(await complaintsOf('{ "rules": { "drop-colum": "error" } }')).toEqual([
    "/p/lockwise.config.json:1:14: drop-colum is no rule; did you mean drop-column?",
  ]);
  expect(await complaintsOf('{ "rules": { "drop-column": "warn" } }')).toEqual([
    '/p/lockwise.config.json:1:29: drop-column must be one of off, warning, error, not "warn"',
  ]);
  expect(await complaintsOf('{ "rules": { "drop-column": ["error", 1] } }')).toEqual([
    "/p/lockwise.config.json:1:39: the options of drop-column must be an object, not 1",
  ]);
  expect(
    await complaintsOf('{\n  "rules": {\n    "ban-drop-column": ["error", { "aa": 1 }]\n  }\n}'),
  ).toEqual(["/p/lockwise.config.json:3:36: aa is no option of ban-drop-column; did you mean a?"]);
  expect(await complaintsOf('{ "rules": { "drop-column": ["error", { "a": true }] } }')).toEqual([
    "/p/lockwise.config.json:1:46: a must be a number, not true",
  ]);
  expect(await complaintsOf('{ "rules": { "volatile-default": ["error", { "a": 1 }] } }')).toEqual([
    "/p/lockwise.config.json:1:46: a is no option of volatile-default; volatile-default takes none",
  ]);
  expect(await complaintsOf('{ "runner": "gose" }')).toEqual([
    '/p/lockwise.config.json:1:13: runner must be one of psql, goose, flyway, not "gose"; did you mean goose?',
  ]);
  expect(await complaintsOf('{ "postgresVersion": 11 }')).toEqual([
    "/p/lockwise.config.json:1:22: postgresVersion must be a whole number, 12 to 18, not 11",
  ]);
  expect(await complaintsOf('{ "session": { "lockTimeout": "5 apples" } }')).toEqual([
    '/p/lockwise.config.json:1:31: lockTimeout must be a duration such as "5s" or "500ms", not "5 apples"',
  ]);
  expect(await complaintsOf('{ "overrides": [{ "files": "a" }] }')).toEqual([
    '/p/lockwise.config.json:1:28: files must be a list, not "a"',
    "/p/lockwise.config.json:1:17: overrides[0] lacks rules",
  ]);
  expect(await complaintsOf('{ "down": true, "down": false }')).toEqual([
    "/p/lockwise.config.json:1:17: down stands here twice",
  ]);
  expect(await complaintsOf("[]")).toEqual([
    "/p/lockwise.config.json:1:1: the configuration must be an object, not a list",
  ]);
});

test("what is not JSON is told once, where it breaks", async () => {
  expect(await complaintsOf('{\n  "down": true\n  "parser": "postgres"\n}')).toEqual([
    '/p/lockwise.config.json:3:3: a comma "," is expected here',
  ]);
  expect(await complaintsOf('{ "down": tru }')).toHaveLength(1);
  expect(await complaintsOf("")).toHaveLength(1);
  expect(await complaintsOf('{ "a')).toHaveLength(1);
});

test("a package.json that is broken, and has a configuration in it, is told", async () => {
  const told = async (text: string) =>
    (await load({ "/p/package.json": text }))?.problems.map(({ line, message }) => `${line}: ${message}`) ??
    [];
  expect(await told('{ "lockwise": { "postgresVersion": 16 },\n"name": }')).toEqual([
    "2: a value is expected here",
  ]);
  expect(await told('{ "devDependencies": { "lockwise": "1.0.0" }, "name": }')).toEqual([]);
  expect(await told('\ufeff{ "lockwise": { "postgresVersion": 11 } }')).toEqual([
    expect.stringContaining("postgresVersion must be"),
  ]);
});

test("the nearest folder wins, its own file before package.json, and nothing above the repository counts", async () => {
  const own = '{ "down": true }';
  const nearest = async (texts: Readonly<Record<string, string>>) =>
    (await load(texts))?.configuration.path ?? null;
  expect(
    await nearest({ "/p/lockwise.config.json": own, "/p/db/package.json": `{ "lockwise": ${own} }` }),
  ).toBe("/p/db/package.json");
  expect(await nearest({ "/p/lockwise.config.json": own, "/p/package.json": `{ "lockwise": ${own} }` })).toBe(
    "/p/lockwise.config.json",
  );
  expect(
    await nearest({ "/p/lockwise.config.json": own, "/p/db/package.json": '{ "keywords": ["lockwise"] }' }),
  ).toBe("/p/lockwise.config.json");
  expect(await nearest({ "/lockwise.config.json": own, "/p/.git/HEAD": "" })).toBe(null);
  expect(await nearest({ "/p/.git/HEAD": "", "/p/lockwise.config.json": own })).toBe(
    "/p/lockwise.config.json",
  );
});

test("a configuration builds on presets and on others", async () => {
  const outcome = await load({
    "/p/lockwise.config.json": `{ "extends": ["squawk", "./base/lockwise.json"], "rules": { "drop-column": "off" }, "tables": { "a": { "hot": true } } }`,
    "/p/base/lockwise.json": `{ "plugins": ["./p.js"], "postgresVersion": 14, "rules": { "drop-column": "error", "volatile-default": "warning" }, "tables": { "b": {} } }`,
  });
  expect(outcome?.problems).toEqual([]);
  expect(outcome?.configuration.options).toEqual({
    extends: "squawk",
    postgresVersion: 14,
    rules: { "drop-column": "off", "volatile-default": "warning" },
    tables: { a: { hot: true }, b: {} },
  });
  expect(outcome?.configuration.plugins).toEqual(["/p/base/p.js"]);
});

test("a base that is missing or extends itself is told", async () => {
  expect(await complaintsOf('{ "extends": "recomended" }')).toEqual([
    expect.stringContaining("recomended is neither a preset (recommended, strict, squawk) nor the path"),
  ]);
  expect(await complaintsOf('{ "extends": "./lockwise.config.json" }')).toEqual([
    expect.stringContaining("extends itself"),
  ]);
});

test("what is nested without end is told, not fallen over", async () => {
  const deep = [
    "[".repeat(100_000),
    '{"a":'.repeat(100_000),
    `{"rules":${"[".repeat(3000)}${"]".repeat(3000)}}`,
    `{"rules":${"[".repeat(60)}${"]".repeat(60)}}`,
  ];
  for (const text of deep) {
    expect(await complaintsOf(text)).toEqual([
      "/p/lockwise.config.json:1:1: this is nested more than 50 levels deep",
    ]);
  }
});

test("what is too large is not read: spaces and comments take their time as well", async () => {
  const words = "/p/lockwise.config.json:1:1: this is too large to be a configuration";
  expect(await complaintsOf(`{}${" ".repeat(5_000_000)}`)).toEqual([words]);
  expect(await complaintsOf(`{}${" ".repeat(1_000_000)}`)).toEqual([]);
});

test("configurations that each extend two others end", async () => {
  const files: Record<string, string> = { "/p/lockwise.config.json": '{ "extends": ["./0.json"] }' };
  for (let k = 0; k < 40; k++) {
    files[`/p/${k}.json`] = `{ "extends": ["./${k + 1}.json", "./${k + 1}.json"] }`;
  }
  files["/p/40.json"] = "{}";
  const outcome = await load(files);
  expect(outcome?.problems[0]?.message).toMatch(/^more than 200 configurations extend one another/);
});

test("a plugin that cannot be loaded is told at its key", async () => {
  const files = filesOf({ "/p/lockwise.config.json": '{\n  "plugins": ["./own.js"]\n}' });
  const found = findConfiguration(files, "/p");
  if (found === null) throw new Error("not found");
  const outcome = await loadConfiguration(files, found, async (plugins) => {
    if (plugins.length > 0) throw new Error("boom");
    return known;
  });
  expect(outcome.problems).toEqual([
    {
      path: "/p/lockwise.config.json",
      line: 2,
      column: 14,
      message: "the plugin ./own.js cannot be loaded: boom",
    },
  ]);
});

test("squawk's configuration is read where there is none of ours", async () => {
  const toml = `pg_version = "11.0"
excluded_rules = ["adding-field-with-default", "prefer-robust-stmts"]
excluded_paths = ["db/old", "**/seed-*.sql"]
assume_in_transaction = true
[upload_to_github]
fail_on_violations = true
`;
  const outcome = await load({ "/p/.squawk.toml": toml });
  expect(outcome?.configuration).toMatchObject({
    folder: "/p",
    options: { postgresVersion: 12, rules: { "volatile-default": "off", "generated-column": "off" } },
    ignore: ["db/old", "db/old/**", "**/seed-*.sql"],
    notes: [
      "/p/.squawk.toml: prefer-robust-stmts has no counterpart here",
      "/p/.squawk.toml: assume_in_transaction is not read: the runner decides, see --runner (psql-single-transaction fits most scripts that wrap each file)",
    ],
  });
  const both = await load({ "/p/db/.squawk.toml": toml, "/p/lockwise.config.json": "{}" });
  expect(both?.configuration.path).toBe("/p/lockwise.config.json");
  const broken = await load({ "/p/.squawk.toml": 'a = 1\nb = "' });
  expect(broken?.problems[0]).toMatchObject({ path: "/p/.squawk.toml", line: 2 });
});

test("the published schema takes and refuses what the linter does", () => {
  const schema = configurationSchema([{ id: "drop-column", summary: "DROP COLUMN" }], known.runners);
  const validate = new Ajv({ strict: false }).compile(schema);
  expect(
    validate({ rules: { "drop-column": ["error", {}], "ban-drop-column": "off" }, extends: ["strict"] }),
  ).toBe(true);
  expect(validate({ rules: { "drop-column": "warn" } })).toBe(false);
  expect(validate({ postgresVersion: 11 })).toBe(false);
  expect(validate({ postgresVerson: 16 })).toBe(false);
  expect(JSON.stringify(schema)).toContain("DROP COLUMN");
});
