import type { Options } from "../engine/options.ts";
import { append } from "../text/append.ts";
import {
  type Configuration,
  type ConfigurationFiles,
  type ConfigurationProblem,
  type LoadedConfiguration,
  type Preset,
  presets,
} from "./configuration.ts";
import { type FoundConfiguration, openConfiguration } from "./find.ts";
import { mergeConfigurations, resolveSettings } from "./merge.ts";
import { folderOf, resolveFrom } from "./paths.ts";
import {
  type ConfigurationText,
  parseConfiguration,
  peekList,
  problemAt,
  readConfiguration,
} from "./read.ts";
import { readSquawk } from "./squawk.ts";
import type { KnownNames } from "./validate.ts";

/** How the names in a configuration become known: its plugins' rules count. Rejects where a plugin cannot be loaded. */
type LearnNames = (plugins: readonly string[]) => Promise<KnownNames>;

interface LoadOutcome {
  readonly configuration: LoadedConfiguration;
  /** Not empty: the configuration must not be used. */
  readonly problems: readonly ConfigurationProblem[];
}

/** Reads, validates and joins a configuration with all that it extends. */
export async function loadConfiguration(
  files: ConfigurationFiles,
  found: FoundConfiguration,
  learn: LearnNames,
): Promise<LoadOutcome> {
  const state: LoadState = {
    files,
    learn,
    problems: [],
    notes: [],
    plugins: new Set(),
    followed: 0,
    preset: undefined,
  };
  const known = await learnAll(found, state, []);
  const merged = known === null ? {} : await loadOne(found, state, known, []);
  const { migrations, ignore, schema, baseline, plugins, $schema: _, extends: __, ...rest } = merged;
  const options: Options = {
    ...rest,
    ...(state.preset !== undefined && { extends: state.preset }),
    ...(rest.rules && known && { rules: resolveSettings(rest.rules, known.rules) }),
    ...(rest.overrides &&
      known && {
        overrides: rest.overrides.map((override) => ({
          files: override.files,
          rules: resolveSettings(override.rules, known.rules),
        })),
      }),
  };
  const configuration = {
    options,
    folder: folderOf(found.path),
    path: found.path,
    migrations: migrations ?? null,
    ignore: ignore ?? [],
    schema: schema ?? [],
    baseline: baseline ?? null,
    plugins: plugins ?? [],
    notes: state.notes,
  };
  return { configuration, problems: state.problems };
}

interface LoadState {
  readonly files: ConfigurationFiles;
  readonly learn: LearnNames;
  readonly problems: ConfigurationProblem[];
  readonly notes: string[];
  readonly plugins: Set<string>;
  /** How many configurations were asked for what they extend. */
  followed: number;
  preset: Preset | undefined;
}

/** Two that each extend the same two, and so on, are soon more than anybody can wait for. */
const mostFollowed = 200;

/** Loads the plugins of a configuration and of those that it extends; null: one could not be loaded. */
async function learnAll(
  found: FoundConfiguration,
  state: LoadState,
  chain: readonly string[],
): Promise<KnownNames | null> {
  let known = await state.learn([...state.plugins]);
  if (found.kind === "squawk" || chain.includes(found.path)) return known;
  const source = parse(found);
  state.followed++;
  if (state.followed > mostFollowed) {
    const words = `more than ${mostFollowed} configurations extend one another`;
    state.problems.push(problemAt(source, "extends", words));
    return null;
  }
  for (const name of peekList(source, "extends")) {
    const base = isPreset(name)
      ? null
      : openConfiguration(state.files, resolveFrom(folderOf(found.path), name));
    if (base === null) continue;
    known = (await learnAll(base, state, [...chain, source.path])) ?? known;
    if (state.problems.length > 0) return null;
  }
  for (const plugin of peekList(source, "plugins")) {
    state.plugins.add(resolvePlugin(folderOf(found.path), plugin));
    try {
      known = await state.learn([...state.plugins]);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      state.problems.push(problemAt(source, "plugins", `the plugin ${plugin} cannot be loaded: ${why}`));
      return null;
    }
  }
  return known;
}

async function loadOne(
  found: FoundConfiguration,
  state: LoadState,
  known: KnownNames,
  chain: readonly string[],
): Promise<Configuration> {
  const folder = folderOf(found.path);
  if (found.kind === "squawk") {
    const read = await readSquawk(found.path, found.text, known.rules.aliases);
    append(state.problems, read.problems);
    append(state.notes, read.notes);
    return read.configuration;
  }
  const source = parse(found);
  const { configuration, problems } = readConfiguration(source, known);
  append(state.problems, problems);
  let merged: Configuration = {};
  for (const name of [configuration.extends ?? []].flat()) {
    if (isPreset(name)) {
      state.preset = name;
      continue;
    }
    const path = resolveFrom(folder, name);
    const base = openConfiguration(state.files, path);
    if (base === null || [...chain, source.path].includes(path)) {
      const why = base === null ? `there is no file ${path}` : `${path} extends itself`;
      const words = `a preset (${presets.join(", ")}) nor the path of a configuration`;
      state.problems.push(problemAt(source, "extends", `${name} is neither ${words}: ${why}`));
      continue;
    }
    merged = mergeConfigurations(merged, await loadOne(base, state, known, [...chain, source.path]));
  }
  // Globs of a base mean the files of whoever extends it: a base may lie in another package.
  return mergeConfigurations(merged, { ...configuration, ...withPaths(configuration, folder) });
}

/** Paths become absolute; a plugin that is named like a package stays a name. */
function withPaths(configuration: Configuration, folder: string): Configuration {
  const { schema, baseline, plugins } = configuration;
  return {
    ...(schema !== undefined && { schema: schema.map((path) => resolveFrom(folder, path)) }),
    ...(baseline !== undefined && { baseline: resolveFrom(folder, baseline) }),
    ...(plugins !== undefined && { plugins: plugins.map((plugin) => resolvePlugin(folder, plugin)) }),
  };
}

function resolvePlugin(folder: string, plugin: string): string {
  return plugin.startsWith(".") ? resolveFrom(folder, plugin) : plugin;
}

function parse({ path, text, key }: FoundConfiguration): ConfigurationText {
  return parseConfiguration(path, text, key);
}

function isPreset(name: string): name is Preset {
  return (presets as readonly string[]).includes(name);
}
