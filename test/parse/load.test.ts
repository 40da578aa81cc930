import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Parser } from "../../src/parse/parser.ts";
import { readOne } from "./reading.ts";

const common = "ALTER TABLE t ADD COLUMN c int";
const rare = "SELECT 1 FETCH FIRST ROW ONLY";

let withParser: typeof import("../../src/parse/load.ts").withParser;

describe("work with a parser", () => {
  // Once loaded, the grammar stays.
  beforeEach(async () => {
    vi.resetModules();
    ({ withParser } = await import("../../src/parse/load.ts"));
  });

  it("is done once where common statements are all there is", async () => {
    const work = vi.fn((parser: Parser) => readOne(parser, common).kind);
    expect(await withParser(undefined, common.length, work)).toBe("alter table");
    expect(work).toHaveBeenCalledTimes(1);
  });

  it("is begun anew with the grammar where one of them needs it, and then not any more", async () => {
    const work = vi.fn((parser: Parser) => [readOne(parser, common).kind, readOne(parser, rare).kind]);
    expect(await withParser(undefined, 100, work)).toEqual(["alter table", "select"]);
    expect(work).toHaveBeenCalledTimes(2);
    await withParser(undefined, 100, work);
    expect(work).toHaveBeenCalledTimes(3);
  });

  it("is begun anew though somebody caught what the parser threw", async () => {
    const work = (parser: Parser) => {
      try {
        return readOne(parser, rare).kind;
      } catch {
        return "nothing";
      }
    };
    expect(await withParser(undefined, 100, work)).toBe("select");
  });

  it("fails as it fails", async () => {
    const work = vi.fn(() => {
      throw new Error("of its own");
    });
    await expect(withParser(undefined, 100, work)).rejects.toThrow("of its own");
    expect(work).toHaveBeenCalledTimes(1);
  });

  it("has the grammar from the start where much is to be read", async () => {
    const work = vi.fn((parser: Parser) => readOne(parser, rare).kind);
    expect(await withParser(undefined, 10_000_000, work)).toBe("select");
    expect(work).toHaveBeenCalledTimes(1);
  });

  it("has the other parser where that is asked for", async () => {
    expect(await withParser("pgsql-ast-parser", 100, (parser) => parser.name)).toBe("pgsql-ast-parser");
  });
});
