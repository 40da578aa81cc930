import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { foreignIds } from "../../src/engine/foreign-ids.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { knownRules } from "../../src/engine/suppress.ts";

/** The rules of squawk 2.66. */
const squawkIds = [
  "adding-field-with-default",
  "adding-foreign-key-constraint",
  "adding-not-nullable-field",
  "adding-required-field",
  "adding-serial-primary-key-field",
  "ban-alter-domain-with-add-constraint",
  "ban-char-field",
  "ban-concurrent-index-creation-in-transaction",
  "ban-create-domain-with-constraint",
  "ban-drop-column",
  "ban-drop-database",
  "ban-drop-not-null",
  "ban-drop-table",
  "ban-duplicate-column-assignments",
  "ban-truncate-cascade",
  "ban-uncommitted-transaction",
  "changing-column-type",
  "constraint-missing-not-valid",
  "disallowed-unique-constraint",
  "identifier-too-long",
  "prefer-bigint-over-int",
  "prefer-bigint-over-smallint",
  "prefer-identity",
  "prefer-repack",
  "prefer-robust-stmts",
  "prefer-text-field",
  "prefer-timestamptz",
  "renaming-column",
  "renaming-table",
  "require-concurrent-index-creation",
  "require-concurrent-index-deletion",
  "require-concurrent-partition-detach",
  "require-concurrent-reindex",
  "require-enum-value-ordering",
  "require-table-schema",
  "require-timeout-settings",
  "transaction-nesting",
];

const known = knownRules(rules);

it("knows 37 ids of squawk", () => {
  expect(new Set(squawkIds).size).toBe(37);
});

it.each(squawkIds)("resolves %s", (id) => {
  const targets = known.aliases.get(id);
  expect(targets).toBeDefined();
  for (const target of targets ?? []) expect(known.ids).toContain(target);
  // No counterpart needs a reason.
  if (targets?.length === 0) expect(foreignIds.get(id)).toMatch(/\w+ \w+/);
});

it("takes aliases from squawk alone", () => {
  const aliases = rules.flatMap((rule) => rule.aliases ?? []).filter((alias) => alias !== "syntax-error");
  expect(aliases.filter((alias) => !squawkIds.includes(alias))).toEqual([]);
});

it("says nothing of an id that it knows and has no rule for", async () => {
  const [id = ""] = foreignIds.keys();
  const sources = [{ path: "a.sql", text: `-- squawk-ignore ${id}\nSELECT 1;\n` }];
  expect((await lintSources(sources, { catalogue: rules })).diagnostics).toEqual([]);
});

it("has no rule for what it calls foreign", () => {
  for (const id of foreignIds.keys()) {
    expect(known.ids).not.toContain(id);
    expect(rules.flatMap((rule) => rule.aliases ?? [])).not.toContain(id);
  }
});
