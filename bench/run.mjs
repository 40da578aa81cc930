// npm run bench: lockwise and its peers side by side, in one run.
//   --files n      how many files the generated corpus has (1000)      --seed n     where the corpus comes from (1)
//   --rounds n     how often everything is measured (3)                --limit n    seconds after which a tool is given up (120)
//   --max n        draw the growth from 100 to so many files (1000)    --large n    MB of one large file (0: none)
//   --corpus dir   measure a folder of real migrations instead         --write      put results into README.md and growth.svg
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeCorpus, writeLarge } from "./corpus.mjs";
import { measureInTurn } from "./measure.mjs";
import { drawGrowth } from "./picture.mjs";
import { findTools } from "./tools.mjs";

const number = (fallback) => ({ type: "string", default: String(fallback) });
const { values } = parseArgs({
  options: {
    files: number(1000),
    seed: number(1),
    rounds: number(3),
    limit: number(120),
    max: number(1000),
    large: number(0),
    corpus: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const [files, seed, rounds, limit, max, large] = ["files", "seed", "rounds", "limit", "max", "large"].map(
  (key) => Number(values[key]),
);
const here = import.meta.dirname;
const work = mkdtempSync(join(tmpdir(), "lockwise-bench-"));
const say = (text) => process.stderr.write(text);

try {
  await bench();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function bench() {
  if (!existsSync(join(here, "node_modules"))) {
    say("installing the peers\n");
    // Not `npm ci`: it asks the lock file for the builds of all platforms, and npm writes those of one.
    execFileSync("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: here,
      stdio: "inherit",
      shell: process.platform === "win32",
    });
  }
  const built = join(here, "../node_modules/.bench");
  execFileSync(
    process.execPath,
    [join(here, "../scripts/build.mjs"), "--executable", "--quiet", "--out", built],
    { stdio: "inherit" },
  );
  const tools = findTools(join(built, "lockwise.cjs"), join(work, "cache"));
  const tables = [];
  const small = join(work, "small.sql");
  writeFileSync(
    small,
    "CREATE INDEX orders_status_idx ON orders (status);\nALTER TABLE orders ADD COLUMN note text NOT NULL;\n",
  );
  tables.push(await compare("One small file", tools, small));
  if (values.corpus !== undefined) {
    const folder = resolve(values.corpus);
    tables.push(await compare(`A folder of real migrations (${count(filesIn(folder))})`, tools, folder));
  } else {
    const folder = join(work, "corpus");
    const bytes = writeCorpus(folder, files, seed);
    tables.push(
      await compare(
        `${count(filesIn(folder))}, generated (${(bytes / 1e6).toFixed(1)} MB, seed ${seed})`,
        tools,
        folder,
      ),
    );
    const last = join(folder, `${String(files).padStart(6, "0")}_step.sql`);
    tables.push(
      await compare(
        `The last of these ${files} files (only lockwise reads the others as its history)`,
        tools,
        last,
      ),
    );
  }
  if (large > 0) {
    const path = join(work, "large.sql");
    writeLarge(path, large * 1e6, seed);
    tables.push(await compare(`One file of ${large} MB`, tools, path));
  }
  if (values.corpus === undefined && max >= 100) await grow(tools);
  const text = `${heading(tools)}\n\n${tables.join("\n\n")}\n`;
  process.stdout.write(`\n${text}`);
  if (values.write) putResults(text);
}

/** A table in Markdown: medians, ratios to lockwise, peak memory. */
async function compare(title, tools, path) {
  say(`${title} `);
  const isFolder = statSync(path).isDirectory();
  const all = isFolder ? filesIn(path) : [path];
  const commands = tools.map((tool) =>
    all.length > tool.most ? null : commandOf(tool, path, isFolder, () => all),
  );
  const results = await measureInTurn(commands, { rounds, limit: limit * 1000, say });
  say("\n");
  const [own] = results;
  const rows = results.flatMap((result, index) => {
    if (commands[index] === null) return [];
    const name = tools[index].name;
    if (result === null) return [`| ${name} | more than ${limit} s | | | |`];
    const ratio = (key) => (own === null ? "" : (result[key] / own[key]).toFixed(2));
    const processor = result.cpu === null ? ["", ""] : [time(result.cpu), ratio("cpu")];
    const memory = result.memory === null ? "" : `${Math.round(result.memory)} MB`;
    return [`| ${[name, time(result.wall), ratio("wall"), ...processor, memory].join(" | ")} |`];
  });
  return [
    `### ${title}`,
    "",
    "| | time | to lockwise | processor | to lockwise | memory |",
    "|---|--:|--:|--:|--:|--:|",
    ...rows,
  ].join("\n");
}

function commandOf(tool, ...given) {
  const line = tool.run(...given);
  return line === null ? null : { line, env: tool.env, before: tool.before };
}

async function grow(tools) {
  const series = tools
    .filter(({ most }) => most > 1)
    .map((tool) => ({ name: tool.name, tool, points: [], isOut: false }));
  for (let size = 100; size <= max; size *= size < 1000 || max >= size * 10 ? 10 : 2) {
    const folder = join(work, `growth-${size}`);
    writeCorpus(folder, size, seed);
    say(`${size} files `);
    const all = filesIn(folder);
    const commands = series.map(({ tool, isOut }) =>
      isOut || size > tool.most ? null : commandOf(tool, folder, true, () => all),
    );
    const results = await measureInTurn(commands, { rounds: Math.min(rounds, 3), limit: limit * 1000, say });
    for (const [index, result] of results.entries()) {
      if (result === null) series[index].isOut = true;
      else series[index].points.push([size, result.wall]);
    }
    say("\n");
    rmSync(folder, { recursive: true });
  }
  const picture = values.write ? join(here, "growth.svg") : join(tmpdir(), "lockwise-growth.svg");
  writeFileSync(picture, drawGrowth(series));
  say(`${picture}\n`);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => /\.sql$/i.test(path))
    .map((path) => join(folder, path));
}

function count(paths) {
  return `${paths.length.toLocaleString("en")} files`;
}

function time(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

function heading(tools) {
  const versions = [
    ...new Set(
      tools
        .filter(({ name }) => !/^node|--|,/.test(name))
        .map(({ name, version }) => `${name.replace(/ \(.*/, "")} ${version}`),
    ),
  ].join(", ");
  const processors = cpus();
  return `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${processors.length} × ${processors[0]?.model.trim() ?? "?"}; medians of ${rounds}; ${versions}.`;
}

function putResults(text) {
  const path = join(here, "README.md");
  const begin = "<!-- results -->\n";
  const before = readFileSync(path, "utf8");
  const at = before.indexOf(begin);
  mkdirSync(here, { recursive: true });
  writeFileSync(path, `${before.slice(0, at === -1 ? before.length : at)}${begin}\n${text}`);
}
