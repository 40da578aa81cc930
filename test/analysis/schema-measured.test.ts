import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Inventory, recorded } from "./schema-catalogue.ts";
import { describeSchema } from "./schema-details.ts";
import { takeInventory } from "./schema-inventory.ts";
import { replay } from "./schema-replay.ts";
import { scripts } from "./schema-scripts.ts";

const measured: Readonly<Record<string, Inventory>> = JSON.parse(readFileSync(recorded, "utf8"));

it("all scripts are on record", () => {
  expect(Object.keys(measured)).toEqual(Object.keys(scripts));
});

it.each(Object.entries(scripts))("%s: the folded schema is what was measured", async (title, sql) => {
  expect(takeInventory(await replay(sql))).toEqual(measured[title]);
});

it.each(Object.entries(scripts))("%s: all that is kept", async (title, sql) => {
  const file = join(import.meta.dirname, "schema-details", `${title.replaceAll(/[^A-Za-z0-9]+/g, "-")}.txt`);
  await expect(`${describeSchema(await replay(sql)).join("\n")}\n`).toMatchFileSnapshot(file);
});
