import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

/** Tools that cut at semicolons, how a migration of each begins, and what it needs around a body. */
const tools = [
  ["goose", "-- +goose Up", /^-- \+goose StatementBegin\nDO \$\$[\s\S]*\$\$;\n-- \+goose StatementEnd$/m],
  [
    "sql-migrate",
    "-- +migrate Up",
    /^-- \+migrate StatementBegin\nDO \$\$[\s\S]*\$\$;\n-- \+migrate StatementEnd$/m,
  ],
  [
    "liquibase",
    "--liquibase formatted sql\n--changeset a:1",
    /^--changeset .* splitStatements:false\nDO \$\$/,
  ],
] as const;

it.each(tools)("%s is told where a body ends in what is printed for it", async (runner, head, form) => {
  const text = [
    `${head}\nCREATE TABLE t (id bigint PRIMARY KEY);\n`,
    `${head}\nALTER TABLE t ADD COLUMN u uuid DEFAULT gen_random_uuid();\n`,
  ];
  const { diagnostics } = await lintSources(
    [
      { path: "1_a.sql", text: text[0] ?? "", role: "history" },
      { path: "2_b.sql", text: text[1] ?? "" },
    ],
    { catalogue: rules, runner, postgresVersion: 16 },
  );
  const steps = diagnostics.flatMap(({ rewrite }) => rewrite ?? []).map(({ sql }) => sql);
  const loop = steps.find((sql) => sql.includes("DO $$"));
  expect(loop).toMatch(form);
  for (const sql of steps) if (sql !== loop) expect(sql).not.toMatch(/StatementBegin|splitStatements/);
});
