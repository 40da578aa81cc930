import { loadModule, parsePlPgSQLSync } from "libpg-query";
import { beforeAll, describe, expect, test } from "vitest";
import type { Parser } from "../../src/parse/parser.ts";
import { loadPgsqlAstParser } from "../../src/parse/pgsql-ast.ts";
import { type BodyStep, type EmbeddedSql, parseEmbedded, parsePlpgsql } from "../../src/parse/plpgsql.ts";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { textOf, tokenize } from "../../src/sql/tokens.ts";
import { moveSpan, type Span } from "../../src/text/span.ts";
import { between } from "./plpgsql-outline.ts";

/** A parser that gives up at the last token: its answer tells where that lies. */
const lastToken: Parser = {
  name: "postgres",
  parse: ({ tokens, text, statement }) => ({
    outcome: "syntax error",
    message: textOf(text, statement),
    at: tokens.at(-1) ?? statement,
  }),
};

/** All SQL of a body, in order. */
function sqlOf(steps: readonly BodyStep[]): EmbeddedSql[] {
  return steps.flatMap((step): EmbeddedSql[] => {
    switch (step.kind) {
      case "branch":
        return step.arms.flatMap((arm, k) => [
          ...(step.conditions[k] ? [step.conditions[k]] : []),
          ...sqlOf(arm),
        ]);
      case "loop":
        return sqlOf([...(step.source === null ? [] : [step.source]), ...step.body]);
      case "block":
        return sqlOf([...step.body, ...step.handlers.flatMap((handler) => handler.body)]);
      default:
        return "sql" in step && step.sql !== null ? [step.sql] : [];
    }
  });
}

/** The texts in the file of the last tokens of every statement in a body. */
function lastTokens(text: string, body: Span): string[] {
  return sqlOf(parsePlpgsql(text, body)).flatMap((sql) => refusedIn(text, sql, lastToken));
}

/** The texts in the file at which a parser gives up. */
function refusedIn(text: string, { sql, toFile }: EmbeddedSql, parser: Parser): string[] {
  return [...parseEmbedded(parser, sql)].map(({ result }) =>
    "at" in result ? textOf(text, moveSpan(result.at, toFile)) : "",
  );
}

const statements = `
DECLARE größe text := 'ä😀';
BEGIN
  -- ünï
  IF größe = '😀' THEN PERFORM last_1('ß', "Ünï"), last_2;
    SELECT 1 INTO größe FROM last_3; /* é */ UPDATE t SET a = last_4;
  END IF;
  FOR r IN SELECT 'ö', last_5 LOOP DELETE FROM last_6; END LOOP;
  CASE größe WHEN 'x', last_7 THEN DROP TABLE last_8; END CASE;
  EXECUTE 'DROP TABLE ä, last_9'; EXECUTE $q$DROP TABLE last_10; DROP TABLE last_11$q$;
  EXECUTE format('DROP TABLE %I, last_12', größe) USING 1;
  größe := 'ALTER TABLE ' || x || ' DROP last_13'; EXECUTE größe;
EXCEPTION WHEN others THEN DROP TABLE last_14;
END`;

const lasts = ["'ä😀'", "'😀'", "last_2", "last_3", "last_4", "last_5", "last_6", ")", "last_8"];
const dynamic = ["last_9", "last_10", "last_11", "last_12", "' DROP last_13'", "last_13", "last_14"];

describe("places in the file", () => {
  test("behind lines, astral and other non-ASCII characters, in dollar quotes", () => {
    const text = `-- 😀 ü\nSELECT 'é'; DO $body$${statements}$body$;`;
    const found = lastTokens(text, between(text, "$body$"));
    // The closing bracket of `value IN (...)` is no part of the text: it falls on the last letter before it.
    expect(found.map((last) => (last === "7" ? ")" : last))).toEqual([...lasts, ...dynamic]);
  });

  test("in single quotes, where quotes are doubled", () => {
    const quoted = statements.replaceAll("'", "''");
    const text = `SELECT 'é'; DO '${quoted}' LANGUAGE plpgsql;`;
    const start = text.indexOf("DO '") + 4;
    const found = lastTokens(text, { start, end: start + quoted.length });
    expect(found).toContain("last_2");
    expect(found.filter((last) => last.startsWith("last_"))).toEqual(
      [...lasts, ...dynamic].filter((last) => last.startsWith("last_")),
    );
  });

  test("in E strings", () => {
    const text = "DO E'BEGIN\\n  DELETE FROM a WHERE b = \\'x\\' AND \\u0063 = last_1; END'";
    const start = text.indexOf("E'") + 2;
    expect(lastTokens(text, { start, end: text.length - 1 })).toEqual(["last_1"]);
  });

  test("dollar quotes in dollar quotes", () => {
    const text = "DO $a$ BEGIN DO $b$ BEGIN DELETE FROM last_1; END $b$; END $a$";
    const [outer] = sqlOf(parsePlpgsql(text, between(text, "$a$")));
    expect(textOf(text, outer?.span ?? { start: 0, end: 0 })).toBe(
      "DO $b$ BEGIN DELETE FROM last_1; END $b$",
    );
    expect(lastTokens(text, between(text, "$b$"))).toEqual(["last_1"]);
  });

  test("every token of static SQL lies where it says", () => {
    const text = `x $body$${statements}$body$`;
    const steps = sqlOf(parsePlpgsql(text, between(text, "$body$")));
    const tables = steps.filter(({ sql }) => sql.startsWith("UPDATE") || sql.startsWith("DELETE"));
    expect(tables).toHaveLength(2);
    for (const { sql, toFile } of tables) {
      for (const token of tokenize(sql)) {
        const place = toFile(token.start);
        expect(text.slice(place, place + token.end - token.start)).toBe(textOf(sql, token));
      }
    }
  });

  test("the word PERFORM is where SELECT is said to be", () => {
    const text = "DO $$BEGIN PERFORM a; END$$";
    const head: Parser = {
      name: "postgres",
      parse: ({ tokens }) => ({
        outcome: "syntax error",
        message: "",
        at: tokens[0] ?? { start: 0, end: 0 },
      }),
    };
    const [sql] = sqlOf(parsePlpgsql(text, between(text, "$$")));
    expect(sql === undefined ? [] : refusedIn(text, sql, head)).toEqual(["PERFORM"]);
  });
});

describe("statements of a body, parsed", () => {
  test.each([loadPostgresParser, loadPgsqlAstParser])("%o", async (load) => {
    const parser = await load();
    const text = `DO $$ DECLARE t text; n int; BEGIN -- ü
      ALTER TABLE "ö" ADD COLUMN b int;
      SELECT max(id) INTO STRICT n FROM a WHERE id > n;
      PERFORM f(n) FROM c;
      EXECUTE 'ALTER TABLE ' || quote_ident(t) || ' ADD COLUMN d int, DROP COLUMN "é"';
      EXECUTE 'DROP TABLE e' || n; EXECUTE 'BEGIN; COMMIT';
    END $$`;
    const results = sqlOf(parsePlpgsql(text, between(text, "$$"))).flatMap(({ sql, toFile }) =>
      [...parseEmbedded(parser, sql)].map(({ result }) => ({ result, toFile })),
    );
    const fileText = (span: Span, toFile: EmbeddedSql["toFile"]) => textOf(text, moveSpan(span, toFile));
    const found = results.map(({ result, toFile }) => {
      if (result.outcome !== "statement") return result.outcome;
      const { statement } = result;
      const inside =
        statement.kind === "alter table" ? statement.actions.map(({ head }) => fileText(head, toFile)) : [];
      return [statement.kind, fileText(statement.head, toFile), ...inside].join(" | ");
    });
    expect(found).toEqual([
      "alter table | ALTER TABLE | ADD COLUMN",
      "select | SELECT",
      "select | PERFORM",
      "alter table | ALTER TABLE | ADD COLUMN | DROP COLUMN",
      "drop | DROP TABLE",
      "transaction | BEGIN",
      "transaction | COMMIT",
    ]);
  });
});

describe("PL/pgSQL's own parser", () => {
  beforeAll(loadModule);

  const squeeze = (sql: string) =>
    tokenize(sql)
      .filter(({ kind }) => kind !== "comment")
      .map((token) => textOf(sql, token))
      .join(" ");

  /** Every query in its tree, in order, as far as it is a step with SQL of its own. */
  function queriesOf(node: unknown, found: string[]): string[] {
    if (typeof node !== "object" || node === null) return found;
    for (const [key, value] of Object.entries(node)) {
      if (key === "query" && typeof value === "string") found.push(squeeze(value));
      else queriesOf(value, found);
    }
    return found;
  }

  test("finds the same SQL", () => {
    const body = `DECLARE n int; r record; BEGIN
      IF n > 1 THEN INSERT INTO a VALUES (1) RETURNING b INTO n; ELSIF n = 0 THEN PERFORM f(1); ELSE DELETE FROM c; END IF;
      FOR r IN SELECT * FROM d LOOP BEGIN SELECT INTO n e FROM r; EXCEPTION WHEN others THEN TRUNCATE g; END; END LOOP;
      WHILE n < 3 LOOP CALL h(n); COMMIT; END LOOP;
      END`;
    const tree: unknown = parsePlPgSQLSync(`DO $$${body}$$`);
    const steps = sqlOf(parsePlpgsql(`$$${body}$$`, { start: 2, end: body.length + 2 }));
    const ours = steps.map(({ sql }) => squeeze(sql)).map((sql) => sql.replace(/^SELECT (?=n [<>=])/, ""));
    expect(queriesOf(tree, []).sort()).toEqual(ours.sort());
  });
});
