import { expect, it } from "vitest";
import { lint } from "../../src/index.ts";
import { profiles } from "../../src/layout/profiles/index.ts";

/* The line with which a runner leaves its transaction is printed so that the runner sees it where it is pasted. */

const byLine = profiles.filter(({ leaving }) => leaving.by === "line").map(({ name }) => name);

const paths: Record<string, string> = { liquibase: "1.sql" };
const heads: Record<string, string> = {
  liquibase: "--liquibase formatted sql\n--changeset a:1\n",
  goose: "-- +goose Up\n",
  dbmate: "-- migrate:up\n",
  "sql-migrate": "-- +migrate Up\n",
};

it.each(byLine)("%s", async (runner) => {
  const path = paths[runner] ?? "20240101000000_a.sql";
  const head = heads[runner] ?? "";
  const sql = "CREATE INDEX CONCURRENTLY i ON orders (a);\n";
  const { diagnostics } = await lint([{ path, text: `${head}${sql}` }], { runner });
  const [told] = diagnostics.filter(({ rule }) => rule === "concurrently-in-transaction");
  const [step] = told?.rewrite ?? [];
  expect(step?.sql).toContain("CONCURRENTLY");
  const first = head.startsWith("--liquibase") ? "--liquibase formatted sql\n" : "";
  const again = await lint([{ path, text: `${first}${step?.sql}\n` }], { runner });
  expect(again.diagnostics.map(({ rule }) => rule)).not.toContain("concurrently-in-transaction");
});
