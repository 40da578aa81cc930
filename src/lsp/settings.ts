import { newestVersion, oldestVersion } from "../engine/options.ts";
import { findProfile } from "../layout/index.ts";
import { defaultSettings, type EditorSettings } from "./workspace.ts";

/** Reads what an editor sends as its settings. What makes no sense is told in `problems` and counts as not said. */
export function parseSettings(value: unknown): {
  readonly settings: EditorSettings;
  readonly problems: string[];
} {
  const problems: string[] = [];
  if (typeof value !== "object" || value === null) return { settings: defaultSettings, problems };
  const given = value as Record<string, unknown>;
  const pick = <T>(key: string, wanted: string, accept: (value: unknown) => T | null): T | null => {
    const one = given[key];
    if (one === undefined || one === null || one === "") return null;
    const accepted = accept(one);
    if (accepted === null) problems.push(`lockwise.${key}: ${JSON.stringify(one)} is not ${wanted}`);
    return accepted;
  };
  const settings: EditorSettings = {
    run:
      pick("run", "type or save", (one) => (one === "type" || one === "save" ? one : null)) ??
      defaultSettings.run,
    postgresVersion: pick("postgresVersion", `a version, ${oldestVersion} to ${newestVersion}`, (one) => {
      const version = Number(one);
      return Number.isInteger(version) && version >= oldestVersion && version <= newestVersion
        ? version
        : null;
    }),
    runner: pick("runner", "a runner that is known", (one) =>
      typeof one === "string" && findProfile(one) !== null ? one : null,
    ),
    config: pick("config", "a path", (one) => (typeof one === "string" ? one : null)),
  };
  return { settings, problems };
}
