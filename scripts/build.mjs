// npm run build: the executable, the library, its types and the schemas, all in dist/.
// --out <folder> builds elsewhere, --executable leaves out the library and its types, --names keeps the names of functions in
// the executable, --quiet says nothing.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { loadTypeScript } from "./load-typescript.mjs";

const root = join(import.meta.dirname, "..");
const out = process.argv.indexOf("--out");
const dist = resolve(root, out === -1 ? "dist" : (process.argv[out + 1] ?? "dist"));
const isWhole = !process.argv.includes("--executable");
const isQuiet = process.argv.includes("--quiet");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

/** What is not used of a package and says nothing of side effects: its formatter fills tables when it is loaded. */
const withoutSideEffects = {
  name: "without-side-effects",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^(jsonc-parser$|\.)/ }, async ({ path, pluginData, ...rest }) => {
      const isInside = rest.importer.includes("/jsonc-parser/");
      if (pluginData === "again" || (path !== "jsonc-parser" && !isInside)) return undefined;
      const found = await resolve(path, { ...rest, pluginData: "again" });
      return { ...found, sideEffects: false };
    });
  },
};

const shared = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  target: "node20",
  mainFields: ["module", "main"],
  // The parsers stay packages of their own, imported when first used.
  external: ["libpg-query", "pgsql-ast-parser"],
  define: { __LOCKWISE_VERSION__: JSON.stringify(manifest.version) },
  plugins: [withoutSideEffects],
  legalComments: "none",
  logLevel: isQuiet ? "silent" : "warning",
};

/** What the executable loads from a file of its own: the language server's packages, and what must not be kept. */
const beside = { "/lsp/protocol.ts": "./languageserver.cjs", "/import-module.ts": "./import.cjs" };
const loadedBeside = {
  name: "loaded-beside",
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ kind, path }) => {
      const end = Object.keys(beside).find((one) => kind === "dynamic-import" && path.endsWith(one.slice(1)));
      return end === undefined ? undefined : { path: beside[end], external: true };
    });
  },
};

/** Packages of which something lies in the bundles: their licences go along. */
const bundled = new Set(["libpg-query"]);

async function bundle(options) {
  const { metafile } = await build({ ...options, metafile: true });
  for (const input of Object.keys(metafile.inputs)) {
    const found = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found !== null) bundled.add(found[1]);
  }
}

/** Modules of Node's that take milliseconds to load and that few runs need: loaded when one of these is first called. */
const seldomNeeded = {
  "node:child_process": ["spawn", "spawnSync"],
  "node:crypto": ["createHash"],
  "node:os": ["availableParallelism", "homedir"],
  "node:readline/promises": ["createInterface"],
  "node:v8": ["getHeapStatistics", "setFlagsFromString"],
  "node:zlib": ["crc32"],
};
const loadedLate = {
  name: "loaded-late",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
      path in seldomNeeded && namespace !== "late" ? { path, namespace: "late" } : undefined,
    );
    onLoad({ filter: /./, namespace: "late" }, ({ path }) => ({
      contents: seldomNeeded[path]
        .map((name) => `export const ${name} = (...given) => require("${path}").${name}(...given);`)
        .join("\n"),
    }));
  },
};

/** picocolors looks for a terminal when it is loaded, which loads Node's streams: ours is told whether to paint. */
const toldOfColours = {
  name: "told-of-colours",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]picocolors\.js$/ }, ({ path }) => ({
      contents: `var process;\n${readFileSync(path, "utf8")}`,
    }));
  },
};

/** The executable is CommonJS: Node has less to load before it begins, and to hand over of its own modules. */
const executable = {
  ...shared,
  format: "cjs",
  platform: "node",
  // A sixth of a short run is finding and wrapping PostgreSQL's grammar in node_modules: here it lies beside.
  external: ["pgsql-ast-parser"],
  define: {
    ...shared.define,
    __LOCKWISE_BUILD__: JSON.stringify(buildName()),
    __LOCKWISE_GRAMMAR__: '"libpg-query.wasm"',
    __LOCKWISE_WORKER__: '"worker.cjs"',
    "import.meta.dirname": "__dirname",
  },
  plugins: [...shared.plugins, loadedBeside, loadedLate, toldOfColours],
  // Of what it reads and keeps of a run a sixth is names. --names leaves them, for who reads a stack.
  minify: !process.argv.includes("--names"),
};
await bundle({
  ...executable,
  entryPoints: ["src/cli/start.ts"],
  outfile: join(dist, "cli.cjs"),
  // It is no module to Node but a function that lockwise.cjs calls, see src/cli/code-cache.ts: that cannot import.
  supported: { "dynamic-import": false },
  banner: { js: "(function(exports,require,module,__filename,__dirname){" },
  footer: { js: "})" },
});
const sum = createHash("sha256")
  .update(readFileSync(join(dist, "cli.cjs")))
  .digest("hex");
// The first files of the process and of its workers.
for (const [entry, name] of [
  ["main", "lockwise"],
  ["worker-main", "worker"],
]) {
  await bundle({
    ...executable,
    entryPoints: [`src/cli/${entry}.ts`],
    outfile: join(dist, `${name}.cjs`),
    define: { ...executable.define, __LOCKWISE_CODE__: JSON.stringify(sum) },
  });
}
await bundle({
  ...executable,
  entryPoints: ["src/cli/import-module.ts"],
  outfile: join(dist, "import.cjs"),
});
await bundle({
  ...executable,
  entryPoints: ["src/lsp/protocol.ts"],
  outfile: join(dist, "languageserver.cjs"),
});
// For who names the file, and not the command; whichever kind of module it is taken for.
writeFileSync(join(dist, "lockwise.js"), '#!/usr/bin/env node\nimport("./lockwise.cjs");\n');
cpSync(join(root, "node_modules/libpg-query/wasm/libpg-query.wasm"), join(dist, "libpg-query.wasm"));
for (const name of ["lockwise.cjs", "lockwise.js"]) chmodSync(join(dist, name), 0o755);

if (isWhole)
  await bundle({
    ...shared,
    entryPoints: ["src/index.ts"],
    outfile: join(dist, "index.js"),
    // Nothing of Node may be needed: the build fails where something is. Only loadConfig asks for it, when it is called.
    platform: "browser",
    external: [...shared.external, "node:fs"],
  });

const { rules } = await loadTypeScript(join(root, "rules/index.ts"));
const { profiles } = await loadTypeScript(join(root, "src/layout/index.ts"));
const { configurationSchema } = await loadTypeScript(join(root, "src/config/schema.ts"));
put(
  "config.schema.json",
  configurationSchema(
    rules,
    profiles.map(({ name }) => name),
  ),
);
cpSync(join(root, "src/reporters/report.schema.json"), join(dist, "report.schema.json"));
put(
  "examples.json",
  Object.fromEntries(rules.map(({ id }) => [id, { bad: fixture(id, "bad"), good: fixture(id, "good") }])),
);

writeFileSync(join(dist, "THIRD-PARTY-LICENSES.txt"), licences());

if (isWhole) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const flags = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--noCheck"];
  const only = ["--rootDir", ".", "--outDir", join(dist, "types"), "--project", "tsconfig.build.json"];
  execFileSync(process.execPath, [tsc, ...flags, ...only], {
    cwd: root,
    stdio: isQuiet ? "ignore" : "inherit",
  });
}

if (!isQuiet) {
  for (const name of readdirSync(dist)) {
    const stats = statSync(join(dist, name));
    if (stats.isFile()) console.log(`${String(Math.round(stats.size / 1024)).padStart(6)} kB  dist/${name}`);
  }
}

/** Names the code: what one build kept on the disk, another does not take for its own. */
function buildName() {
  const grammar = readFileSync(join(root, "node_modules/libpg-query/package.json"));
  const hash = createHash("sha256").update(JSON.stringify(manifest)).update(grammar);
  for (const folder of ["src", "rules"]) {
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (name.endsWith(".ts")) hash.update(`${name}\n`).update(readFileSync(join(root, folder, name)));
    }
  }
  return hash.digest("hex").slice(0, 32);
}

function fixture(id, name) {
  const path = join(root, "fixtures", id, `${name}.sql`);
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

/** The licence of every package that is bundled. The build fails where one has none. */
function licences() {
  return [...bundled]
    .sort()
    .map((name) => {
      const folder = join(root, "node_modules", name);
      const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined && license === undefined) throw new Error(`${name} has no licence`);
      const text = file === undefined ? license : readFileSync(join(folder, file), "utf8").trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

function put(name, value) {
  writeFileSync(join(dist, name), `${JSON.stringify(value, null, 2)}\n`);
}
