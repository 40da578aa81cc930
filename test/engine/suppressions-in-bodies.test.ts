import { expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

const index = "CREATE INDEX i ON t (a);";
const ignore = "-- lockwise-ignore index-without-concurrently -- twenty rows";

async function findings(text: string): Promise<string[]> {
  const { diagnostics } = await lintSources([{ path: "1.sql", text }], { catalogue: rules });
  return diagnostics.map(({ rule, start }) => `${start.line} ${rule}`);
}

test("a comment in a DO block covers the next statement of its body", async () => {
  const body = (...lines: string[]) => findings(["DO $$ BEGIN", ...lines, "END $$;"].join("\n"));
  expect(await body(ignore, index)).toEqual([]);
  expect(await body(index, ignore, index)).toEqual(["2 index-without-concurrently"]);
  expect(await body("NULL;", ignore, index, index)).toEqual(["5 index-without-concurrently"]);
  expect(await body(`${index} ${ignore}`, index)).toEqual(["3 index-without-concurrently"]);
  expect(await body("IF true THEN", ignore, index, "END IF;")).toEqual([]);
});

test("so it does in the body of a routine that the file defines and runs", async () => {
  const text = `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
  ${ignore}
  ${index}
END
$body$;
SELECT f();
`;
  expect(await findings(text)).toEqual([]);
});

test("what a comment in a body hides not, and names not, is told there", async () => {
  const text = `DO $$
BEGIN
  -- lockwise-ignore truncate
  NULL;
  -- lockwise-ignore trancate
  NULL;
END
$$;
${ignore}
${index}
`;
  expect(await findings(text)).toEqual(["3 unused-suppression", "5 unknown-suppression"]);
});
