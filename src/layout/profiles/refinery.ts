import { compareScripts, parseScriptName } from "../flyway-names.ts";
import { endLine, lastFolder, nextVersion, slugOf } from "../following.ts";
import { findConfig, findCrate } from "../manifests.ts";
import { folderOf, joinPath, pathBelow } from "../paths.ts";
import type { Folder, Profile } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { asItIs, evidence, share } from "./shared.ts";

/** `V1__words.sql`, and `U1__words.sql` for one that may come late; at most one dot in the version. */
function isScript(path: string): boolean {
  const script = parseScriptName(path);
  return script !== null && (script.kind === "V" || script.kind === "U") && script.version.length <= 2;
}

/** Migrations written in Rust in the same place, or SQLite's by the name of a Rust server: no Java here. */
function rustSign(folder: Folder): string | null {
  const above = folderOf(folder.root);
  const sign = folder.project.paths.find((path) => {
    const below = pathBelow(above, path);
    return below !== null && (/(?:^|\/)[VU]\d[^/]*__[^/]*\.rs$/.test(below) || below.startsWith("hiqlite/"));
  });
  return sign ?? null;
}

export const refinery: Profile = {
  name: "refinery",
  title: "refinery",
  source: "https://docs.rs/refinery/latest/refinery/",
  placeholders: [],
  leaving: {
    by: "nothing",
    text: "",
    alone: false,
    words:
      "refinery has no way to run an SQL file without a transaction: run the statement by hand, before the migration",
  },
  // One client runs all of them (traits/sync.rs).
  keepsSession: true,
  comparesText: "https://docs.rs/refinery/latest/refinery/struct.Runner.html#method.set_abort_divergent",
  recursive: true,
  detect(folder) {
    if (share(folder, isScript) < 0.5) return null;
    const because =
      findConfig(folder, ["refinery.toml"]) ?? findCrate(folder, "refinery") ?? rustSign(folder);
    return because === null ? evidence(0.4, "files named V1__words.sql") : evidence(0.97, because);
  },
  isMigration: isScript,
  // U means "unversioned": it may be applied late, but undoes nothing.
  order: (folder) => folder.files.filter(isScript).sort((a, b) => compareScripts(a, b)),
  parse: (text, path) => [createUnit(path, wholeText(text), "file")],
  fill: asItIs,
  following(folder, { name, sql }) {
    const version = nextVersion(
      folder.files.map((path) => parseScriptName(path)?.version[0] ?? "0"),
      "1",
    );
    return [{ path: joinPath(lastFolder(folder), `V${version}__${slugOf(name)}.sql`), text: endLine(sql) }];
  },
};
