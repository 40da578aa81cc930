import { expect, it } from "vitest";
import type { Report } from "../../src/engine/report.ts";
import { renderPretty } from "../../src/reporters/pretty.ts";
import { ordersFile, sampleReport } from "./sample.ts";

/** The sample's two findings in each of many files. */
function manyFiles(count: number, history = 0): Report {
  const files = Array.from({ length: count }, (_, k) => ({ ...ordersFile, path: `migrations/${k}.sql` }));
  const report = sampleReport(files);
  return { ...report, context: { ...report.context, history } };
}

it("counts findings by rule where nobody would read them all", () => {
  const shown = renderPretty(manyFiles(25), {});
  expect(shown).toContain(
    "     25  index-without-concurrently\n     25  missing-lock-timeout\n     25  not-null-scan\n\n50 ",
  );
  expect(renderPretty(manyFiles(16), {})).not.toMatch(/^ +16 /m);
});

it("says what to do with the findings of a whole past, and not where the past is known", () => {
  const words = "What has run already needs no repair";
  expect(renderPretty(manyFiles(25), {})).toContain(words);
  expect(renderPretty(manyFiles(3), {})).not.toContain(words);
  expect(renderPretty(manyFiles(25, 3), {})).not.toContain(words);
});
