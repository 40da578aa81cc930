import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Inventory, recorded } from "./schema-catalogue.ts";
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
