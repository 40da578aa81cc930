import { expect, test } from "vitest";
import { formats } from "../../src/reporters/reporter.ts";
import { buildOnce, createFolder, lockwise } from "./run.ts";

buildOnce();

/** Names with line breaks, behind which stands what GitHub obeys where a line of a job's log begins with it. */
const sql = `CREATE INDEX "i
::stop-commands::x" ON "t
  ::add-mask::orders" (a);
ALTER TABLE "t
::error file=x::y" ADD COLUMN a text DEFAULT '
::warning::z' NOT NULL, ADD COLUMN b text DEFAULT random();
DROP TABLE "a
::ERROR::b";
DROP TABLE "##[group]open ###[add-mask]x";
ALTER TABLE "##vso[task.setvariable variable=PATH]evil" DROP COLUMN "##teamcity[buildStop comment='x']";
`;
const command =
  /^\s*::(?:stop-commands|add-mask|error(?! file=m\/1\.sql)|warning(?! file=m\/1\.sql|::While|::.*lockwise))|^(?!::(?:error|warning) file=m).*##(?:\[(?:group|add-mask)|vso|teamcity)/gim;

function commandsIn(given: readonly string[]): readonly string[] {
  const folder = createFolder({ "m/1.sql": sql });
  const { stdout, stderr } = lockwise(folder, [...given]);
  expect(stdout).not.toBe("");
  return [...stdout.matchAll(command), ...stderr.matchAll(command)].map(([found]) => found);
}

test.each(formats)("what is printed as %s commands nothing that the SQL says", (format) => {
  expect(commandsIn(["m", "--format", format])).toEqual([]);
});

test.each([
  ["explain", "m/1.sql"],
  ["plan", "m/1.sql"],
  ["plan", "m/1.sql", "--runbook"],
  ["m", "--fix-dry-run"],
])("nor does %s %s", (...given) => {
  expect(commandsIn(given)).toEqual([]);
});

test.each(["json", "sarif", "gitlab"])("%s says the same to whoever reads it as such", (format) => {
  const folder = createFolder({ "m/1.sql": sql });
  const { stdout } = lockwise(folder, ["m", "--format", format]);
  expect(JSON.stringify(JSON.parse(stdout))).toContain("##[group]open ###[add-mask]x");
});

test("what stdin is made of comes back to the last character", () => {
  const input = "-- ##[group]x\n/*\n  ::error::y */\nCREATE INDEX i ON t (a);\n";
  const { stdout } = lockwise(createFolder({}), ["--stdin", "--fix"], { input });
  expect(stdout).toBe(input.replace("INDEX", "INDEX CONCURRENTLY"));
});

test("but the commands of the format for GitHub stay", () => {
  const folder = createFolder({ "m/1.sql": sql });
  expect(lockwise(folder, ["m", "--format", "github"]).stdout).toMatch(/^::error file=m\/1\.sql,line=/m);
});

test("and a cast at the beginning of a line is left alone", () => {
  const folder = createFolder({
    "m/1.sql": "ALTER TABLE t ALTER a TYPE uuid USING a\n  ::text::uuid; --##[ part ]##\n",
  });
  expect(lockwise(folder, ["m", "--fix-dry-run"]).stdout).toContain("\n");
  expect(lockwise(folder, ["m"]).stdout).not.toContain("\ufffd");
});
