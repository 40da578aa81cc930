import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Layout, Profile, ProjectView, Unit } from "../../src/layout/index.ts";
import { findProfile, layOut } from "../../src/layout/index.ts";

/** A project of files in memory. */
export function memory(files: Readonly<Record<string, string>>): ProjectView {
  return { paths: Object.keys(files), read: (path) => files[path] ?? null };
}

/** A fixture project as it lies on the disk. */
export function fixture(name: string): ProjectView {
  const root = join(import.meta.dirname, "../../fixtures/_runners", name);
  const entries = readdirSync(root, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const paths = files.map((path) => relative(root, path).split(sep).join("/"));
  return {
    paths,
    read: (path) => (paths.includes(path) ? readFileSync(join(root, path), "utf8") : null),
  };
}

/** The only layout of a project. */
export function only(project: ProjectView): Layout {
  const layouts = layOut(project);
  const [layout] = layouts;
  if (layout === undefined || layouts.length !== 1)
    throw new Error(`${layouts.length} layouts instead of one`);
  return layout;
}

export function profileNamed(name: string): Profile {
  const profile = findProfile(name);
  if (profile === null) throw new Error(`no profile ${name}`);
  return profile;
}

/** The units of one text under a profile. */
export function units(
  name: string,
  text: string,
  path = "1_x.sql",
  rest: Record<string, string> = {},
): readonly Unit[] {
  return profileNamed(name).parse(text, path, memory({ [path]: text, ...rest }));
}

/** The only unit of a text. */
export function unit(name: string, text: string, path?: string, rest?: Record<string, string>): Unit {
  const [first, second] = units(name, text, path, rest);
  if (first === undefined || second !== undefined) throw new Error("not one unit");
  return first;
}

/** The pieces of a unit between its borders, without lines that are comments. */
export function pieces(text: string, { start, end, breaks }: Unit): string[] {
  const cuts = [start, ...breaks.filter((at) => at > start && at < end), end];
  return cuts.slice(1).map((cut, index) => {
    const lines = text.slice(cuts[index], cut).split("\n");
    return lines
      .filter((line) => !line.trim().startsWith("--"))
      .join("\n")
      .trim();
  });
}
