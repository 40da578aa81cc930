import { expect, test } from "vitest";
import { createColours } from "../../src/reporters/colours.ts";

test("colours end where they began, also one within the other", () => {
  const { bold, dim, red, underline, yellow } = createColours(true);
  expect(bold("a")).toBe("\x1b[1ma\x1b[22m");
  expect(red(`a${yellow("b")}c`)).toBe("\x1b[31ma\x1b[33mb\x1b[31mc\x1b[39m");
  expect(dim(`a${bold("b")}c`)).toBe("\x1b[2ma\x1b[1mb\x1b[22m\x1b[2mc\x1b[22m");
  expect(underline(red("a"))).toBe("\x1b[4m\x1b[31ma\x1b[39m\x1b[24m");
});

test("nothing is painted where nobody wants it", () => {
  for (const paint of Object.values(createColours(false))) expect(paint("a")).toBe("a");
});
