import { describe, expect, it } from "vitest";
import { lintSources } from "../../src/engine/lint.ts";
import { defineRule, type Memory } from "../../src/rule.ts";

const dropped: Memory<string[]> = {
  start: () => [],
  note(names, statement) {
    if (statement.kind === "drop") names.push(...statement.names.map(({ name }) => name.name));
  },
};

const about = {
  id: "seen",
  severity: "warning",
  category: "style",
  summary: "Tells what was dropped before",
  why: "",
  instead: "",
  references: [],
} as const;

const seen = defineRule({
  ...about,
  on: ["drop", "file"],
  remembers: [dropped],
  *check(node, context) {
    yield { at: node.span, message: `${node.kind}: ${context.recall(dropped).join()}` };
  },
});

async function messages(...texts: string[]): Promise<string[]> {
  const sources = texts.map((text, k) => ({ path: `${k}.sql`, text }));
  const { diagnostics, complaints } = await lintSources(sources, { catalogue: [seen] });
  expect(complaints).toEqual([]);
  return diagnostics.map(({ message }) => message);
}

describe("what a rule remembers", () => {
  it("has each statement behind the rules that look at it", async () => {
    expect(await messages("DROP TABLE a;DROP TABLE b;")).toEqual(["drop: ", "drop: a", "file: a,b"]);
  });

  it("has those of bodies, behind the statement that runs them", async () => {
    expect(await messages("DO $$ BEGIN DROP TABLE a; END $$;DROP TABLE b;")).toEqual([
      "drop: ",
      "drop: a",
      "file: a,b",
    ]);
  });

  it("begins anew with each file", async () => {
    expect(await messages("DROP TABLE a;", "SELECT 1;")).toEqual(["drop: ", "file: a", "file: "]);
  });

  it("is what it says that it remembers, and nothing else", async () => {
    const forgetful = defineRule({
      ...about,
      on: ["drop"],
      check: (_, context) => context.recall(dropped) as never,
    });
    const { complaints } = await lintSources([{ path: "a.sql", text: "DROP TABLE a;" }], {
      catalogue: [forgetful],
    });
    expect(complaints[0]?.message).toContain("seen recalls what it does not remember");
  });
});
