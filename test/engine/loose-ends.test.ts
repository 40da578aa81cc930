import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Source } from "../../src/engine/options.ts";

const add = "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;\n";
const validate = "ALTER TABLE orders VALIDATE CONSTRAINT positive;\n";

async function found(id: string, sources: readonly Source[]): Promise<string[]> {
  const { diagnostics, complaints } = await lintSources(sources, { catalogue: rules, only: [id] });
  expect(complaints).toEqual([]);
  return diagnostics.map(({ path, start }) => `${path}:${start.line}`);
}

const unvalidated = (sources: readonly Source[]) => found("constraint-never-validated", sources);

it("tells at the statement that left it open, by the end of all files", async () => {
  const sources = [
    { path: "1.sql", text: `SELECT 1;\n${add}` },
    { path: "2.sql", text: "SELECT 2;\n" },
  ];
  expect(await unvalidated(sources)).toEqual(["1.sql:2"]);
});

it("is silent where a later file ties it up, under another name of the table too", async () => {
  const rename = "ALTER TABLE orders RENAME TO purchases;\n";
  const later = validate.replace("orders", "purchases");
  expect(
    await unvalidated([
      { path: "1.sql", text: add },
      { path: "2.sql", text: rename },
      { path: "3.sql", text: later },
    ]),
  ).toEqual([]);
});

it("does not judge what is history, and lets history tie up nothing that comes later", async () => {
  expect(
    await unvalidated([
      { path: "1.sql", text: add, role: "history" },
      { path: "2.sql", text: "SELECT 1;\n" },
    ]),
  ).toEqual([]);
  expect(
    await unvalidated([
      { path: "1.sql", text: validate, role: "history" },
      { path: "2.sql", text: add },
    ]),
  ).toEqual(["2.sql:1"]);
});

it("knows nothing of what was rolled back", async () => {
  expect(await unvalidated([{ path: "1.sql", text: `BEGIN;\n${add}ROLLBACK;\n` }])).toEqual([]);
  expect(await unvalidated([{ path: "1.sql", text: `${add}BEGIN;\n${validate}ROLLBACK;\n` }])).toEqual([
    "1.sql:1",
  ]);
});

it("honours an ignore comment at the statement", async () => {
  const text = `-- lockwise-ignore constraint-never-validated -- by hand, at night\n${add}`;
  expect(await unvalidated([{ path: "1.sql", text }])).toEqual([]);
});

it("wants a view back by the end of its own file", async () => {
  const drop = "DROP VIEW recent;\n";
  const create = "CREATE VIEW recent AS SELECT 1;\n";
  expect(await found("drop-table", [{ path: "1.sql", text: drop + create }])).toEqual([]);
  expect(
    await found("drop-table", [
      { path: "1.sql", text: drop },
      { path: "2.sql", text: create },
    ]),
  ).toEqual(["1.sql:1"]);
});

it("takes no part of a table for what a script clears away for itself", async () => {
  const text = `CREATE TABLE shop.users (uid int);
CREATE POLICY a ON users USING (true);
DROP POLICY IF EXISTS b ON users;
CREATE POLICY b ON users USING (true);
`;
  expect(await found("missing-lock-timeout", [{ path: "1.sql", text }])).toEqual(["1.sql:2"]);
});

it("follows statements in a body, each with the schema behind it", async () => {
  const text = `DO $$ BEGIN\n  CREATE TABLE a (id int);\n  ALTER TABLE a RENAME TO b;\n  ALTER TABLE b ADD PRIMARY KEY (id);\n  CREATE TABLE c (id int);\nEND $$;\n`;
  expect(await found("table-without-primary-key", [{ path: "1.sql", text }])).toEqual(["1.sql:5"]);
});

it("reports a rule that throws when it is asked again", async () => {
  const [rule] = rules.filter(({ id }) => id === "drop-table");
  if (rule === undefined) throw new Error("no such rule");
  const broken = {
    ...rule,
    *check(node: never, context: never) {
      for (const finding of rule.check(node, context)) {
        yield {
          ...finding,
          looseEnd: {
            by: "file" as const,
            isSettled(): boolean {
              throw new Error("lost the thread");
            },
          },
        };
      }
    },
  };
  const report = await lintSources([{ path: "1.sql", text: "DROP VIEW a;" }], { catalogue: [broken] });
  expect(report.diagnostics).toEqual([]);
  expect(report.complaints).toEqual([
    { path: "1.sql", line: 1, message: "the rule drop-table failed: lost the thread" },
  ]);
});

it("tells what a column loses that is made anew later in the file, not that queries fail", async () => {
  const create = { path: "1.sql", text: "CREATE TABLE t (a int, b int);", role: "history" as const };
  const messages = async (text: string) => {
    const report = await lintSources([create, { path: "2.sql", text }], {
      catalogue: rules,
      only: ["drop-column"],
    });
    return report.diagnostics.map(({ message }) => message.split(" ")[0]);
  };
  const drop = "ALTER TABLE t DROP COLUMN a;";
  expect(await messages(drop)).toEqual(["Queries"]);
  expect(await messages(`${drop} ALTER TABLE t ADD COLUMN a text;`)).toEqual(["What"]);
  // Another column takes its place with what it holds, or it is computed.
  expect(await messages(`${drop} ALTER TABLE t RENAME COLUMN b TO a;`)).toEqual([]);
  expect(
    await messages(`ALTER TABLE t ADD COLUMN c int; ${drop} ALTER TABLE t RENAME COLUMN c TO a;`),
  ).toEqual([]);
  const computed = "ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS (b + 1) STORED;";
  expect(await messages(`${drop} ${computed}`)).toEqual([]);
  // How a file is made to run twice.
  expect(await messages("ALTER TABLE t DROP COLUMN IF EXISTS c; ALTER TABLE t ADD COLUMN c int;")).toEqual(
    [],
  );
  expect(await messages("ALTER TABLE u DROP COLUMN IF EXISTS c; ALTER TABLE u ADD COLUMN c int;")).toEqual(
    [],
  );
  expect(await messages("ALTER TABLE u DROP COLUMN IF EXISTS c;")).toEqual(["Queries"]);
});
