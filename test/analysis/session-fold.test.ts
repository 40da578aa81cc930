import { expect, it } from "vitest";
import { noSavepoints, savepointsTo } from "../../src/analysis/savepoints.ts";
import { emptySchema } from "../../src/analysis/schema.ts";
import { timeoutSeconds } from "../../src/analysis/session.ts";
import { foldWorld, openWorld, type World } from "../../src/analysis/world.ts";
import { loadParser } from "../../src/parse/load.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";

const parser = await loadParser("postgres");

/** The names of the savepoints that are open, the oldest first. */
function savepointsIn(world: World | undefined): readonly string[] {
  const names: string[] = [];
  for (let one = world?.session.savepoints.latest ?? null; one !== null; one = one.before.latest)
    names.push(one.name);
  return names.reverse();
}

/** The world behind each statement of a text, run by psql. */
function worldsOf(text: string): World[] {
  let world = openWorld(emptySchema(), "autocommit", 0, new Map());
  return splitStatements(text).statements.map((statement) => {
    const result = parser.parse({ text, statement, tokens: statementTokens(text, statement) });
    if (result.outcome !== "statement") throw new Error(`${text.slice(statement.start)}: ${result.outcome}`);
    world = foldWorld(world, result.statement, null, { unit: 0, release: 0, version: 16, text });
    return world;
  });
}

const timeouts = (text: string) =>
  worldsOf(text).map(({ session }) => timeoutSeconds(session, "lock_timeout"));

it("goes back to a savepoint as often as it is asked", () => {
  const back = "SET lock_timeout = '9s'; ROLLBACK TO a;";
  expect(timeouts(`BEGIN; SET lock_timeout = '1s'; SAVEPOINT a; ${back} ${back}`)).toEqual([
    null,
    1,
    1,
    9,
    1,
    9,
    1,
  ]);
});

it("goes back to the last savepoint of a name, and forgets those behind it", () => {
  const sql =
    "BEGIN; SET lock_timeout = '1s'; SAVEPOINT a; SET lock_timeout = '2s'; SAVEPOINT b; SET lock_timeout = '3s'; " +
    "ROLLBACK TO a; ROLLBACK TO b;";
  // The server refuses the last: the savepoint b went with the way back to a.
  expect(timeouts(sql).slice(-2)).toEqual([1, 1]);
  expect(savepointsIn(worldsOf(sql).at(-1))).toEqual(["a"]);
});

it("forgets a released savepoint and those behind it, and keeps what was set", () => {
  const sql =
    "BEGIN; SAVEPOINT a; SAVEPOINT b; SET lock_timeout = '2s'; SAVEPOINT c; RELEASE b; ROLLBACK TO c;";
  const worlds = worldsOf(sql);
  expect(savepointsIn(worlds.at(-2))).toEqual(["a"]);
  expect(timeouts(sql).at(-1)).toBe(2);
});

it("numbers transactions one by one: statements outside of one are one each", () => {
  const numbers = worldsOf("SELECT 1; SELECT 2; BEGIN; SELECT 3; COMMIT; SELECT 4; BEGIN; ROLLBACK;");
  expect(numbers.map(({ session }) => session.transactionNumber)).toEqual([1, 2, 2, 2, 3, 4, 4, 5]);
});

it("knows where a transaction began, through COMMIT AND CHAIN and no longer", () => {
  const worlds = worldsOf("BEGIN; COMMIT AND CHAIN; COMMIT; SELECT 1;");
  expect(worlds.map(({ session }) => session.begunAt?.start ?? null)).toEqual([0, 0, null, null]);
  expect(worldsOf("COMMIT AND CHAIN;")[0]?.session.begunAt).toBeNull();
});

it("keeps what a transaction may do through AND CHAIN and no longer", () => {
  const sql = "BEGIN READ ONLY; COMMIT AND CHAIN; ROLLBACK AND CHAIN; COMMIT; BEGIN; COMMIT;";
  const modes = worldsOf(sql).map(({ session }) => session.settings.get("transaction_read_only")?.value);
  expect(modes).toEqual(["on", "on", "on", undefined, undefined, undefined]);
});

it("remembers a bounded number of settings, those of the server among them", () => {
  const made = Array.from({ length: 1200 }, (_, k) => `SET a.b${k} = '1';`).join("");
  const worlds = worldsOf(`SET lock_timeout = '1s';${made}SET lock_timeout = '2s';`);
  const last = worlds.at(-1);
  expect(last?.session.settings.size).toBe(1000);
  expect(last && timeoutSeconds(last.session, "lock_timeout")).toBe(2);
});

it("remembers ten thousand savepoints as ten thousand steps, and finds each", () => {
  const set = Array.from({ length: 10_000 }, (_, k) => `SAVEPOINT s${k};`).join("");
  const world = worldsOf(`BEGIN; ${set} ROLLBACK TO s4000;`).at(-1);
  const { savepoints } = world?.session ?? { savepoints: noSavepoints() };
  expect(savepointsIn(world)).toHaveLength(4001);
  // Those before are the very same, not a copy for each that was set.
  expect(savepointsTo(savepoints, "s10")).toBe(
    savepointsTo(savepoints.latest?.before ?? noSavepoints(), "s10"),
  );
});
