/**
 * Measures the cases on real servers and compares with results.json.
 *
 *   node test/postgres/run.mjs [majors...] [--write] [--only <part of an id>]...
 *
 * Exit status 1 on any difference, 2 on wrong usage. `--write` records instead. Servers come from install.mjs.
 */
import { availableParallelism } from "node:os";
import { foldRanges, MAJORS, readCases, readResults, resultFor, writeResults } from "./cases.mjs";
import { refuteLeftBehind } from "./left-behind.mjs";
import { measureInTransaction, NEEDS_NO_TRANSACTION, PREPARE, prepareCase } from "./measure.mjs";
import { measureOutside } from "./outside.mjs";
import { refuteRetired } from "./retired.mjs";
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

/**
 * Measures cases on one server, those of one set-up together. Yields `[id, result]`. `isFresh`: nobody has done so before.
 * `alone` runs a function when nobody else does: what is measured outside of a transaction is watched against the clock.
 */
export async function* measureCases(server, cases, { isFresh = true, alone = (measure) => measure() } = {}) {
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
      const result = await alone(() => measureOutside(sessions, main, one, setup));
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

/** One after the other, in the order of the calls, whatever else goes on. */
function makeQueue() {
  let last = Promise.resolve();
  return (measure) => {
    const mine = last.then(measure);
    last = mine.catch(() => {});
    return mine;
  };
}

/** Measures all cases on one major and tells of it. Resolves to the results and how many are unlike the record. */
async function measureMajor(major, cases, recorded, { alone, isWhole }) {
  const started = Date.now();
  const server = await startServer(major);
  const results = new Map();
  let told = "";
  let refuted = null;
  const isUnlike = ([id, measured]) =>
    JSON.stringify(resultFor(recorded.cases[id], major)) !== JSON.stringify(measured);
  try {
    for await (const [id, measured] of measureCases(server, cases, { alone })) results.set(id, measured);
    // Where a relation was changed in the transaction the server does not always count all rows that were read.
    const doubtful = new Set([...results].filter(isUnlike).map(([id]) => id));
    const again = cases.filter(({ id }) => doubtful.has(id));
    for await (const [id, measured] of measureCases(server, again, { isFresh: false, alone }))
      results.set(id, measured);
    const open = () => openSession(server);
    if (isWhole) refuted = await alone(async () => (await refuteRetired(open)) ?? refuteLeftBehind(open));
  } finally {
    await server.stop();
  }
  const unlike = [...results].filter(isUnlike);
  for (const [id, measured] of unlike)
    told += `${id} on ${major}\n  recorded ${JSON.stringify(resultFor(recorded.cases[id], major))}\n  measured ${JSON.stringify(measured)}\n`;
  if (refuted !== null) told += `${refuted} on ${major}\n`;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    `${told}PostgreSQL ${server.version}: ${cases.length} cases, ${unlike.length} unlike what is recorded, ${seconds} s`,
  );
  return { results, version: server.version, unlike: unlike.length + (refuted === null ? 0 : 1) };
}

function record(recorded, major, { results, version }) {
  for (const [id, measured] of results) {
    const byMajor = Object.fromEntries(MAJORS.map((one) => [one, resultFor(recorded.cases[id], one)]));
    recorded.cases[id] = foldRanges({ ...byMajor, [major]: measured });
  }
  recorded.servers[major] = version;
  writeResults(recorded);
}

async function main() {
  const { majors, only, write } = parseArguments(process.argv.slice(2));
  const cases = readCases().filter(({ id }) => only.length === 0 || only.some((part) => id.includes(part)));
  const recorded = readResults();
  const waiting = [...majors];
  const alone = makeQueue();
  let differences = 0;
  const measureWaiting = async () => {
    for (let major = waiting.shift(); major !== undefined; major = waiting.shift()) {
      const measured = await measureMajor(major, cases, recorded, { alone, isWhole: only.length === 0 });
      if (write) record(recorded, major, measured);
      differences += measured.unlike;
    }
  };
  // A server works while we wait for it, so that each takes a core.
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, measureWaiting));
  process.exitCode = differences > 0 && !write ? 1 : 0;
}

if (process.argv[1]?.endsWith("run.mjs")) await main();
