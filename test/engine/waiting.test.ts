import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Context, Finding, LooseEnd, Rule } from "../../src/rule.ts";

const past = `CREATE TYPE mood AS ENUM ('low');
CREATE TABLE owners (id int PRIMARY KEY, kind text NOT NULL DEFAULT 'a', old text, other text);
CREATE TABLE dogs (id int PRIMARY KEY, owner int, name text, note text, key text);
CREATE INDEX dogs_name ON dogs (name);
CREATE VIEW names AS SELECT id FROM dogs;
CREATE SEQUENCE numbers;
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'x'; RETURN NEW; END $$;
CREATE TRIGGER noted BEFORE INSERT ON dogs FOR EACH ROW EXECUTE FUNCTION noted();
CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2';
CREATE TABLE logs (id int PRIMARY KEY, line text);
`;

const present = `ALTER TABLE dogs ADD CONSTRAINT owned FOREIGN KEY (owner) REFERENCES owners (id) NOT VALID;
ALTER TABLE owners ALTER COLUMN kind DROP DEFAULT;
ALTER TABLE owners DROP COLUMN old;
ALTER TABLE owners RENAME COLUMN other TO another;
ALTER TABLE dogs DROP COLUMN note;
ALTER TABLE dogs DISABLE TRIGGER USER;
ALTER TABLE dogs ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_of_them ON owners USING (true);
CREATE INDEX dogs_name_key ON dogs (name, key);
CREATE TABLE bare (id int);
CREATE TABLE logs_new (id int PRIMARY KEY, line text);
INSERT INTO logs_new SELECT * FROM logs;
ALTER TABLE logs RENAME TO logs_old;
ALTER SEQUENCE numbers RENAME TO digits;
DROP INDEX IF EXISTS nowhere;
DROP FUNCTION twice(int);
DROP TYPE mood;
DROP VIEW names;
DROP TABLE dogs;
`;

it("keeps no context, and no schema with it, for what waits for the end", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const contexts: WeakRef<Context>[] = [];
  const waiting: LooseEnd[] = [];
  const follow = (context: Context, looseEnd: NonNullable<Finding["looseEnd"]>) => {
    contexts.push(new WeakRef(context));
    const note = (end: LooseEnd) => {
      waiting.push(end);
      return end;
    };
    if (typeof looseEnd !== "function") return note(looseEnd);
    return (after: Context["schema"]) => note(looseEnd(after));
  };
  const spied = rules.map(
    (rule): Rule => ({
      ...rule,
      *check(node, context) {
        for (const finding of rule.check(node, context)) {
          const { looseEnd } = finding;
          yield looseEnd === undefined ? finding : { ...finding, looseEnd: follow(context, looseEnd) };
        }
      },
    }),
  );
  const asked = rules.map(({ id }) => id);
  const sources = [
    { path: "1.sql", text: past, role: "history" as const },
    { path: "2.sql", text: present },
  ];
  const report = await lintSources(sources, { catalogue: spied, only: asked });
  expect(report.complaints).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(waiting.length).toBeGreaterThanOrEqual(20);
  expect(waiting.length).toBe(contexts.length);
  expect(contexts.filter((context) => context.deref() !== undefined)).toEqual([]);
});
