import { isOtherDatabase } from "../layout/dialects.ts";
import { countOf } from "../reporters/words.ts";
import { entriesOf } from "./folders.ts";

/** Folders of this name hold migrations, whatever they are written in. */
const migrationFolder = /^(?:migrations?|migrate|alterations|changelogs?)$/i;
const program = /\.(?:[cm]?[jt]s|py|rb|go|rs|java|kt|scala|cs|php|exs?|xml|ya?ml|json)$/i;
/** Whether a file is a program, or data for one, by its name: whatever SQL it holds is nobody's to read as a whole. */
export function isProgram(name: string): boolean {
  return program.test(name);
}

const unvisited = new Set(["node_modules", "vendor", "target", "dist", "build", "venv"]);

/** So many folders are looked into: a word about what is not read is worth no long search. */
const most = 5000;

/** For people: where migrations lie that are not SQL, so that nobody reads them here; nothing where there are none. */
export function whereProgramsLie(root: string): string {
  const found = findPrograms(root).sort((a, b) => b.count - a.count);
  const [first] = found;
  if (first === undefined) return "";
  const name = first.folder.slice(root.length + 1) || ".";
  const files = `${first.count} ${first.ending} ${first.count === 1 ? "file" : "files"}`;
  const more = found.length === 1 ? "" : ` and ${countOf(found.length - 1, "other folder")}`;
  const verb = found.length === 1 ? "is" : "are";
  return `; ${name} (${files})${more} ${verb} not SQL and not read: hand over the SQL that runs there, with --stdin`;
}

interface Programs {
  readonly folder: string;
  /** Of most of its files. */
  readonly ending: string;
  readonly count: number;
}

/** One migration or two in a folder may be anything. */
const fewest = 2;

function findPrograms(root: string): Programs[] {
  const found: Programs[] = [];
  const pending = [{ folder: root, isOfMigrations: false }];
  for (let k = 0; k < pending.length && k < most; k++) {
    const at = pending[k];
    if (at === undefined) break;
    const counts = new Map<string, number>();
    for (const entry of entriesOf(at.folder)) {
      const { name } = entry;
      if (entry.isDirectory()) {
        if (name.startsWith(".") || unvisited.has(name) || isOtherDatabase(name.toLowerCase())) continue;
        const isOfMigrations = at.isOfMigrations || migrationFolder.test(name);
        pending.push({ folder: `${at.folder}/${name}`, isOfMigrations });
      } else if (at.isOfMigrations && program.test(name) && /\d/.test(name)) {
        const ending = name.slice(name.lastIndexOf("."));
        counts.set(ending, (counts.get(ending) ?? 0) + 1);
      }
    }
    const [best] = [...counts].sort(([, a], [, b]) => b - a);
    if (best !== undefined && best[1] >= fewest)
      found.push({ folder: at.folder, ending: best[0], count: best[1] });
  }
  return found;
}
