import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Diagnostic } from "../../src/engine/report.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { applyEdits } from "../../src/text/edits.ts";

const root = join(import.meta.dirname, "../../fixtures");
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith("bad.sql"))
  .sort();

async function lint(text: string): Promise<readonly Diagnostic[]> {
  const report = await lintSources([{ path: "1_a.sql", text }], {
    catalogue: rules,
    postgresVersion: 16,
    today: "2030-01-01",
  });
  expect(report.complaints).toEqual([]);
  return report.diagnostics;
}

/** Findings by rule and by what they say of which statement's text, whatever their places. */
function keys(text: string, diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics
    .map((one) => `${one.rule} ${withoutLines(one.message)} ${statementOf(text, one)}`)
    .sort();
}

/** A message may say on which line a name went away: the comment that suppresses moves lines. */
function withoutLines(message: string): string {
  return message.replaceAll(/\.sql:\d+/g, ".sql");
}

function statementOf(text: string, { statement }: Diagnostic): string {
  return text.slice(statement.start, statement.end);
}

describe("each finding of the fixtures", () => {
  it.each(files)("%s: goes when it is suppressed, and no other does", async (path) => {
    const text = readFileSync(join(root, path), "utf8");
    const before = await lint(text);
    const { statements } = splitStatements(text);
    for (const { rule, start } of before) {
      // A finding is hidden where it is underlined, which may be in an earlier statement than the one that it is about.
      const statement = statements.find((one) => start.offset >= one.start && start.offset <= one.end);
      // Suppressions do not hide what is wrong with suppressions.
      if (statement === undefined || rule.endsWith("-suppression")) continue;
      // Behind a statement on its line it would be that one's.
      const comment = `\n-- lockwise-ignore ${rule} -- a test\n`;
      const changed = text.slice(0, statement.start) + comment + text.slice(statement.start);
      const rest = before.filter(
        (one) => one.rule !== rule || one.start.offset < statement.start || one.start.offset > statement.end,
      );
      expect(keys(changed, await lint(changed)), `${rule} at ${statement.start}`).toEqual(keys(text, rest));
    }
  });

  it.each(files)("%s: fixes settle", async (path) => {
    const text = readFileSync(join(root, path), "utf8");
    const once = await fixAll(text);
    expect(await fixAll(once)).toBe(once);
  });
});

/** As `--fix` does it: again until nothing changes. */
async function fixAll(text: string): Promise<string> {
  let fixed = text;
  for (let round = 0; round < 10; round++) {
    const edits = (await lint(fixed)).flatMap(({ fix }) => fix?.edits ?? []);
    const next = applyEdits(fixed, edits).text;
    if (next === fixed) return fixed;
    fixed = next;
  }
  throw new Error("the fixes never settle");
}
