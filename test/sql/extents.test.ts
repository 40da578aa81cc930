import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadGrammar } from "../../src/parse/postgres/instance.ts";
import { type Fields, listOf } from "../../src/parse/postgres/tree.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { tokensIn } from "../../src/sql/tokens.ts";
import { numberIn } from "../parse/tree/names.ts";

const grammar = await loadGrammar();

/** The statements as PostgreSQL's grammar cuts them, without white space and comments around them; null if it rejects the text. */
function grammarExtents(text: string): string[] | null {
  const result = grammar(text);
  if (result.outcome !== "tree") return null;
  const bytes = Buffer.from(text);
  return listOf(result.tree as Fields, "stmts").map((each) => {
    const from = numberIn(each as Fields, "stmt_location");
    const length = numberIn(each as Fields, "stmt_len");
    const raw = bytes.subarray(from, length === 0 ? undefined : from + length).toString();
    const tokens = tokensIn(raw);
    return raw.slice(tokens[0]?.start, tokens[tokens.length - 1]?.end);
  });
}

function ownExtents(text: string): string[] {
  return splitStatements(text).statements.map(({ start, end }) => text.slice(start, end));
}

const tricky: readonly string[] = [
  "",
  ";;; -- nothing\n",
  "select 1",
  "select 1;select 2",
  "-- a\nselect 1 -- b\n; -- c\nselect 2 /* d */",
  "select ';' ; select \";\" from t",
  "select 'a''; b' ; select 2",
  "select E'a\\'; b' ; select 2",
  "select 'a\\'; select 2",
  "select 'a'\n'; b' ; select 2",
  "select 'a' -- c\n; select 2",
  "select E'a'\n'\\'; b'; select 2",
  "select $$ ; $$; select $a$ ; $$ ; $b$ $a$; select 3",
  "select 1 as a$b; select 2 as c$d",
  "select U&'\\0061;'; select U&\"\\0061;\" from t",
  "select U&'!0061;' UESCAPE '!'; select 2",
  "/* a; /* b; */ c; */ select 1; select 2",
  "select 1 /* ; */ + 2; select 3",
  "select 1 --;\n + 2; select 3",
  "select a*/* ; */b from t; select 2",
  "select 1 +-- ;\n 2; select 3",
  "select 1;\r-- a\rselect 2;\r\nselect 3\r",
  "select 'a'\r'; b'; select 2",
  "select 'é;日本' ; select \"é;😀\" from t; select 3",
  "create function f() returns int language sql begin atomic select 1; select 2; end; select 3",
  "create or replace function f(a int) returns int begin atomic select case when a = 1 then 2 else case a when 3 then 4 end end; select 5; end; select 6",
  "create procedure p() begin atomic insert into t values (1); update t set a = case when b then 1 end; end; select 1",
  'create function f() returns int begin atomic select 1 as "end"; select t.end, 1 as case from t; end; select 2',
  "create function f() returns int return 1; select 2",
  "create function f() returns int language sql as 'select 1; select 2'; select 3",
  "create rule r as on insert to t do also (insert into o values (1); delete from p); select 1",
  "create or replace rule r as on insert to t do instead (select 1; select (2);); select 3",
  "create rule r as on insert to t do instead nothing; select 1",
  "begin; select case when true then 1 end; end; select 2",
  "create table t (a int); create table begin (atomic int); select 1",
  "create schema s create table t (a int) create view v as select 1; select 2",
  "do $$ begin perform 1; end $$; select 1",
  "do 'begin perform ''a;''; end'; select 1",
  "prepare p as select $1; execute p(1)",
  "select a::text, b[1:2], c -> '$.x;' from t; select 2",
  "select 1 operator(pg_catalog.+) 2; select 3",
  "select 0x1F, 1_000, 1.5e-3, .5; select 2",
];

describe("statements are cut as PostgreSQL cuts them", () => {
  it.each(tricky)("%j", (text) => {
    const expected = grammarExtents(text);
    expect(expected).not.toBeNull();
    expect(ownExtents(text)).toEqual(expected);
  });

  const root = new URL("../../", import.meta.url);
  const files = ["fixtures", "test/parse/forms"].flatMap((folder) => sqlFilesIn(folder, root));

  it("knows some files", () => expect(files.length).toBeGreaterThan(2));

  it.each(files)("%s", (file) => {
    const text = readFileSync(new URL(file, root), "utf8").replace(/^\uFEFF/, "");
    const expected = grammarExtents(text);
    // A text that the grammar rejects as a whole is cut all the same; there is nothing to compare with.
    if (expected !== null) expect(ownExtents(text)).toEqual(expected);
  });
});

function sqlFilesIn(folder: string, root: URL): string[] {
  return readdirSync(new URL(folder, root), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".sql"))
    .map((entry) => `${entry.parentPath.slice(root.pathname.length)}/${entry.name}`)
    .sort();
}

describe("what psql makes of a text", () => {
  it("drops a byte order mark", () => {
    expect(ownExtents("\uFEFFselect 1; select 2")).toEqual(["select 1", "select 2"]);
  });

  it("takes meta-commands for statements of their own", () => {
    const { statements } = splitStatements("\\set x 1\n\\i a;b\nselect 1;\n\\echo done");
    expect(statements.map((each) => each.kind)).toEqual(["meta", "meta", "sql", "meta"]);
  });

  it("sends what it has at \\g, and \\; ends a statement", () => {
    expect(ownExtents("select 1 \\g\nselect 2\\; select 3 \\gexec\n")).toEqual([
      "select 1",
      "select 2",
      "select 3",
      // What the last one returns is run.
      "\\gexec",
    ]);
  });

  it("leaves a meta-command inside a statement out of it", () => {
    const { statements } = splitStatements("select 1\n\\echo x\n, 2;");
    expect(statements).toHaveLength(1);
    expect(statements[0]?.metas).toHaveLength(1);
  });

  it.each(["\n", "\r\n", "\r"])("skips the data of COPY (%j)", (line) => {
    const text = ["copy t from stdin;", "1\t'a;b", "2\t$$", "\\.", "select 1;"].join(line);
    const { statements, problems } = splitStatements(text);
    expect(problems).toEqual([]);
    expect(statements.map(({ start, end }) => text.slice(start, end))).toEqual([
      "copy t from stdin",
      "select 1",
    ]);
    const data = statements[0]?.data;
    expect(text.slice(data?.start, data?.end)).toBe(["1\t'a;b", "2\t$$", "\\."].join(line));
  });

  it("reads on where COPY has no data", () => {
    expect(ownExtents("copy t from stdin;\nselect 1;")).toEqual(["copy t from stdin", "select 1"]);
  });

  it("does not let a body that never ends swallow the rest", () => {
    const text = "create function f() returns int begin atomic select 1; select 2; select 3";
    expect(ownExtents(text)).toHaveLength(3);
  });

  it("does not end a statement at a NUL", () => {
    expect(ownExtents("select 1\0; select 2")).toEqual(["select 1\0", "select 2"]);
  });
});
