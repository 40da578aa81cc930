/**
 * Measures the cases on real servers and compares with results.json.
 *
 *   node test/postgres/run.mjs [majors...] [--write] [--only <part of an id>]...
 *
 * Exit status 1 on any difference, 2 on wrong usage. `--write` records instead. Servers come from install.mjs.
 */
import { foldRanges, MAJORS, readCases, readResults, resultFor, writeResults } from "./cases.mjs";
import { measureInTransaction, NEEDS_NO_TRANSACTION, PREPARE, prepareCase } from "./measure.mjs";
import { measureOutside } from "./outside.mjs";
import { startServer } from "./server.mjs";

/** `{ query, notices, pid, end }` over a connection of `pg`. */
export async function openSession(server) {
  const client = await server.connect();
  const notices = [];
  client.on("notice", (notice) => notices.push(notice.message));
  return {
    notices,
    pid: client.processID,
    async query(sql) {
      const result = await client.query(sql);
      return (Array.isArray(result) ? result.at(-1) : result).rows;
    },
    end: () => client.end(),
  };
}

/** Measures cases on one server, those of one set-up together. Yields `[id, result]`. `isFresh`: nobody has done so before. */
export async function* measureCases(server, cases, isFresh = true) {
  const sessions = { session: () => openSession(server) };
  const main = await openSession(server);
  if (isFresh) for (const sql of PREPARE) await main.query(sql);
  for (const [setup, group] of groupBySetup(cases)) {
    if (!(await prepareCase(main, setup))) {
      for (const one of group) yield [one.id, { setup: "unsupported" }];
      continue;
    }
    const refused = [];
    for (const one of group) {
      const result = await measureInTransaction(main, one);
      if (NEEDS_NO_TRANSACTION.includes(result.fails)) refused.push([one, result.fails]);
      else yield [one.id, result];
    }
    for (const [one, code] of refused) {
      const result = await measureOutside(sessions, main, one, setup);
      yield [one.id, result.fails ? result : { ...result, inTransaction: code }];
    }
  }
  await main.end();
}

function groupBySetup(cases) {
  const groups = new Map();
  for (const one of cases) groups.set(one.setup, [...(groups.get(one.setup) ?? []), one]);
  return groups;
}

function parseArguments(words) {
  const options = { majors: [], only: [], write: false };
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === "--write") options.write = true;
    else if (word === "--only" && words[at + 1]) options.only.push(words[++at]);
    else if (MAJORS.includes(word)) options.majors.push(word);
    else {
      console.error(
        `Not understood: ${word}. Usage: run.mjs [${MAJORS.join("|")}]... [--write] [--only <part of an id>]...`,
      );
      process.exit(2);
    }
  }
  return { ...options, majors: options.majors.length > 0 ? options.majors : MAJORS };
}

async function main() {
  const { majors, only, write } = parseArguments(process.argv.slice(2));
  const cases = readCases().filter(({ id }) => only.length === 0 || only.some((part) => id.includes(part)));
  const recorded = readResults();
  let differences = 0;
  for (const major of majors) {
    const started = Date.now();
    const server = await startServer(major);
    let unlike = 0;
    try {
      const isUnlike = ([id, measured]) =>
        JSON.stringify(resultFor(recorded.cases[id], major)) !== JSON.stringify(measured);
      const results = new Map();
      for await (const [id, measured] of measureCases(server, cases)) results.set(id, measured);
      // Where a relation was changed in the transaction the server does not always count all rows that were read.
      const doubtful = new Set([...results].filter(isUnlike).map(([id]) => id));
      const again = cases.filter(({ id }) => doubtful.has(id));
      for await (const [id, measured] of measureCases(server, again, false)) results.set(id, measured);
      for (const [id, measured] of results) {
        if (isUnlike([id, measured])) {
          unlike++;
          console.log(
            `${id} on ${major}\n  recorded ${JSON.stringify(resultFor(recorded.cases[id], major))}\n  measured ${JSON.stringify(measured)}`,
          );
        }
        if (write) {
          const byMajor = Object.fromEntries(MAJORS.map((one) => [one, resultFor(recorded.cases[id], one)]));
          recorded.cases[id] = foldRanges({ ...byMajor, [major]: measured });
        }
      }
    } finally {
      await server.stop();
    }
    if (write) {
      recorded.servers[major] = server.version;
      writeResults(recorded);
    }
    const seconds = Math.round((Date.now() - started) / 1000);
    console.log(
      `PostgreSQL ${server.version}: ${cases.length} cases, ${unlike} unlike what is recorded, ${seconds} s`,
    );
    differences += unlike;
  }
  process.exitCode = differences > 0 && !write ? 1 : 0;
}

if (process.argv[1]?.endsWith("run.mjs")) await main();
