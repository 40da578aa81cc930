import { expect, it } from "vitest";
import type { Statement } from "../../src/model/statement.ts";
import { gatherEarlier } from "../../src/recipes/earlier.ts";

it("looks at each statement of a unit once, however often it is asked", () => {
  let looks = 0;
  const kinds = gatherEarlier(
    () => new Set<string>(),
    (found, statement) => {
      looks++;
      found.add(statement.kind);
    },
  );
  const span = { start: 0, end: 0 };
  const earlier: Statement[] = [];
  for (let k = 0; k < 1000; k++) {
    earlier.push({ kind: "other", command: String(k), span, head: span });
    expect(kinds(earlier).size).toBe(1);
  }
  expect(looks).toBe(1000);
  expect(kinds([]).size).toBe(0);
});
