import { foldersUp, hasPath, joinPath } from "./paths.ts";
import type { ProjectView } from "./types.ts";

/** Where Flyway, or a framework around it, keeps its settings. */
export const flywayConfigs = ["flyway.conf", "flyway.toml", "conf/flyway.conf"];
const frameworkConfigs = ["application.properties", "application.yml", "application.yaml"];

/**
 * A setting of Flyway for what lies in a folder, from the nearest configuration file that tells it: `sqlMigrationPrefix` as it
 * is called there, or as `spring.flyway.sql-migration-prefix`. Null where none does, or where only the environment knows.
 */
export function flywaySetting(project: ProjectView, folder: string, key: string): string | null {
  return flywaySettingAt(project, folder, key)?.value ?? null;
}

/** The same with the file that tells it; null where no file does. */
export function flywaySettingAt(
  project: ProjectView,
  folder: string,
  key: string,
): { readonly value: string | null; readonly path: string } | null {
  const wanted = plainKey(key);
  for (const at of foldersUp(folder)) {
    for (const name of [...flywayConfigs, ...frameworkConfigs]) {
      const path = joinPath(at, name);
      if (!hasPath(project, path)) continue;
      const value = settingsIn(project, path).get(wanted);
      if (value !== undefined) return { value: withoutEnvironment(value), path };
    }
  }
  return null;
}

const known = new WeakMap<ProjectView, Map<string, ReadonlyMap<string, string>>>();

/** Every migration below a configuration file asks it the same. */
function settingsIn(project: ProjectView, path: string): ReadonlyMap<string, string> {
  const files = known.get(project) ?? new Map<string, ReadonlyMap<string, string>>();
  known.set(project, files);
  let settings = files.get(path);
  if (settings === undefined) {
    const text = project.read(path) ?? "";
    settings = /\.ya?ml$/.test(path)
      ? readYaml(text)
      : readLines(
          text,
          flywayConfigs.some((name) => path.endsWith(name)),
        );
    files.set(path, settings);
  }
  return settings;
}

/** `flyway.key=value`, `spring.flyway.key=value`; in Flyway's own files the key alone, or below a `[flyway]`, quotes aside. */
function readLines(text: string, isFlyways: boolean): Map<string, string> {
  const settings = new Map<string, string>();
  let section = isFlyways ? "flyway." : "";
  for (const line of text.split("\n")) {
    const [, head] = /^\s*\[([^\]]+)\]\s*$/.exec(line) ?? [];
    if (head !== undefined) section = `${head}.`;
    const border = line.indexOf("=");
    if (head !== undefined || border === -1 || /^\s*[#!]/.test(line)) continue;
    const key = line.slice(0, border).trim();
    add(settings, key.includes("flyway.") ? key : section + key, line.slice(border + 1));
  }
  return settings;
}

/**
 * The nested keys of a file as dotted ones, the values of a list with commas between them; texts of several lines are passed
 * over.
 */
function readYaml(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  const above: { readonly indent: number; readonly key: string }[] = [];
  let list: string[] = [];
  for (const line of text.split("\n")) {
    const [, item] = /^\s*-\s+([^:]*(?::\S.*)?)$/.exec(line.trimEnd()) ?? [];
    if (item !== undefined) {
      list.push(item.replace(/\s+#.*$/, "").replace(/^(["'])(.*)\1$/, "$2"));
      continue;
    }
    addList();
    const match = /^(\s*)["']?([\w.-]+)["']?\s*:(?:\s+(.*))?$/.exec(line.trimEnd());
    if (match === null) continue;
    const [, indentation = "", key = "", value = ""] = match;
    const indent = indentation.length;
    while ((above.at(-1)?.indent ?? -1) >= indent) above.pop();
    above.push({ indent, key });
    if (value !== "") add(settings, above.map((one) => one.key).join("."), value.replace(/\s+#.*$/, ""));
  }
  addList();
  return settings;

  function addList(): void {
    if (list.length > 0) add(settings, above.map((one) => one.key).join("."), list.join(","));
    list = [];
  }
}

/** The first value of a key counts: later documents of a file are for other environments. */
function add(settings: Map<string, string>, key: string, value: string): void {
  const [, own] = /(?:^|\.)flyway\.(.+)$/i.exec(key) ?? [];
  if (own === undefined) return;
  const plain = plainKey(own);
  if (!settings.has(plain)) settings.set(plain, value.trim().replace(/^(["'])(.*)\1$/, "$2"));
}

/**
 * `sql-migration-prefix` and `sqlMigrationPrefix` are one, as are `postgresql.transactional.lock` and
 * `postgresql.transactional-lock`.
 */
function plainKey(key: string): string {
  return key.replace(/[-_.]/g, "").toLowerCase();
}

/** `${NAME:value}` is the value unless the environment says otherwise; of `${NAME}` only the environment knows. */
function withoutEnvironment(value: string): string | null {
  const match = /^\$\{[^}:]+(?::([^}]*))?\}$/.exec(value);
  return match === null ? value : (match[1] ?? null);
}
