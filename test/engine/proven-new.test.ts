import { expect, it } from "vitest";
import { findingsIn } from "./lint-sql.ts";

const counts = `
  CREATE MATERIALIZED VIEW IF NOT EXISTS day_counts AS SELECT day, count(*) AS n FROM visits GROUP BY day;
  CREATE UNIQUE INDEX day_counts_day ON day_counts (day);
  REFRESH MATERIALIZED VIEW CONCURRENTLY day_counts;
  CREATE MATERIALIZED VIEW hour_counts AS SELECT hour, count(*) AS n FROM visits GROUP BY hour;`;

const options = { runner: "flyway", only: ["work-under-strong-lock"] };

it("lets nobody wait for a lock on what the history proves to be new", async () => {
  const visits = { path: "V1__a.sql", text: "CREATE TABLE visits (day date, hour int);" };
  expect(await findingsIn([visits, { path: "V2__b.sql", text: counts }], options)).toEqual([]);
});

it("does not miss an index in the history whose name only the server knows", async () => {
  const orders = { path: "V1__a.sql", text: "CREATE TABLE orders (id int);" };
  const drop = (name: string) => ({
    path: "V2__b.sql",
    text: `DO $$ BEGIN FOR year IN SELECT y FROM years LOOP EXECUTE format('DROP INDEX IF EXISTS ${name}', year); END LOOP; END $$;`,
  });
  const only = { runner: "flyway", only: ["drop-index-without-concurrently"] };
  expect(await findingsIn([orders, drop("orders_of_%s")], only)).toEqual([]);
  expect(await findingsIn([orders, drop("orders_by_year")], only)).toHaveLength(1);
});

it("takes a lone file for the beginning where somebody knows that nothing runs before it", async () => {
  const text = "CREATE TABLE IF NOT EXISTS visits (day date); CREATE INDEX visits_day ON visits (day);";
  const only = { runner: "flyway", only: ["index-without-concurrently"] };
  expect(await findingsIn([{ path: "V7__a.sql", text }], only)).toHaveLength(1);
  expect(await findingsIn([{ path: "V7__a.sql", text, isFirst: true }], only)).toEqual([]);
});

it("takes what IF EXISTS looks for as not there, where nothing ran before", async () => {
  const text = `DROP TABLE IF EXISTS visits CASCADE; DROP SCHEMA IF EXISTS shop CASCADE; DROP VIEW IF EXISTS days;
CREATE TABLE visits (day date);`;
  const only = { only: ["drop-table", "drop-cascade", "missing-lock-timeout", "work-under-strong-lock"] };
  const found = (rest: object, options: object) =>
    findingsIn([{ path: "V7__a.sql", text, ...rest }], { ...only, ...options });
  expect((await found({}, { runner: "flyway" })).length).toBeGreaterThan(3);
  expect(await found({ isFirst: true }, { runner: "flyway" })).toEqual([]);
  // It runs again, and finds what it has made.
  expect((await found({ isFirst: true, path: "R__a.sql" }, { runner: "flyway" })).length).toBeGreaterThan(3);
  // It uses what nobody made before it: others have been here.
  const others = { text: `${text} ALTER TABLE orders ADD COLUMN x int;`, isFirst: true };
  expect((await found(others, { runner: "flyway" })).length).toBeGreaterThan(3);
  // Who does not say IF EXISTS knows that it is there.
  const sure = [{ path: "V1__a.sql", text: "DROP TABLE visits;", isFirst: true }];
  expect(await findingsIn(sure, { only: ["drop-table"], runner: "flyway" })).toHaveLength(1);
});

it("takes ONLY as a word that the table is partitioned, where the history does not know it", async () => {
  const only = { only: ["index-without-concurrently"] };
  const file = (sql: string) => [{ path: "1.sql", text: sql }];
  expect(await findingsIn(file("CREATE INDEX i ON ONLY elsewhere (a);"), only)).toEqual([]);
  expect(await findingsIn(file("CREATE INDEX i ON elsewhere (a);"), only)).toHaveLength(1);
});
