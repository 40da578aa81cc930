import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Report } from "../../src/engine/report.ts";
import { renderExplanation, renderExplanationJson } from "../../src/reporters/explain.ts";
import { loadReporter } from "../../src/reporters/load.ts";
import { formats } from "../../src/reporters/reporter.ts";
import { holdPrintable, holdXml } from "../fuzz/checks.ts";

/** Names that try to leave their place: terminals, workflow commands, Markdown, HTML, XML, spreadsheets. */
const names = [
  "\u001b[2J\u001b]0;title\u0007",
  "\u009b31m",
  "a\u202eb\u2066c",
  "or\u00adders\u200b\u3164",
  "orders\u{e0069}\u{e0067}\u{e006e}",
  "a\r::error file=x::y",
  "a\n::stop-commands::x",
  "a%0A::error::x",
  "</skipped><script>alert(1)</script>",
  "]]>&lt;&amp;",
  "```\n# heading",
  "`</details>",
  "[x](javascript:alert(1))",
  "![x](https://evil.example/?q)",
  "@everyone #1 https://evil.example",
  "=HYPERLINK(1)",
  "+cmd|' /C calc'!A0",
  "a|b",
  "\ud800",
  "__proto__",
];

async function reportOf(name: string): Promise<Report> {
  const quoted = name.replaceAll('"', '""');
  const text = [
    `CREATE INDEX ON "${quoted}" (a);`,
    `DROP TABLE "${quoted}";`,
    `ALTER TABLE t RENAME COLUMN "${quoted}" TO b;`,
    `ALTER TABLE "${quoted}" ADD COLUMN c text NOT NULL, ALTER COLUMN d TYPE bigint;`,
    `SELECT "${quoted}" FRM x;`,
    "DROP TABLE a; -- lockwise-ignore drop-tabel -- x",
  ].join("\n");
  const report = await lintSources([{ path: `db/${name}.sql`, text }], { catalogue: rules });
  expect(report.diagnostics.length).toBeGreaterThan(4);
  const complaint = { path: `db/${name}.sql`, line: 1, message: `the rule ${name} failed: ${name}` };
  return { ...report, complaints: [...report.complaints, complaint] };
}

it.each(names.map((name) => [JSON.stringify(name), name]))("%s steers nothing", async (_, name) => {
  const report = await reportOf(name);
  for (const format of formats) {
    const render = await loadReporter(format);
    const output = render(report, { rules, version: "1.0.0", verbose: true, width: 100 });
    holdPrintable(output, format);
    if (format === "github") {
      const count = report.diagnostics.length + report.complaints.length;
      expect(output.split("\n").slice(0, -1)).toHaveLength(count);
      for (const line of output.split("\n").slice(0, -1)) expect(line).toMatch(/^::(error|warning) /);
      for (const line of output.split("\n")) expect(line.split("%0A%0A")[0]).not.toContain("%0A");
    }
    if (format === "compact") {
      expect(output.split("\n").slice(0, -1)).toHaveLength(report.diagnostics.length);
      for (const line of output.split("\n").slice(0, -1)) expect(line).toMatch(/^db\//);
    }
    if (format === "junit") holdXml(output);
    if (format === "markdown") checkMarkdown(output);
    if (format === "json" || format === "sarif" || format === "gitlab") {
      // What a parser gets is the text as it was, but for halves of characters.
      const parsed: unknown = JSON.parse(output);
      if (format === "json") expect(parsed).toMatchObject({ files: [{ path: `db/${name}.sql` }] });
    }
    if (format === "sarif") expect(output).not.toMatch(/"uri": "[^"]*[\s<>`[\]|]/);
  }
  const [file] = report.files;
  const explained = await explainSources([{ path: `db/${name}.sql`, text: file?.lines.text ?? "" }], {
    catalogue: rules,
  });
  holdPrintable(renderExplanation(explained, { width: 100 }), "explain");
  holdPrintable(renderExplanationJson(explained), "explain as JSON");
});

/** Outside of code nothing is left that Markdown or HTML would take for more than text. */
function checkMarkdown(output: string): void {
  const prose = output
    .replaceAll(/^(`{3,})sql\n[\s\S]*?\n\1$/gm, "")
    .replaceAll(/(?<![\\`])(`+)(?!`).*?[^`]\1(?!`)/g, "");
  const own = /<\/?(?:details|summary)>/g;
  expect(prose.replaceAll(own, "")).not.toMatch(/[<>]/);
  expect(output.match(/<details>/g)?.length ?? 0).toBe(prose.match(/<\/details>/g)?.length ?? 0);
  expect(prose).not.toMatch(/(?<!\\)!\[|(?<!\\)\]\(javascript|@everyone|(?<!\()https?:\/\/evil/);
  for (const line of prose.split("\n")) expect(line).not.toMatch(/^# /);
}

it("keeps colour to itself: what the text holds stays visible where colour is on", async () => {
  const render = await loadReporter("pretty");
  const output = render(await reportOf("\u001b[31mred\u009b0m"), { colour: true, width: 100 });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what this is about.
  const own = /\u001b\[(?:\d{1,2})m/g;
  expect(output).toContain("\u241b");
  holdPrintable(output.replaceAll(own, ""), "pretty in colour");
  expect(output).not.toContain("\u001b[31mred");
});
