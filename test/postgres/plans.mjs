/**
 * Proves the plans on real servers: `node test/postgres/plans.mjs 13 18 [--only <text>]`. Each step is interrupted once, by
 * a lock that somebody else holds, and goes on as the plan says.
 */
import { loadTypeScript } from "../../scripts/load-typescript.mjs";
import { startServer } from "./server.mjs";

const args = process.argv.slice(2);
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : "";
const majors = args.filter((word) => /^\d+$/.test(word)).map(Number);
const { prove } = await loadTypeScript(new URL("../fix/prove.ts", import.meta.url).pathname);
const { allCases } = await loadTypeScript(new URL("../fix/plan-cases.ts", import.meta.url).pathname);

function databaseOf(client) {
  const notices = [];
  client.on("notice", ({ message }) => notices.push(message));
  return {
    async run(sql) {
      notices.length = 0;
      await client.query(sql);
      return [...notices];
    },
    rows: async (sql) => (await client.query(sql)).rows,
  };
}

/** Holds a lock on the step's first table until the step has given up; the words of what went otherwise, or null. */
function interruptWith(client, other) {
  return async (step, run) => {
    const [table] = step.tables;
    if (table === undefined) return null;
    const name = [table.schema, table.name].map((word) => `"${word.replaceAll('"', '""')}"`).join(".");
    // CONCURRENTLY is to fail late, when it has left something: it waits for writers then.
    // DETACH is to fail half way, while it waits for a reader.
    const isDetach = /\bDETACH\b/.test(step.sql);
    const mode = isDetach
      ? "ACCESS SHARE"
      : /\bCONCURRENTLY\b/.test(step.sql) && step.buildsIndexes.length > 0
        ? "ROW EXCLUSIVE"
        : "ACCESS EXCLUSIVE";
    await other.query("BEGIN");
    try {
      await other.query(`LOCK TABLE ${name} IN ${mode} MODE`);
    } catch {
      // A materialized view cannot be locked, nor a table that the step has yet to make.
      await other.query("ROLLBACK");
      return null;
    }
    const told = step.sql;
    let hasFailed = false;
    try {
      await client.query("SET lock_timeout = '60ms'");
      step.sql = told.replaceAll("SET LOCAL lock_timeout = '5s'", "SET LOCAL lock_timeout = '60ms'");
      await run();
    } catch (error) {
      hasFailed = true;
      if (error.code !== "55P03") return `interrupted: ${error.message}`;
    } finally {
      step.sql = told;
      await other.query("ROLLBACK");
      await client.query("RESET lock_timeout");
    }
    return hasFailed ? null : "ran through a lock on its table";
  };
}

/** Resolves to the number of plans that were not proven. */
async function proveAll(major) {
  const server = await startServer(major);
  const client = await server.connect();
  const other = await server.connect();
  const database = databaseOf(client);
  let steps = 0;
  let skipped = 0;
  let proven = 0;
  let failed = 0;
  for (const one of allCases.filter(({ id, from = 0 }) => id.includes(only) && major >= from)) {
    try {
      const proof = await prove(one, major, database, interruptWith(client, other));
      steps += proof.steps;
      if (proof.problems.length === 0) proven++;
      else {
        failed++;
        console.log(`PostgreSQL ${major}: ${one.id}\n  ${proof.problems.join("\n  ")}`);
      }
    } catch (error) {
      await client.query("ROLLBACK");
      // What the original needs and the server does not know yet.
      if (error.code === "42601" || error.code === "42883") skipped++;
      else {
        failed++;
        console.log(`PostgreSQL ${major}: ${one.id}\n  ${error.stack}`);
      }
    }
  }
  console.log(
    `PostgreSQL ${server.version}: ${proven} plans with ${steps} steps proven, ${skipped} not for this version`,
  );
  await client.end();
  await other.end();
  await server.stop();
  return failed;
}

// A server works while we wait for it: they keep out of each other's way.
const failures = await Promise.all(majors.map(proveAll));
process.exitCode = failures.some((failed) => failed > 0) ? 1 : 0;
