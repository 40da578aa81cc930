import { lineComments } from "../comments.ts";
import { findDotnetPackage } from "../dotnet.ts";
import { compareScripts, parseScriptName } from "../flyway-names.ts";
import { endLine, lastFolder, nextVersion, slugOf } from "../following.ts";
import { baseName, joinPath } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Profile } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { evidence, share, someText } from "./shared.ts";

const without = "evolve-tx-off";
const styles = ["dollar"] as const;

/** `V1_2__words.sql` and `R__words.sql`: Flyway's names, without a way back. */
function isScript(path: string): boolean {
  const kind = parseScriptName(path)?.kind;
  return kind === "V" || kind === "R";
}

/** The comment of the first line that takes the script out of its transaction; no other line counts. */
function findWithout(text: string) {
  const [first] = lineComments(text.split(/\r?\n/, 1)[0] ?? "");
  return first?.body.toLowerCase().includes(without) === true ? first : null;
}

export const evolve: Profile = {
  name: "evolve",
  title: "Evolve",
  source: "https://github.com/lecaillon/Evolve/blob/master/src/Evolve/Migration/MigrationScript.cs",
  placeholders: styles,
  leaving: {
    by: "line",
    text: `-- ${without}`,
    alone: true,
    words: `make \`-- ${without}\` the first line of a file of its own: Evolve sends a file as one message, which is a transaction if it holds more than one statement`,
  },
  // One connection runs all of them (Evolve.cs, ExecuteMigration).
  keepsSession: true,
  comparesText: "https://github.com/lecaillon/Evolve/blob/master/src/Evolve/Migration/MigrationScript.cs",
  recursive: true,
  detect(folder) {
    if (share(folder, isScript) < 0.5) return null;
    if (someText(folder, /evolve-(?:tx|repeat)-/i, (text) => /^.*-- *evolve-(?:tx-off|repeat-)/i.test(text)))
      return evidence(1, `-- ${without}`);
    const because = findDotnetPackage(folder, ["Evolve", "Evolve.Tool"]);
    return because === null ? null : evidence(0.97, because);
  },
  isMigration: isScript,
  order: (folder) => folder.files.filter(isScript).sort((a, b) => compareScripts(a, b)),
  parse(text, path) {
    const script = parseScriptName(path);
    const marker = findWithout(text);
    const isRepeatable = script?.kind === "R";
    return [
      createUnit(path, wholeText(text), marker === null ? "file" : "message", {
        name: script === null || isRepeatable ? baseName(path) : `V${script.version.join(".")}`,
        direction: isRepeatable ? "repeatable" : "up",
        marker,
      }),
    ];
  },
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction }) {
    const versions = folder.files.map((path) => parseScriptName(path)?.version[0] ?? "0");
    const path = joinPath(lastFolder(folder), `V${nextVersion(versions, "1")}__${slugOf(name)}.sql`);
    return [{ path, text: `${transaction ? "" : `-- ${without}\n`}${endLine(sql)}` }];
  },
};
