// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are what this is about
import { describe, expect, it } from "vitest";
import type { PlaceholderStyle } from "../../src/layout/index.ts";
import { fillPlaceholders } from "../../src/layout/index.ts";
import { processorTimeOf } from "../processor-time.ts";

const all = ["dollar", "mustache", "colon"] as const;

function fill(text: string, ...styles: PlaceholderStyle[]): string {
  const filled = fillPlaceholders(text, styles.length === 0 ? all : styles);
  expect(filled.length).toBe(text.length);
  return filled;
}

describe("placeholders become names of the same length", () => {
  it.each([
    ["SELECT * FROM ${schema}.orders", "SELECT * FROM _schema  .orders"],
    ["SELECT * FROM orders_${env}", "SELECT * FROM orders__env  "],
    ["SELECT * FROM ${env}_orders", "SELECT * FROM _env___orders"],
    ["SELECT * FROM a_${env}_b", "SELECT * FROM a__env___b"],
    ["SELECT * FROM ${a}${b}", "SELECT * FROM _a___b  "],
    ['SELECT * FROM "${schema}".orders', "SELECT * FROM _schema    .orders"],
    ['SELECT * FROM "${env}_orders"', 'SELECT * FROM "_env___orders"'],
    ["GRANT SELECT ON t TO ${flyway:user}", "GRANT SELECT ON t TO _flyway_user  "],
  ])("%s", (text, expected) => {
    expect(fill(text, "dollar")).toBe(expected);
  });

  it.each([
    ["CREATE ROLE #[user] LOGIN", "#[", "]", "CREATE ROLE _user   LOGIN"],
    ["SELECT * FROM __schema__.orders", "__", "__", "SELECT * FROM _schema   .orders"],
    ["SELECT * FROM a_@env@_b", "@", "@", "SELECT * FROM a__env__b"],
    ['SELECT * FROM "#[schema]".orders', "#[", "]", "SELECT * FROM _schema    .orders"],
    ["SELECT a @> b", "@", "@", "SELECT a @> b"],
    ["SELECT ${a}", "#[", "]", "SELECT ${a}"],
  ])("%s, between marks of the project's own", (text, opens, closes, expected) => {
    expect(fill(text, { opens, closes })).toBe(expected);
  });

  it("takes one in front of a statement for a comment that is there or not", () => {
    expect(fill("${inTest} DROP TABLE a; ${x} SELECT 1", "dollar")).toBe(
      "          DROP TABLE a;      SELECT 1",
    );
    expect(fill("DO $$ DECLARE a int; ${b} int; BEGIN END $$", "dollar")).toContain("_b");
  });

  it("reads the strings of a body, which EXECUTE may run, but no colon in them", () => {
    const body = "DO $$ BEGIN EXECUTE 'DROP INDEX ${schema}.i'; RAISE NOTICE 'a:b'; END $$";
    expect(fill(body)).toBe("DO $$ BEGIN EXECUTE 'DROP INDEX _schema  .i'; RAISE NOTICE 'a:b'; END $$");
    expect(fill("SELECT '${schema}.i'")).toBe("SELECT '${schema}.i'");
  });

  it("gives the same placeholder the same name, however it is written", () => {
    const forms = [
      '{{ index .Options "Namespace" }}',
      '{{index .Options "Namespace"}}',
      '{{- index .Options "Namespace" -}}',
    ];
    const names = forms.map((form) => fill(`DROP TABLE ${form}.t`, "mustache").slice(11, -2).trim());
    expect(new Set(names)).toEqual(new Set(["_index_options_namespace"]));
    expect(fill(`DROP TABLE "${forms[0]}".t`, "mustache").slice(11, -2).trim()).toBe(
      "_index_options_namespace",
    );
  });

  it("is no keyword", () => {
    expect(fill("CREATE TABLE ${table} (id int)", "dollar")).toBe("CREATE TABLE _table   (id int)");
  });
});

describe("template control", () => {
  it("vanishes, and of two branches the first stays", () => {
    const text = "{{ if .a }}DROP TABLE a;{{ else }}DROP TABLE b;{{ end }}\nDROP TABLE c;";
    expect(fill(text, "mustache").replace(/ +/g, " ")).toBe(" DROP TABLE a; \nDROP TABLE c;");
  });

  it.each([
    ["{{if .mysql}}M{{end}}{{if .postgres}}P{{end}}{{if .sqlite}}S{{end}}", "P"],
    ["{{if .mysql}}M{{else}}P{{end}}", "P"],
    ["{{if .postgres}}P{{else}}M{{end}}", "P"],
    ['{{ if eq .Driver "mysql" }}M{{ else if eq .Driver "postgres" }}P{{ else }}O{{ end }}', "P"],
    ["{{- if not .postgres -}}M{{- end -}}{{ if not .mysql }}P{{ end }}", "P"],
    ['{{ if ne .Driver "postgres" }}M{{ end }}P', "P"],
    ["{{ if or .mysql .sqlite }}M{{ end }}P", "P"],
    ["{{ if or .mysql .old }}A{{ end }}B", "AB"],
    ["{{ if and .mysql .old }}A{{ end }}B", "B"],
    ["{{ if and (not .postgres) .old }}A{{ end }}B", "AB"],
    ["{{ if .mysql }}{{ if .old }}A{{ else }}B{{ end }}{{ else }}C{{ end }}D", "CD"],
    ["{{ range .mysql }}A{{ end }}B", "AB"],
  ])("one branch of a template is read, and none for another database: %s", (text, left) => {
    expect(fill(text, "mustache").replaceAll(" ", "")).toBe(left);
  });

  it("calls that write statements vanish, however many there are", () => {
    const text = '{{ add "a" "b" }}\n{{ add "c" "d" }}\n\nUPDATE t SET a = 1;\n{{ drop "e" }}\n';
    expect(fill(text, "mustache").trim()).toBe("UPDATE t SET a = 1;");
  });

  it("keeps the branches of an inner block apart", () => {
    const text = "{{ if .a }}A{{ else }}{{ if .b }}B{{ else }}C{{ end }}{{ end }}D";
    expect(fill(text, "mustache").replaceAll(" ", "")).toBe("AD");
  });

  it("keeps line ends", () => {
    const text = "{{ range\n .x }}SELECT 1;{{\nend }}";
    expect(fill(text, "mustache")).toBe("        \n      SELECT 1;  \n      ");
  });

  it("reads a quote inside of the template as part of it", () => {
    const text = `{{ if eq .who "it's" }}SELECT 1;{{ end }} SELECT '{{ x }}';`;
    expect(fill(text, "mustache").trim()).toBe("SELECT 1;          SELECT '{{ x }}';");
  });
});

describe("psql variables", () => {
  it.each([
    ["SELECT * FROM :schema.t", "SELECT * FROM _schema.t"],
    ["SELECT :'name'", "SELECT  'name'"],
    ['SELECT * FROM :"table"', 'SELECT * FROM  "table"'],
    ["SELECT ARRAY[:first, a[1:n], :last]", "SELECT ARRAY[_first, a[1:n], _last]"],
    ["GRANT ALL ON t TO :DATABASE_OWNER;", "GRANT ALL ON t TO _database_owner;"],
  ])("%s", (text, expected) => {
    expect(fill(text, "colon")).toBe(expected);
  });

  it.each([
    "SELECT a::text",
    "SELECT f(a := 1)",
    "SELECT a[1:n]",
    "SELECT ':x'",
    "SELECT 1 -- :x",
    'SELECT ":x"',
  ])("%s holds none", (text) => {
    expect(fill(text, "colon")).toBe(text);
  });
});

describe("what only looks like a placeholder", () => {
  it.each([
    `INSERT INTO t VALUES ('{"a": "{{b}}", "c": "\${d}"}');`,
    "SELECT '${x}' -- ${y}\n/* {{ z }} */",
    "SELECT E'it\\'s ${x}'",
    "SELECT $1, $$text$$",
    "SELECT '{{1,2},{3,4}}'::int[]",
    "ALTER TABLE /* TEMPLATE: schema */river_job ADD COLUMN a int;",
    "SELECT ${never closed",
    "SELECT {{ never closed",
    "",
  ])("%s", (text) => {
    expect(fill(text)).toBe(text);
  });

  it("is replaced by the styles asked for alone", () => {
    const text = "SELECT ${a}, {{ b }}, :c";
    expect(fill(text, "dollar")).toBe("SELECT _a  , {{ b }}, :c");
    expect(fill(text, "colon")).toBe("SELECT ${a}, {{ b }}, _c");
  });
});

describe("bodies and statements", () => {
  it("fills dollar-quoted bodies but not the values in them", () => {
    const text = "DO $do$ BEGIN PERFORM '${x}' FROM ${schema}.t; END $do$;";
    expect(fill(text, "dollar")).toBe("DO $do$ BEGIN PERFORM '${x}' FROM _schema  .t; END $do$;");
  });

  it("blanks a placeholder that is a whole statement", () => {
    expect(fill("SELECT 1;\n-- why\n${grants};\nSELECT 2;", "dollar")).toBe(
      "SELECT 1;\n-- why\n         ;\nSELECT 2;",
    );
    expect(fill('{{ template "x" }}\n{{ .body }}', "mustache").trim()).toBe("");
  });

  it("is linear in a text of openings that never close", async () => {
    const text = `${"${".repeat(50_000)}${'"{{'.repeat(50_000)}`;
    expect(await processorTimeOf(() => fill(text))).toBeLessThan(6000);
  });
});

describe("marks that can be nothing else", () => {
  it.each([
    ["SELECT * FROM {schema}.orders", "SELECT * FROM _schema .orders"],
    ["UPDATE /* SCHEMA */.orders SET a = 1", "UPDATE _schema     .orders SET a = 1"],
    ["SELECT 1 FROM a JOIN /*S_1*/.b ON true", "SELECT 1 FROM a JOIN _s_1   .b ON true"],
    ["SELECT a/* SCHEMA */.b FROM a", "SELECT a/* SCHEMA */.b FROM a"],
    ["SELECT * FROM /* the schema */ a.b", "SELECT * FROM /* the schema */ a.b"],
    ["CREATE TABLE $(schema).orders (id int)", "CREATE TABLE _schema  .orders (id int)"],
    ["CREATE TABLE orders (id $%SERIAL_KEY%$, n int)", "CREATE TABLE orders (id _serial_key   , n int)"],
    ["GRANT SELECT ON pre_{env}_orders TO @role@", "GRANT SELECT ON pre__env__orders TO _role "],
    ["ALTER TABLE %schema%.orders ADD a int", "ALTER TABLE _schema .orders ADD a int"],
    [
      "SELECT a FROM t WHERE b =@tenant@ AND c IN (%ids%, {x})",
      "SELECT a FROM t WHERE b =_tenant  AND c IN (_ids , _x )",
    ],
    ["ALTER TABLE t ADD g geometry(Point, %(SRID)s)", "ALTER TABLE t ADD g geometry(Point, _srid   )"],
    [
      "SELECT a FROM t WHERE b =%(tenant)s AND c IN (%(x)s)",
      "SELECT a FROM t WHERE b =_tenant    AND c IN (_x   )",
    ],
    ["CREATE TABLE {a}{b} (id int)", "CREATE TABLE _a__b  (id int)"],
    ["{grants}; SELECT 1", "        ; SELECT 1"],
    ["DO $$ BEGIN EXECUTE 'GRANT a TO {role}'; END $$", "DO $$ BEGIN EXECUTE 'GRANT a TO _role '; END $$"],
    ["DO $$ BEGIN GRANT a TO $(role); END $$", "DO $$ BEGIN GRANT a TO _role  ; END $$"],
    [
      "CREATE FUNCTION @s@.f(a @s@.t) RETURNS @s@.t AS $$ SELECT @s@.g(a) - @s@.h() $$",
      "CREATE FUNCTION _s .f(a _s .t) RETURNS _s .t AS $$ SELECT _s .g(a) - _s .h() $$",
    ],
  ])("%s", (text, expected) => {
    expect(fill(text, "marks")).toBe(expected);
  });

  it.each([
    "SELECT a %b% c FROM t",
    "SELECT a %(b)s FROM t",
    "SELECT a % (b) FROM t",
    "SELECT 10%x%3, (a)%b%c, t.a %b% 2",
    "SELECT a @b@ c",
    "SELECT '{name}', \"{name}\", '@a@', '%a%', $1",
    "SELECT a @> b, c @@ d, e @? f, @ -5, @x",
    "SELECT '{\"a\": 1}'::jsonb",
    "DO $$ BEGIN EXECUTE format('SELECT %s%s @x@', a, b); RAISE '%', x; a := @b@c; END $$",
    "DO $$ BEGIN a := '{x}'; EXECUTE 'SELECT ''{x}''::text[]'; END $$",
    "-- {name} @a@",
  ])("%s stays", (text) => {
    expect(fill(text, "marks")).toBe(text);
  });
});

it("stands for a literal where the grammar takes no name", () => {
  expect(fill("CREATE ROLE a PASSWORD :pw VALID UNTIL :day;", "colon")).toBe(
    "CREATE ROLE a PASSWORD '_' VALID UNTIL '__';",
  );
  expect(fill("SELECT password, ${b} FROM password WHERE password = ${c}", "dollar")).not.toContain("'");
});

it("takes statements of a body out, and declares variables", () => {
  const body = (text: string) => fill(`DO $$ ${text} $$`, "dollar").slice(6, -3);
  expect(body("BEGIN ${x} GRANT a TO b; ${x} DROP TABLE c; END")).toBe(
    "BEGIN      GRANT a TO b;      DROP TABLE c; END",
  );
  expect(body("BEGIN IF c THEN ${x} ALTER TABLE a ADD b int; END IF; END")).toContain("THEN      ALTER");
  expect(body("DECLARE ${x} int; BEGIN a := ${y} ; END")).toBe("DECLARE _x   int; BEGIN a := _y   ; END");
});
