/**
 * Runs the fixes and rewrites of every rule on real servers: `node test/postgres/advice.mjs 12 14 [--only <text>]`. What a
 * fixture takes as given is made on the way, as in test/rules/server.test.ts. The cases of test/recipes have to end where
 * the statement itself does.
 */
import { loadTypeScript } from "../../scripts/load-typescript.mjs";
import { startServer } from "./server.mjs";

const args = process.argv.slice(2);
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : "";
const majors = args.filter((word) => /^\d+$/.test(word)).map(Number);
const { runAdvice } = await loadTypeScript(new URL("../rules/run-advice.ts", import.meta.url).pathname);
const { fixturesOf, optionsOf } = await loadTypeScript(
  new URL("../rules/fixtures.ts", import.meta.url).pathname,
);
const { runRewrites } = await loadTypeScript(new URL("../recipes/run-rewrites.ts", import.meta.url).pathname);
const { rewriteCases } = await loadTypeScript(
  new URL("../recipes/rewrite-cases.ts", import.meta.url).pathname,
);
const { rules } = await loadTypeScript(new URL("../../rules/index.ts", import.meta.url).pathname);

/** Resolves to the number of migrations whose advice was refused. */
async function runAll(major) {
  const server = await startServer(major);
  const client = await server.connect();
  const db = { exec: (sql) => client.query(sql), query: (sql) => client.query(sql) };
  const bad = rules
    .flatMap(fixturesOf)
    .filter(({ isBad, rule, name }) => isBad && `${rule.id}/${name}`.includes(only));
  const fitting = bad.filter((fixture) => (optionsOf(fixture).postgresVersion ?? major) <= major);
  let failed = 0;
  for (const fixture of fitting) {
    try {
      const failures = await runAdvice(db, fixture, major);
      if (failures.length === 0) continue;
      failed++;
      console.log(`PostgreSQL ${major}: ${fixture.rule.id}/${fixture.name}\n  ${failures.join("\n  ")}`);
    } catch (error) {
      failed++;
      console.log(`PostgreSQL ${major}: ${fixture.rule.id}/${fixture.name}\n  ${error.stack}`);
    }
  }
  console.log(
    `PostgreSQL ${server.version}: the advice for ${fitting.length - failed} of ${fitting.length} migrations runs`,
  );
  failed += await proveRewrites(client, major, server.version);
  await client.end();
  await server.stop();
  return failed;
}

/** Resolves to the number of statements whose rewrites end elsewhere. */
async function proveRewrites(client, major, version) {
  const database = { run: (sql) => client.query(sql), rows: async (sql) => (await client.query(sql)).rows };
  const cases = rewriteCases.filter((one) => (one.version ?? major) <= major && one.id.includes(only));
  let failed = 0;
  for (const one of cases) {
    const problems = await runRewrites(one, database, major).then(differences, (error) => [error.message]);
    if (problems.length === 0) continue;
    failed++;
    await client.query("ROLLBACK");
    console.log(`PostgreSQL ${major}: ${one.id}\n  ${problems.join("\n  ")}`);
  }
  console.log(
    `PostgreSQL ${version}: ${cases.length - failed} of ${cases.length} rewrites end where they have to`,
  );
  return failed;
}

function differences({ wanted, reached }) {
  return [
    ...wanted.filter((line) => !reached.includes(line)).map((line) => `missing: ${line}`),
    ...reached.filter((line) => !wanted.includes(line)).map((line) => `too much: ${line}`),
  ];
}

// A server works while we wait for it: they keep out of each other's way.
const failures = await Promise.all(majors.map(runAll));
process.exitCode = failures.some((failed) => failed > 0) ? 1 : 0;
