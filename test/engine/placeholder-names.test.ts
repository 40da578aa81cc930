// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are what this is about
import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { lintSources } from "../../src/engine/lint.ts";

async function speak(path: string, text: string, runner: string) {
  const { diagnostics } = await lintSources([{ path, text }], { catalogue: rules, runner });
  return diagnostics.map(({ message, impact, rewrite }) => ({
    message,
    relations: impact?.locks.map(({ relation }) => relation) ?? [],
    sql: rewrite?.map((step) => step.sql).join("\n") ?? "",
  }));
}

it("calls tables by the placeholders that the author wrote", async () => {
  const text =
    "CREATE TABLE ${app}.items (id bigint PRIMARY KEY, order_id bigint REFERENCES ${app}.orders);\n";
  const [only, ...rest] = await speak("V1__items.sql", text, "flyway");
  expect(rest).toEqual([]);
  expect(only?.message).toContain("writes of ${app}.orders queue behind it");
  expect(only?.relations).toEqual(["${app}.orders"]);
});

it.each(["${tenant}_mod.links", "mod_${tenant}_${part}.links"])(
  "does so where one is part of a name: %s",
  async (name) => {
    const [only] = await speak("V1__a.sql", `ALTER TABLE ${name} ADD COLUMN a int;\n`, "flyway");
    expect(only?.message).toContain(`reads and writes of ${name} queue`);
    expect(only?.relations).toEqual([name]);
  },
);

it("does so in bodies, and in the SQL that it prints", async () => {
  const text =
    "DO $$ BEGIN\n  EXECUTE 'CREATE INDEX i ON {{ index .Options \"Namespace\" }}.users (id)';\nEND $$;\n";
  const found = await speak("20240101000000_i.up.sql", text, "pop");
  const index = found.find(({ message }) => message.endsWith("until the index is built"));
  expect(index?.message).toBe(
    'Writes to {{ index .Options "Namespace" }}.users wait until the index is built',
  );
  expect(index?.sql).toContain('ON {{ index .Options "Namespace" }}.users (id)');
  expect(JSON.stringify(found)).not.toContain("_index_options");
});

it("does so of a comment that stands for a schema", async () => {
  const text = "CREATE INDEX i ON /* TENANT */.users (id);\n";
  const [index] = await speak("prisma/migrations/1_i/migration.sql", text, "prisma");
  expect(index?.message).toBe("Writes to /* TENANT */.users wait until the index is built");
  expect(index?.sql).toContain("ON /* TENANT */.users (id)");
});

it("leaves names alone that stand for nothing", async () => {
  const [first] = await speak("V1__i.sql", "ALTER TABLE _app.orders ADD COLUMN ${column} text;\n", "flyway");
  expect(first?.message).toContain("reads and writes of _app.orders");
});

it("does so where statements are explained", async () => {
  const text = "ALTER TABLE ${app}.orders ADD COLUMN a int;\nDROP INDEX ${app}.i;\n";
  const { statements } = await explainSources([{ path: "V1__a.sql", text }], {
    catalogue: rules,
    runner: "flyway",
  });
  expect(statements.map(({ locks }) => locks.map(({ relation }) => relation))).toEqual([
    ["${app}.orders"],
    ["${app}.i"],
  ]);
  // The table of an index that nobody knows is locked as well.
  expect(statements.map(({ on }) => on)).toEqual([
    undefined,
    "the table of i, which takes the ACCESS EXCLUSIVE lock as well",
  ]);
});

it("prints them whole where a name, a type or a statement ends in one", async () => {
  const text = `ALTER TABLE ${"${table_of_orders}"} ADD COLUMN c ${"${type_of_it}"} NOT NULL DEFAULT random();
ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES ${"${other_table}"};
CREATE INDEX i ON t (a) TABLESPACE ${"${quick_disk}"};
`;
  const found = await speak("V2__a.sql", text, "flyway");
  const said = found.map(({ message, sql }) => `${message}\n${sql}`).join("\n");
  expect(said).toContain("writes of ${table_of_orders} wait while");
  expect(said).toContain("ALTER TABLE ${table_of_orders} ADD COLUMN c ${type_of_it};");
  expect(said).toContain("REFERENCES ${other_table} NOT VALID;");
  expect(said).toContain("CREATE INDEX CONCURRENTLY i ON t (a) TABLESPACE ${quick_disk};");
  expect(said.replaceAll(/\$\{\w+\}/g, "")).not.toContain("${");
});

it("takes no word for a part of what steers a template behind it", async () => {
  const text = `DROP TABLE {{ if .Old }}a{{ else }}b{{ end }};
CREATE INDEX {{ if .Busy }} CONCURRENTLY {{ end }} i ON c (d);
CREATE TABLE e (id bigint PRIMARY KEY{{ if .Noted }}, note text{{ end }});`;
  const { statements } = await explainSources([{ path: "a.sql", text }], { catalogue: rules });
  expect(statements.map(({ locks }) => locks.map(({ relation }) => relation))).toEqual([
    ["public.a"],
    ["public.c"],
    [],
  ]);
});

it("counts them as part of the statement that they end", async () => {
  const text = "GRANT SELECT ON t TO {{ .reader }};\nALTER TABLE t ADD COLUMN a {{ .type }} ;\n";
  const { diagnostics } = await lintSources([{ path: "001_a.sql", text }], {
    catalogue: rules,
    runner: "tern",
  });
  const statements = diagnostics.map(({ statement }) => text.slice(statement.start, statement.end));
  expect(new Set(statements)).toEqual(new Set(["ALTER TABLE t ADD COLUMN a {{ .type }}"]));
});

it("refuses nothing for a column whose name the tool fills in", async () => {
  const text =
    "CREATE TABLE t (a int);\nCREATE INDEX ON t (${column});\nINSERT INTO t (${column}) VALUES (1);\n";
  const { statements } = await explainSources([{ path: "V1__a.sql", text }], {
    catalogue: rules,
    runner: "flyway",
  });
  expect(statements.map(({ fails }) => fails)).toEqual([null, null, null]);
  expect(statements.at(-1)?.on).toBe("what its placeholders stand for");
});

it("refuses nothing for a value that the tool fills in", async () => {
  const text = [
    "CREATE TABLE t (a int DEFAULT :a, b int, CHECK (b > :least));",
    "ALTER TABLE t ADD COLUMN c text DEFAULT ${c}, ADD CHECK (b < ${most});",
    "ALTER TABLE t ALTER b SET DEFAULT :b;",
    "ALTER TABLE t ADD COLUMN d int DEFAULT b;",
  ];
  const { statements } = await explainSources([{ path: "V1__a.sql", text: text.join("\n") }], {
    catalogue: rules,
    runner: "psql",
  });
  expect(statements.map(({ fails }) => fails?.sqlstate)).toEqual([undefined, undefined, undefined, "0A000"]);
});
