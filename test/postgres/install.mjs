/**
 * Installs the servers of the given majors (default: all), and `pg`, into test/postgres/node_modules.
 *
 *   node test/postgres/install.mjs 12 18
 *
 * npm cannot install some of a package's dependencies, and a server is 58 MB. So the manifest and its lock file are
 * cut down to what is asked for, and installed from there: versions and checksums stay those of the lock file.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const read = (name) => JSON.parse(readFileSync(join(here, name), "utf8"));
const manifest = read("package.json");
const lock = read("package-lock.json");
const known = Object.keys(manifest.dependencies).flatMap((name) =>
  name.startsWith("postgres-") ? [name.slice("postgres-".length)] : [],
);
const wanted = process.argv.length > 2 ? process.argv.slice(2) : known;
const unknown = wanted.filter((major) => !known.includes(major));
if (unknown.length > 0) {
  console.error(`No server for ${unknown.join(", ")}; there are ${known.join(", ")}.`);
  process.exit(2);
}

for (const major of known.filter((one) => !wanted.includes(one))) {
  const name = `postgres-${major}`;
  delete manifest.dependencies[name];
  delete lock.packages[""].dependencies[name];
  delete lock.packages[`node_modules/${name}`];
}

// Beside node_modules, so that the result can be moved there: a rename does not cross file systems.
const stage = mkdtempSync(join(here, ".install-"));
try {
  writeFileSync(join(stage, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(stage, "package-lock.json"), JSON.stringify(lock));
  copyFileSync(join(here, ".npmrc"), join(stage, ".npmrc"));
  execFileSync("npm", ["ci"], { cwd: stage, stdio: "inherit" });
  rmSync(join(here, "node_modules"), { recursive: true, force: true });
  renameSync(join(stage, "node_modules"), join(here, "node_modules"));
} finally {
  rmSync(stage, { recursive: true, force: true });
}
