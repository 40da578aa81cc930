import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const modules = join(here, "node_modules");

/** The peers' binaries lie in packages of their own for each platform. */
function firstOf(...paths) {
  return paths.find((path) => existsSync(path)) ?? null;
}

function versionOf(name) {
  const path = join(modules, name, "package.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).version : null;
}

/**
 * What is measured, each with its shortest output: a line a finding. `run` gives the command for a folder of migrations or for
 * one file; null where the tool cannot do it. `most` is the number of files beyond which nobody wants to wait, `before` is
 * called before each run. `cache` is a folder for what lockwise keeps.
 */
export function findTools(executable, cache) {
  const { platform, arch } = process;
  const squawk = firstOf(join(modules, `@squawk-cli/${platform}-${arch}/bin/squawk`));
  const languageServer = firstOf(
    join(modules, "@postgres-language-server/cli-x86_64-linux-gnu/postgres-language-server"),
    join(modules, "@postgres-language-server/cli-aarch64-linux-gnu/postgres-language-server"),
    join(
      modules,
      `@postgres-language-server/cli-${arch === "x64" ? "x86_64" : "aarch64"}-apple-darwin/postgres-language-server`,
    ),
  );
  const pgfence = firstOf(join(modules, "@flvmnt/pgfence/dist/index.js"));
  const node = process.execPath;
  const own = JSON.parse(readFileSync(join(here, "../package.json"), "utf8")).version;
  const tools = [
    {
      name: "lockwise",
      version: own,
      most: Infinity,
      env: { LOCKWISE_CACHE: cache },
      // As where something has changed in each project.
      before: () => rmSync(join(cache, "results-1"), { recursive: true, force: true }),
      run: (path) => [node, executable, path, "--format", "compact"],
    },
    {
      name: "lockwise, nothing changed",
      version: own,
      most: Infinity,
      env: { LOCKWISE_CACHE: cache },
      run: (path) => [node, executable, path, "--format", "compact"],
    },
    {
      name: "lockwise --no-cache",
      version: own,
      most: Infinity,
      run: (path) => [node, executable, path, "--format", "compact", "--no-cache"],
    },
    { name: "node, an empty script", version: process.versions.node, most: 1, run: () => [node, "-e", ""] },
    squawk && {
      name: "squawk (native)",
      version: versionOf("squawk-cli"),
      most: Infinity,
      run: (path, isFolder) => [squawk, "--reporter", "gcc", isFolder ? `${path}/**/*.sql` : path],
    },
    squawk && {
      name: "squawk (npm)",
      version: versionOf("squawk-cli"),
      most: 1,
      run: (path, isFolder) => [
        node,
        join(modules, "squawk-cli/js/bin/squawk"),
        "--reporter",
        "gcc",
        isFolder ? `${path}/**/*.sql` : path,
      ],
    },
    languageServer && {
      name: "postgres-language-server",
      version: versionOf("@postgres-language-server/cli"),
      most: 10_000,
      run: (path) => [languageServer, "check", path],
    },
    pgfence && {
      name: "pgfence",
      version: versionOf("@flvmnt/pgfence"),
      most: 10_000,
      run: (path, isFolder, files) => [node, pgfence, "analyze", ...(isFolder ? files() : [path])],
    },
  ];
  return tools.filter(Boolean);
}
