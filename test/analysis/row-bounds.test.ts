import { beforeAll, describe, expect, it } from "vitest";
import { boundOf } from "../../src/analysis/row-bounds.ts";
import { emptySchema, foldSchema } from "../../src/analysis/schema.ts";
import type { Statement } from "../../src/model/statement.ts";
import type { Parser } from "../../src/parse/parser.ts";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";

let parser: Parser;
beforeAll(async () => {
  parser = await loadPostgresParser();
});

function parse(text: string): Statement {
  const [statement] = splitStatements(text).statements;
  if (statement === undefined) throw new Error("no statement");
  const result = parser.parse({ text, statement, tokens: statementTokens(text, statement) });
  if (result.outcome !== "statement") throw new Error(JSON.stringify(result));
  return result.statement;
}

function bound(sql: string): string {
  const text =
    "CREATE TABLE t (id bigint PRIMARY KEY, code text UNIQUE, owner_id bigint REFERENCES o, user_id text REFERENCES u, level text REFERENCES l, status text, email text)";
  const context = {
    origin: { unit: 0, transaction: 0, release: 0 },
    searchPath: ["public"],
    version: 16,
    text,
  };
  const schema = foldSchema(emptySchema(), parse(text), context);
  const change = parse(sql);
  if (change.kind !== "update" && change.kind !== "delete") throw new Error(change.kind);
  return boundOf(change, schema);
}

describe("how many rows a change may touch", () => {
  const few = [
    "DELETE FROM t WHERE id = 1",
    "DELETE FROM t WHERE owner_id = 1",
    "DELETE FROM t WHERE user_id = 'a'",
    "DELETE FROM t WHERE 1 = id",
    "DELETE FROM t WHERE code = 'a' AND status = 'b'",
    "DELETE FROM t WHERE id = $1 OR code = lower('A')",
    "DELETE FROM t WHERE id IN (1, 2, 3)",
    "DELETE FROM t WHERE id = ANY (ARRAY[1, 2])",
    "DELETE FROM t WHERE id >= 10 AND 20 > id",
    "DELETE FROM t WHERE id BETWEEN 10 AND 20",
    "DELETE FROM t WHERE (id, status) = (1, 'a')",
    "DELETE FROM t WHERE id IN (SELECT id FROM t ORDER BY id LIMIT 10)",
    "DELETE FROM t WHERE ctid = ANY (ARRAY(SELECT ctid FROM t LIMIT 10))",
    "DELETE FROM t WHERE id = (SELECT max(id) FROM t)",
    "DELETE FROM t USING (VALUES (1), (2)) AS v (id) WHERE v.id = t.id",
    "WITH b AS (SELECT id FROM t LIMIT 5) DELETE FROM t USING b WHERE b.id = t.id",
    "WITH b AS (SELECT id FROM t LIMIT 5) DELETE FROM t WHERE id IN (SELECT id FROM b)",
    "WITH b AS (DELETE FROM t WHERE id = 1 RETURNING id) UPDATE t SET status = '' FROM b WHERE t.owner_id = b.id",
    "UPDATE t SET status = 'a' WHERE owner_id = 7",
    "UPDATE t SET status = 'a' WHERE false",
    "UPDATE x SET status = 'a' WHERE id = 1",
    "DELETE FROM t WHERE id::int = 1",
    "DELETE FROM t WHERE id = 1 + 1",
    "DELETE FROM t WHERE id = - (1)",
    "DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 3)",
    "DELETE FROM t WHERE id IN (SELECT id FROM t WHERE code = 'a')",
    "DELETE FROM t WHERE id IN (SELECT max(id) FROM t)",
    "DELETE FROM t WHERE id > 1 AND id < 5 AND status <> 'a'",
    "WITH b AS (SELECT id FROM t LIMIT 5) DELETE FROM t USING b AS c WHERE t.status = c.id",
    "WITH b AS (INSERT INTO t (id) VALUES (1) RETURNING id) DELETE FROM t USING b WHERE b.id = t.id",
    "WITH b AS (INSERT INTO t (id) SELECT 1 RETURNING id) DELETE FROM t USING b WHERE b.id = t.id",
    "DELETE FROM t USING (SELECT id FROM t LIMIT 5) AS b JOIN x ON true WHERE b.id = t.id",
    "DELETE FROM t WHERE id IN ((SELECT id FROM t) UNION (SELECT id FROM x) LIMIT 5)",
    "DELETE FROM t WHERE id IN (SELECT id FROM x WHERE x.id = 7)",
    "DELETE FROM t WHERE id = coalesce(NULL, 3)",
    "DELETE FROM t WHERE id = v_id",
    "DELETE FROM t WHERE id = (rec).id",
    "DELETE FROM t WHERE NULL",
    "UPDATE x SET status = 'a' WHERE user_uuid = 'b'",
    "UPDATE x SET status = 'a' WHERE \"userId\" = 'b'",
    "UPDATE x SET status = 'a' WHERE slug = 'b'",
    "DELETE FROM t WHERE 10 <= id AND id <= 20",
  ];
  it.each(few)("few: %s", (sql) => expect(bound(sql)).toBe("few"));

  const many = [
    // A word out of a short list, which many rows share.
    "DELETE FROM t WHERE level = 'advanced'",
    "DELETE FROM t WHERE status = 'a'",
    "DELETE FROM t WHERE status IS NULL",
    "DELETE FROM t WHERE id = 1 OR status = 'a'",
    "DELETE FROM t WHERE id > 10",
    "DELETE FROM t WHERE id > 10 AND id >= 20",
    "DELETE FROM t WHERE NOT id = 1",
    "DELETE FROM t WHERE id NOT IN (1, 2)",
    "DELETE FROM t WHERE id IN (SELECT id FROM t WHERE status = 'a')",
    "DELETE FROM t USING u WHERE u.id = t.id",
    "WITH b AS (SELECT id FROM t) DELETE FROM t USING b WHERE b.id = t.id",
    "DELETE FROM t WHERE id = 1 + owner_id",
    "DELETE FROM t WHERE id IN (SELECT max(id) FROM t GROUP BY status)",
    "DELETE FROM t WHERE id > 1 AND id <> 5",
    "DELETE FROM t WHERE 'true' = status",
    "UPDATE x SET status = 'a' WHERE status = 'b'",
    "UPDATE x SET status = 'a' WHERE name_of_it = 'b'",
    "UPDATE x SET status = 'a' WHERE idle = 'b'",
    "UPDATE x SET status = 'a' WHERE \"Idol\" = 'b'",
    "DELETE FROM t WHERE id IN (1, owner_id)",
    "DELETE FROM t WHERE status IN ('a', 'b')",
    "DELETE FROM t WHERE id NOT BETWEEN 10 AND 20",
    "DELETE FROM t WHERE status BETWEEN 'a' AND 'b'",
    "DELETE FROM t WHERE id BETWEEN owner_id AND 20",
    "DELETE FROM t WHERE id BETWEEN 10 AND owner_id",
    "DELETE FROM t WHERE id <> ANY (ARRAY[1, 2])",
    "DELETE FROM t WHERE status = ANY (ARRAY['a', 'b'])",
    "DELETE FROM t WHERE id = ANY (ARRAY[owner_id])",
    "DELETE FROM t WHERE id <> 7",
    "DELETE FROM t WHERE id > owner_id AND id < 20",
    "DELETE FROM t WHERE status > 'a' AND status < 'b'",
    "DELETE FROM t WHERE id > 10 AND owner_id < 20",
    "DELETE FROM t WHERE id NOT IN (SELECT id FROM t LIMIT 10)",
    "DELETE FROM t WHERE EXISTS (SELECT FROM x LIMIT 1)",
    "DELETE FROM t WHERE id = ANY (ARRAY(SELECT id FROM t))",
    "DELETE FROM t WHERE id IN (SELECT lower(code) FROM t)",
    "DELETE FROM t WHERE id IN (SELECT max(id) OVER () FROM t)",
    "DELETE FROM t WHERE id IN (SELECT 1 UNION SELECT id FROM t)",
    "WITH b AS (INSERT INTO t (id) SELECT id FROM x RETURNING id) DELETE FROM t USING b WHERE b.id = t.id",
    "WITH b AS (DELETE FROM t WHERE status = '' RETURNING id) DELETE FROM t USING b WHERE b.id = t.id",
    "DELETE FROM t USING x AS b WHERE b.id = t.id",
    "DELETE FROM t WHERE id = other",
    "DELETE FROM t WHERE id + 1 = 7",
  ];
  it.each(many)("many: %s", (sql) => expect(bound(sql)).toBe("many"));

  it("all: no WHERE, or one that says nothing", () => {
    expect(bound("UPDATE t SET status = 'a'")).toBe("all");
    expect(bound("UPDATE t SET status = 'a' WHERE true")).toBe("all");
  });
});
