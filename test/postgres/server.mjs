/**
 * Starts a real PostgreSQL of one major in a temporary folder, and removes it again.
 *
 * The package files are copied: the servers refuse to run as root, so they run as `nobody` there, who may not be able to
 * read this checkout; and the links between shared libraries, which npm cannot pack, have to be made somewhere.
 */
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";

const here = dirname(fileURLToPath(import.meta.url));
const NOBODY = 65534;
const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

// Without these, a signal ends the process without its "exit" event, and servers and folders stay behind.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** Settings that make measurements the same each time: no workers of its own, one process a query, quick. */
const CONFIGURATION = `
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 40
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
jit = off
wal_level = logical
deadlock_timeout = 20s
log_min_messages = fatal
timezone = 'UTC'
`;

function copyServer(major, folder) {
  const source = join(here, "node_modules", `postgres-${major}`, "native");
  if (!existsSync(source)) {
    throw new Error(`PostgreSQL ${major} is not installed: node test/postgres/install.mjs ${major}`);
  }
  cpSync(source, join(folder, "native"), { recursive: true });
  for (const { source: from, target } of JSON.parse(readFileSync(join(source, "pg-symlinks.json"), "utf8"))) {
    const link = join(folder, target);
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), join(folder, from)), link);
  }
  for (const program of ["initdb", "postgres", "pg_ctl"])
    chmodSync(join(folder, "native/bin", program), 0o755);
}

/**
 * @param {string | number} major
 * @returns a server: `version` ("16.14"), `connect()` for a new superuser session, `stop()` which also removes it.
 */
export async function startServer(major) {
  const folder = mkdtempSync(join(tmpdir(), `postgres-${major}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  let server;
  const kill = () => {
    // SIGQUIT: stop at once. The data are thrown away.
    if (server?.exitCode === null) server.kill("SIGQUIT");
  };
  const onExit = () => {
    kill();
    remove();
  };
  process.once("exit", onExit);
  try {
    chmodSync(folder, 0o755);
    copyServer(major, folder);
    for (const name of ["data", "socket", "ts2"]) {
      mkdirSync(join(folder, name), { mode: 0o700 });
      if (identity.uid) execFileSync("chown", [`${identity.uid}:${identity.gid}`, join(folder, name)]);
    }
    const options = { ...identity, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" } };
    const data = join(folder, "data");
    execFileSync(
      join(folder, "native/bin/initdb"),
      ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
      { ...options, stdio: ["ignore", "ignore", "pipe"] },
    );
    writeFileSync(join(data, "postgresql.auto.conf"), CONFIGURATION);
    let complaints = "";
    server = spawn(join(folder, "native/bin/postgres"), ["-D", data, "-k", join(folder, "socket")], {
      ...options,
      stdio: ["ignore", "ignore", "pipe"],
    });
    server.stderr.on("data", (text) => {
      complaints = (complaints + text).slice(-4000);
    });
    const connect = async () => {
      const client = new pg.Client({
        host: join(folder, "socket"),
        port: 5432,
        user: "postgres",
        database: "postgres",
      });
      client.on("error", () => {});
      await client.connect();
      return client;
    };
    const admin = await whenReady(connect, () => server.exitCode !== null && complaints);
    const { rows } = await admin.query("SHOW server_version");
    await admin.query(`CREATE TABLESPACE ts2 LOCATION '${join(folder, "ts2")}'`);
    await admin.end();
    const stop = async () => {
      const gone = new Promise((resolve) => server.once("exit", resolve));
      kill();
      if (server.exitCode === null && server.signalCode === null) await gone;
      process.off("exit", onExit);
      remove();
    };
    return { version: rows[0].server_version.split(" ")[0], connect, stop };
  } catch (error) {
    onExit();
    process.off("exit", onExit);
    throw new Error(`PostgreSQL ${major} in ${basename(folder)}: ${error.stderr ?? error.message}`);
  }
}

async function whenReady(connect, failed) {
  for (const started = Date.now(); ; ) {
    try {
      return await connect();
    } catch (error) {
      const complaints = failed();
      if (complaints !== false) throw new Error(complaints);
      if (Date.now() - started > 30_000) throw error;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}
