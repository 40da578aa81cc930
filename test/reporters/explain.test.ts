import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { renderExplanation } from "../../src/reporters/explain.ts";

async function rowsOf(text: string): Promise<string[]> {
  const explanation = await explainSources([{ path: "a.sql", text }], { catalogue: rules });
  return renderExplanation(explanation, {}).split("\n");
}

it("says of a statement that the server refuses why, and of nobody that waits for it", async () => {
  const rows = await rowsOf(
    "BEGIN;\nALTER TABLE t ADD COLUMN a int;\nREINDEX TABLE CONCURRENTLY t;\nCREATE INDEX ON t (a);\n",
  );
  const refused = rows.find((row) => row.startsWith("     3 "));
  expect(refused).toContain("fails: ");
  expect(refused).not.toMatch(/wait|go on|ACCESS/);
  expect(rows.find((row) => row.startsWith("     4 "))).toContain("wait *");
  expect(rows.join("\n")).not.toContain("line 3");
});

const indexed =
  "CREATE TABLE c (id int PRIMARY KEY);\nCREATE TABLE t (id int PRIMARY KEY, a text, c int REFERENCES c);\nCREATE INDEX t_a ON t (a);\n";

async function laterRowsOf(text: string): Promise<string[]> {
  const explanation = await explainSources(
    [
      { path: "1.sql", text: indexed, role: "history" },
      { path: "2.sql", text },
    ],
    { catalogue: rules },
  );
  return renderExplanation(explanation, {}).split("\n");
}

it("leaves out indexes whose table keeps out as many, and shows those that keep out more", async () => {
  const rows = (await laterRowsOf("ALTER TABLE t ALTER a TYPE int USING a::int;\nREINDEX INDEX t_a;")).join(
    "\n",
  );
  expect(rows).not.toMatch(/ t_pkey +ACCESS/);
  expect(rows.match(/ t_a +ACCESS EXCLUSIVE/g)).toHaveLength(1);
});

it("says why a relation is locked that the statement does not name", async () => {
  const rows = await laterRowsOf("ALTER TABLE t DROP CONSTRAINT t_c_fkey;");
  expect(rows).toContain(" * Line 1 locks c too: referenced by t_c_fkey.");
});

it("says once of a lock who stays out, and while which lines: the long ones and those of the same relation", async () => {
  const rows = await laterRowsOf(
    "BEGIN;\nALTER TABLE t ADD b int;\nCOMMENT ON TABLE c IS 'x';\nALTER TABLE t DROP b;\nUPDATE c SET id = 1;\nCOMMIT;\nUPDATE c SET id = 2;",
  );
  expect(rows.filter((row) => row.includes("held until COMMIT"))).toHaveLength(1);
  expect(rows.join(" ")).toContain(
    "The ACCESS EXCLUSIVE lock of line 2 is held until COMMIT: nobody reads t while    lines 4 and 5 run.",
  );
});

it("tells of writers who stay out, where readers do not", async () => {
  const rows = await laterRowsOf("BEGIN;\nCREATE INDEX t_b ON t (a);\nUPDATE c SET id = 1;\nCOMMIT;");
  expect(rows.join(" ").replaceAll(/\s+/g, " ")).toContain(
    "The SHARE lock of line 2 is held until COMMIT: nobody writes t while line 3 runs.",
  );
});

it("keeps locks over a savepoint, and none over COMMIT", async () => {
  const over = (word: string) =>
    laterRowsOf(`BEGIN;\nALTER TABLE t ADD b int;\n${word};\nUPDATE c SET id = 1;\nCOMMIT;`);
  expect((await over("SAVEPOINT s")).join(" ")).toContain("held until COMMIT");
  expect((await over("COMMIT;\nBEGIN")).join(" ")).not.toContain("held until COMMIT");
});
