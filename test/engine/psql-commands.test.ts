import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { lintSources } from "../../src/engine/lint.ts";

const options = { catalogue: rules };

async function unreadIn(texts: Readonly<Record<string, string>>): Promise<string[]> {
  const sources = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const { files } = await lintSources(sources, options);
  return files.flatMap(({ path, notUnderstood }) =>
    notUnderstood.map(({ line, reason }) => `${path}:${line} ${reason}`),
  );
}

it("says that another file runs here, which is not read", async () => {
  expect(
    await unreadIn({ "db/1.sql": "SELECT 1;\n\\i parts/orders.sql\n\\ir 'x y.sql'\nSELECT 2;" }),
  ).toEqual([
    "db/1.sql:2 psql runs parts/orders.sql here, which is not among the files that are read",
    "db/1.sql:3 psql runs x y.sql here, which is not among the files that are read",
  ]);
});

it("says nothing of one that is read as a file of its own", async () => {
  const part = "SELECT 1;";
  expect(
    await unreadIn({
      "db/1.sql": "\\ir parts/a.sql\n\\i db/parts/b.sql\n\\i ./db/../c.sql\n",
      "db/parts/a.sql": part,
      "db/parts/b.sql": part,
      "c.sql": part,
    }),
  ).toEqual([]);
});

it("says that what a query returns is run", async () => {
  const text = "SELECT format('DROP TABLE %I', t) FROM ts \\gexec\nSELECT 1 \\g\n";
  expect(await unreadIn({ "1.sql": text })).toEqual([
    "1.sql:1 \\gexec runs what the query returns, and only the server knows that",
  ]);
  const { statements } = await explainSources([{ path: "1.sql", text }], options);
  expect(statements.map(({ kind }) => kind)).toEqual(["select", "not understood", "select"]);
});

it("leaves other commands alone", async () => {
  expect(await unreadIn({ "1.sql": "\\set x 1\n\\echo \\i\n\\if true\nSELECT 1;\n\\endif\n" })).toEqual([]);
});

it("takes nothing for certain behind them", async () => {
  const setUp = "CREATE TABLE t (a int, b int);\nCREATE POLICY p ON t USING (a = 1);\n";
  const drop = "ALTER TABLE t DROP COLUMN a;";
  const findingsOf = async (text: string) =>
    (await lintSources([{ path: "1.sql", text }], { ...options, only: ["impossible-statement"] }))
      .diagnostics;
  expect(await findingsOf(setUp + drop)).toHaveLength(1);
  expect(await findingsOf(`${setUp}\\i drop-policies.sql\n${drop}`)).toEqual([]);
});

it("takes rows that stand in the migration for few, and those of a file for many", async () => {
  const rulesIn = async (copy: string) => {
    const text = `BEGIN;\nSET LOCAL lock_timeout = '5s';\nALTER TABLE a ADD b int;\n${copy}COMMIT;\n`;
    const { diagnostics } = await lintSources([{ path: "1.sql", text }], options);
    return diagnostics.map(({ rule }) => rule);
  };
  expect(await rulesIn("COPY c FROM stdin;\n1\n\\.\n")).toEqual([]);
  expect(await rulesIn("COPY c FROM '/srv/c.csv';\n")).toEqual(["work-under-strong-lock"]);
});
