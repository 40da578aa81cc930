import { describe, expect, it } from "vitest";
import { seriesOf } from "../../src/layout/index.ts";

describe("the way in which files are named", () => {
  it.each([
    [["db/20230706-a.sql", "db/20230712-b.sql", "db/20230719.sql"]],
    [["db/V2024.01.31_a.sql", "db/V2024.02.01_b.sql", "db/r2024-02-02.sql"]],
    [["SQL/postgres/2008030300.sql", "SQL/postgres/2008060900.sql", "SQL/postgres/2009090400.sql"]],
    [["sql/2022-07-01-00-00_a.sql", "sql/2022-10-20_b.sql", "sql/2023-01-12.sql", "sql/2023-02-01-c.sql"]],
  ])("is by days in %j", (paths) => {
    expect(seriesOf(paths)).toBe("days");
  });

  it("is by numbers of one width that count up", () => {
    expect(seriesOf(["schemas/001_a.sql", "schemas/002_b.sql", "schemas/010_c.sql"])).toBe("numbers");
  });

  it.each([
    ["two files alone", ["db/20230706-a.sql", "db/20230712-b.sql"]],
    ["no days", ["db/20231306-a.sql", "db/20230012-b.sql", "db/20230732-c.sql"]],
    ["seeds", ["db/seeds/001_a.sql", "db/seeds/002_b.sql", "db/seeds/003_c.sql"]],
    [
      "exports",
      ["manual_exports/2011-03-10.sql", "manual_exports/2011-09-10.sql", "manual_exports/2012-03-10.sql"],
    ],
    ["numbers without a width", ["db/100.sql", "db/200.sql", "db/300.sql"]],
    [
      "a few among others",
      ["db/001_a.sql", "db/002_b.sql", "db/003_c.sql", "db/views.sql", "db/functions.sql"],
    ],
    ["ways back", ["db/001_a.down.sql", "db/002_b.down.sql", "db/003_c.down.sql"]],
  ])("is not known: %s", (_, paths) => {
    expect(seriesOf(paths)).toBeNull();
  });
});
