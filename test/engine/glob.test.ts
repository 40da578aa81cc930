import { expect, it } from "vitest";
import { matchesGlob } from "../../src/engine/glob.ts";

it.each([
  ["db/00[4-9]*.sql", "db/0042_orders.sql", true],
  ["db/00[4-9]*.sql", "db/0031_orders.sql", false],
  ["db/[!0]*.sql", "db/1.sql", true],
  ["db/[!0]*.sql", "db/0.sql", false],
  ["db/[^0-3]*.sql", "db/2.sql", false],
  ["db/{00[4-9],0[1-9]}*.sql", "db/0123.sql", true],
  ["db/[a-cx-z]?.sql", "db/y1.sql", true],
  ["db/[a-cx-z]?.sql", "db/d1.sql", false],
  ["db/[a-]*.sql", "db/-x.sql", true],
  ["app/[id]/1.sql", "app/[id]/1.sql", true],
  ["app/[id]/1.sql", "app/i/1.sql", true],
  ["app/[", "app/[", true],
  ["app/[]x", "app/[]x", true],
  ["*[0-9].sql", "a1b2.sql", true],
  ["*[0-9].sql", "a1b.sql", false],
])("%s and %s: %s", (glob, path, is) => {
  expect(matchesGlob(glob, path)).toBe(is);
});
