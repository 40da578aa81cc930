import { expect, test } from "vitest";
import { buildTable, findBuiltIn, seekBuiltIn } from "../../src/analysis/facts/built-ins.ts";

test("a function is found in the lists as it is in the table", () => {
  const table = buildTable();
  expect(table.size).toBeGreaterThan(1000);
  for (const [name, builtIn] of table) {
    expect(seekBuiltIn(name), name).toEqual(builtIn);
    // Parts of names are no names, unless they are.
    for (const part of [name.slice(1), name.slice(0, -1), `${name}x`, `x${name}`]) {
      expect(seekBuiltIn(part), part).toEqual(part === "" ? undefined : table.get(part));
    }
  }
});

test("what a quoted name may hold is sought in vain", () => {
  for (const name of [
    "",
    " ",
    "abs acos",
    "abs\n",
    "\nabs",
    "array_reverse@18",
    "@",
    "18",
    "constructor",
    "ABS",
  ]) {
    expect(seekBuiltIn(name), name).toBeUndefined();
    expect(buildTable().get(name), name).toBeUndefined();
  }
});

test("the first look-up and the hundredth say the same", () => {
  const answers = Array.from({ length: 100 }, () => findBuiltIn("array_sort"));
  for (const answer of answers) {
    expect(answer).toEqual({ best: "immutable", worst: "immutable", from: 18, to: 18 });
  }
});
