import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { gather } from "../../src/cli/gather.ts";
import { planRuns } from "../../src/cli/runs.ts";
import { loadSettings } from "../../src/cli/settings.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { renderCompact } from "../../src/reporters/compact.ts";

/*
 * A small project for each migration tool, as that tool would run it: linted with no flags, the runner found by itself. What
 * comes out is kept in reports/<tool>.txt.
 */

const root = join(import.meta.dirname, "../../fixtures/_runners");

describe("projects of migration tools", () => {
  it.each(readdirSync(root))("%s", async (tool) => {
    const folder = join(root, tool);
    const settings = await loadSettings(folder, undefined);
    const { project, judged, named } = gather({ paths: ["."], cwd: folder, root: folder }, settings);
    const planned = planRuns(project, judged, named, null);
    const lines: string[] = [];
    for (const { profile, sources } of planned.runs) {
      const options = profile === null ? {} : { runner: profile.name };
      const report = await lintSources(sources, { catalogue: rules, project, ...options });
      expect(report.complaints).toEqual([]);
      const files = report.files.map(({ path, statements }) => `  ${path}: ${statements} statements`);
      lines.push(`${report.context.runner}:`, ...files, "", renderCompact(report).trimEnd(), "");
      for (const { path, notUnderstood } of report.files) {
        for (const { line, reason } of notUnderstood)
          lines.push(`${path}:${line}: not understood: ${reason}`);
      }
    }
    const text = `${lines.join("\n").trim()}\n`;
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, "reports", `${tool}.txt`));
  });
});
