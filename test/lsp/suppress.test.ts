import { expect, it } from "vitest";
import type { Diagnostic } from "../../src/engine/report.ts";
import { lint } from "../../src/index.ts";
import { suppressAction } from "../../src/lsp/suppress.ts";
import { indexLines } from "../../src/text/lines.ts";

type Target = Parameters<typeof suppressAction>[1];

async function textAfter(text: string, rule: string): Promise<string> {
  const { diagnostics } = await lint([{ path: "a.sql", text }]);
  const own = diagnostics.find((one) => one.rule === rule);
  const target = {
    uri: "file:///a.sql",
    checked: { text, version: 1 },
    lines: indexLines(text),
    abilities: { snippets: false, documentChanges: false },
  } as unknown as Target;
  const action = suppressAction(own as unknown as Diagnostic, target);
  const [edit] = Object.values(action?.edit?.changes ?? {})[0] ?? [];
  const line = edit?.range.start.line ?? -1;
  const lines = text.split("\n");
  return [...lines.slice(0, line), `${edit?.newText}${lines[line]}`, ...lines.slice(line + 1)].join("\n");
}

it.each([
  ["lock-timeout-too-long", "BEGIN;\nSET LOCAL lock_timeout = 0;\nALTER TABLE a ADD b int;\nCOMMIT;\n"],
  ["column-type-change", "SET lock_timeout = '1s';\nALTER TABLE a\n  ALTER b TYPE int,\n  ADD c int;\n"],
  ["drop-table", "DROP TABLE a;\n"],
])("%s: the comment stands where it silences the finding", async (rule, text) => {
  const { diagnostics } = await lint([{ path: "a.sql", text: await textAfter(text, rule) }]);
  const told = diagnostics.map((one) => one.rule);
  expect(told).not.toContain(rule);
  expect(told).not.toContain("unused-suppression");
});
