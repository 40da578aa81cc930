import type { Report } from "../engine/report.ts";
import { plain } from "./plain.ts";
import { conditionsOf, notUnderstood, notUnderstoodOf, renderImpact } from "./words.ts";

/**
 * Workflow commands that GitHub shows beside the lines of a pull request. One line each; whatever could end
 * a command or begin another is escaped.
 */
export function renderGithub(report: Report): string {
  const findings = report.diagnostics.map((diagnostic) => {
    const { severity, path, start, end, rule, message, impact, rewrite, fix, advice } = diagnostic;
    const properties: [string, string][] = [
      ["file", path],
      ["line", String(start.line)],
    ];
    // GitHub takes columns for one line only.
    if (end.line === start.line) {
      properties.push(["col", String(start.column)], ["endColumn", String(end.column)]);
    } else properties.push(["endLine", String(end.line)]);
    properties.push(["title", `lockwise: ${rule}`]);
    // Line breaks are ours or the SQL's; those of a name show as what they are.
    const text = [plain(message)];
    if (impact !== null) text.push(plain(renderImpact(impact)));
    if (fix !== null) text.push(`Instead: ${fix.title} (lockwise --fix does it).`);
    for (const step of rewrite ?? []) {
      const conditions = conditionsOf(step);
      text.push(`${step.title}${conditions === "" ? "" : ` (${conditions})`}:\n${step.sql.trimEnd()}`);
    }
    if (advice !== null) text.push(`Instead: ${advice}`);
    return command(severity, properties, text.join("\n\n"));
  });
  const complaints = report.complaints.map(({ path, line, message }) => {
    const properties: [string, string][] = path === null ? [] : [["file", path]];
    if (path !== null && line !== null) properties.push(["line", String(line)]);
    return command("error", [...properties, ["title", "lockwise"]], plain(message));
  });
  const lost = notUnderstoodOf(report).map(({ path, line, message }) => {
    const properties = [
      ["file", path],
      ["line", String(line)],
      ["title", `lockwise: ${notUnderstood}`],
    ] as const;
    return command("notice", properties, message);
  });
  return [...findings, ...lost, ...complaints].join("");
}

function command(name: string, properties: readonly (readonly [string, string])[], text: string): string {
  const list = properties.map(([key, value]) => `${key}=${escapeProperty(value)}`).join(",");
  return `::${name} ${list}::${escapeData(text)}\n`;
}

/** Line breaks survive, coded; every other control character shows as what it is. */
function escapeData(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => plain(line).replaceAll("%", "%25"))
    .join("%0A");
}

function escapeProperty(text: string): string {
  return plain(text).replaceAll("%", "%25").replaceAll(":", "%3A").replaceAll(",", "%2C");
}
