/**
 * What migration tools really make a transaction of, against what lockwise says of the same files:
 * `node test/runners/measure.mjs [--only <tool>]`. Each tool runs small projects on a real server; the migrations note in which
 * transaction they ran.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTypeScript } from "../../scripts/load-typescript.mjs";
import { startServer } from "../postgres/server.mjs";
import { tools, writeProject } from "./tools.mjs";

const here = import.meta.dirname;
// Not `npm ci`: it asks the lock file for the builds of all platforms, and npm writes those of one.
if (!existsSync(join(here, "node_modules")))
  execFileSync("npm", ["install", "--no-save"], { cwd: here, stdio: "inherit" });
const { claimsOf } = await loadTypeScript(join(here, "claims.ts"));
const args = process.argv.slice(2);
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : "";
/** Any will do: what a message or a transaction holds is older than all of them. */
const major = 18;
const patience = 60_000;

const note = (label) => `INSERT INTO log VALUES ('${label}', txid_current());`;
const index = "CREATE INDEX CONCURRENTLY users_age ON users (age);";
const body = "DO $$\nBEGIN\n  PERFORM 1;\n  PERFORM 2;\nEND\n$$;";

/** Projects of one or two migrations. Of two without a transaction only some tools make one message. */
const projects = [
  {
    name: "two migrations",
    migrations: [{ statements: [note("a"), note("b")] }, { statements: [note("c")] }],
  },
  { name: "a body", migrations: [{ statements: [body, note("a"), note("b")] }] },
  { name: "CONCURRENTLY", migrations: [{ statements: [index] }] },
  { name: "CONCURRENTLY and more", migrations: [{ statements: [note("a"), index] }] },
  { name: "without a transaction", migrations: [{ without: true, statements: [note("a"), note("b")] }] },
  { name: "CONCURRENTLY without a transaction", migrations: [{ without: true, statements: [index] }] },
  {
    name: "CONCURRENTLY and more without a transaction",
    migrations: [{ without: true, statements: [note("a"), index] }],
  },
  { name: "VACUUM without a transaction", migrations: [{ without: true, statements: ["VACUUM users;"] }] },
];

/** `a b | c`: the labels by the transaction that they ran in. */
function parted(transactions) {
  const groups = new Map();
  for (const [label, transaction] of transactions)
    groups.set(transaction, [...(groups.get(transaction) ?? []), label]);
  return [...groups.values()].map((labels) => labels.join(" ")).join(" | ");
}

/** The words of what is otherwise than lockwise says; none: nothing. */
async function measure(tool, { migrations }, admin) {
  const database = "project";
  await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${database}`);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "lockwise-runner-")));
  const server = { host: admin.host, port: admin.port, user: admin.user, database };
  const client = new admin.constructor(server);
  try {
    await client.connect();
    await client.query("CREATE TABLE log (label text, transaction bigint); CREATE TABLE users (age integer)");
    writeProject(folder, tool.files(migrations, server));
    execFileSync("git", ["init", "--quiet"], { cwd: folder });
    const claims = await claimsOf(folder);
    const { command, args: words, env } = tool.run(folder, server);
    const options = { cwd: folder, encoding: "utf8", timeout: patience, env: { ...process.env, ...env } };
    const { status, stdout, stderr, error } = spawnSync(command, words, options);
    const said = `${error?.message ?? ""}${stderr}${stdout}`;
    const { rows } = await client.query({ text: "SELECT label, transaction FROM log", rowMode: "array" });
    const problems = [];
    if (claims.tool !== tool.name) problems.push(`taken for ${claims.tool}`);
    const isRefused = /cannot run inside a transaction block|cannot be executed from/.test(said);
    if (status !== 0 && !isRefused) problems.push(`it fails: ${said.trim().slice(0, 400)}`);
    if (isRefused !== claims.isRefused)
      problems.push(isRefused ? "refused, and not foreseen" : "runs, and should be refused");
    const real = parted(rows);
    const told = parted(claims.transactions);
    if (!isRefused && real !== told) problems.push(`transactions ${real}, told ${told}`);
    return problems;
  } finally {
    await client.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

const server = await startServer(major);
const admin = await server.connect();
await admin.query("CREATE DATABASE shadow");
let failed = 0;
let measured = 0;
for (const tool of tools.filter(({ name }) => name.includes(only)))
  for (const project of projects) {
    if (!tool.canLeave && project.migrations.some(({ without }) => without)) continue;
    measured++;
    const problems = await measure(tool, project, admin);
    if (problems.length === 0) continue;
    failed++;
    console.log(`${tool.name}, ${project.name}\n  ${problems.join("\n  ")}`);
  }
await admin.end();
await server.stop();
console.log(
  `${measured} projects of ${tools.length} migration tools, ${failed} otherwise than lockwise says`,
);
process.exitCode = failed > 0 ? 1 : 0;
