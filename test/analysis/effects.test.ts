import { describe, expect, test } from "vitest";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { MAJORS, readCases, readResults, resultFor } from "../postgres/cases.mjs";
import { compare, predict } from "./effects-cases.ts";

const parser = await loadPostgresParser();
const results = readResults();
const cases = readCases().filter((one) => one.id in results.cases);

/**
 * What the analysis cannot know, case by case, with the reason. Nothing else may differ, and a case that no longer does has
 * to leave the list.
 */
const known = new Map([
  ["rows-update-referenced-key", "the server sees that the key keeps its value"],
  ["security-label-none", "the server has no label provider"],
  ["domain-add-check-matview", "the history does not keep the types of a view's columns"],
  ["create-role-duplicate", "the history does not make the role"],
  ["alter-database-tablespace", "the history does not keep which database the session is in"],
  ["rule-delete-fires", "the history does not keep what a rule does"],
  [
    "drop-table-constraint-trigger-from",
    "the history does not keep the second table of a constraint trigger",
  ],
  ["set-constraints-not-deferrable", "the history does not keep whether a constraint is deferrable"],
  [
    "select-range-over-two-partitions",
    "bounds of neighbours are not put together to rule the default partition out",
  ],
]);

const groups = [...new Set(cases.map((one) => one.group))];

describe.each(groups)("%s", (group) => {
  test.each(cases.filter((one) => one.group === group))("$id", (one) => {
    const differences = MAJORS.flatMap((major) => {
      const measured = resultFor(results.cases[one.id], major);
      if (measured === undefined) return [];
      return compare(one, predict(parser, one, Number(major)), measured).map((line) => `${major}: ${line}`);
    });
    if (known.has(one.id)) expect(differences).not.toEqual([]);
    else expect(differences).toEqual([]);
  });
});

test("every case that is known to differ is there", () => {
  const ids = new Set(cases.map((one) => one.id));
  expect([...known.keys()].filter((id) => !ids.has(id))).toEqual([]);
});

test("hardly any prediction has to say that it depends", () => {
  const unsure = cases.filter((one) => predict(parser, one, 16).uncertain !== null);
  expect(unsure.length / cases.length).toBeLessThan(0.06);
});
