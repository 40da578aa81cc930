import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { profiles } from "../../src/layout/index.ts";
import { loadReporter } from "../../src/reporters/load.ts";
import { formats } from "../../src/reporters/reporter.ts";
import { holdWords } from "../fuzz/checks.ts";

/** What every object of JavaScript has: a table of our own that is asked for it must say that it knows no such word. */
const inherited = Object.getOwnPropertyNames(Object.prototype);

/** Statements in which a word of the author's stands wherever one can stand. */
const statements = (word: string): string => {
  const name = /[A-Z]/.test(word) ? `"${word}"` : word;
  return `
-- lockwise-ignore ${word} -- ${word}
-- squawk-ignore ${word}
--atlas:nolint ${word}
-- pgls-ignore lint/safety/${word}: x
CREATE TABLE ${name} (${name} ${name} PRIMARY KEY, b ${name}(3), c int, d text, e numeric(9, 2));
CREATE TABLE t (a ${name}, b ${name}[], c int8, d varchar(20), e float8);
CREATE TYPE ${name} AS ENUM ('${word}');
CREATE DOMAIN ${name}_d AS ${name} CHECK (VALUE <> '${word}');
ALTER TABLE ${name} ALTER COLUMN ${name} TYPE ${name}_d, ALTER b TYPE int, ALTER c TYPE ${name}, ALTER e TYPE ${name};
ALTER TABLE t ALTER a TYPE int4, ALTER c TYPE ${name}, ALTER d TYPE ${name}(4), ALTER e TYPE ${name} USING ${name}(e);
ALTER TABLE t ADD COLUMN ${name} ${name} DEFAULT ${name}() NOT NULL, ADD g ${name}.${name};
ALTER TABLE t ADD CONSTRAINT ${name} CHECK (a OPERATOR(${name}.+) b), ADD UNIQUE USING INDEX ${name}, SET (${name} = 1);
CREATE INDEX ${name} ON t USING ${name} (a ${name}, ${name}(b) COLLATE ${name}) WITH (${name} = 1) TABLESPACE ${name};
SET ${name} = '5 ${word}'; SET lock_timeout = '${word}'; SET search_path = ${name};
CREATE FUNCTION ${name}(${name} ${name}) RETURNS ${name} LANGUAGE ${name} AS '${word}';
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE ${name} ${name}; BEGIN ${name} := ${name}; PERFORM ${name}(); END $$;
CREATE TRIGGER ${name} AFTER INSERT ON t EXECUTE FUNCTION ${name}();
CREATE EXTENSION ${name}; CREATE ROLE ${name}; GRANT ${name} TO ${name}; COMMENT ON COLUMN t.${name} IS '${word}';
VACUUM (${name}) t (${name}); ALTER SYSTEM SET ${name} = ${name}; ALTER ROLE ${name} SET ${name} = 1;
DROP ${word} ${name}; ALTER ${word} ${name} RENAME TO ${name}; ${word} ${name};
ALTER TABLE t RENAME COLUMN ${name} TO ${name}; ALTER TABLE ${name} RENAME TO x; DROP TABLE t, x CASCADE;
BEGIN;
SELECT 1 FRM x
${word};
`;
};

describe.each(inherited)("a name that JavaScript knows: %s", (word) => {
  const text = statements(word);

  it("is a name like any other to the rules, to explain and to the reporters", async () => {
    const source = { path: `${word}/${word}.sql`, text };
    for (const version of [12, 18]) {
      for (const extending of ["strict", "squawk"] as const) {
        const options = { catalogue: rules, postgresVersion: version, extends: extending };
        const report = await lintSources([source], options);
        expect(report.complaints).toEqual([]);
        expect(report.files[0]?.notUnderstood.map(({ reason }) => reason).join()).not.toMatch(
          /internal|TypeE/,
        );
        for (const format of formats) {
          const output = (await loadReporter(format))(report, { rules, version: "1.0.0", width: 100 });
          expect(output).not.toMatch(/native code|\bfunction \w+\(/);
          holdWords(output, text, format);
        }
        const { statements: explained } = await explainSources([source], options);
        expect(JSON.stringify(explained)).not.toMatch(/native code/);
      }
    }
  });

  it("is one to the tools, as the name of a folder and of a file", () => {
    const path = `db/${word}/${word}.sql`;
    const project = { paths: [path], read: () => text };
    for (const profile of profiles) {
      for (const { direction } of profile.parse(text, path, project))
        expect(direction, profile.name).toBeTypeOf("string");
      profile.order({ root: `db/${word}`, files: [path], project });
    }
  });
});
