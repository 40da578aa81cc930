import { describe, expect, it } from "vitest";
import { profiles } from "../../src/layout/index.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { expectedUnits } from "./expected.ts";
import { fixture, only } from "./project.ts";

describe("fixture projects", () => {
  it("exist for every profile", () => {
    expect(Object.keys(expectedUnits).sort()).toEqual(profiles.map(({ name }) => name).sort());
  });

  for (const { name, source, leaving } of profiles) {
    it(`${name}: found by itself, in its order, with its transactions`, () => {
      const project = fixture(name);
      const { profile, folder } = only(project);
      const { files } = folder;
      expect(profile.name).toBe(name);
      const found = files.flatMap((path) => {
        const text = project.read(path) ?? "";
        return profile.parse(text, path, project).map((unit) => {
          const mark = unit.marker === null ? "" : ` <${text.slice(unit.marker.start, unit.marker.end)}>`;
          return `${unit.name} ${unit.direction} ${unit.transaction}${mark}`;
        });
      });
      expect(found).toEqual(expectedUnits[name]);
    });

    it(`${name}: filled texts keep their length and hold no placeholder`, () => {
      const project = fixture(name);
      const { profile, folder } = only(project);
      const { files } = folder;
      for (const path of files) {
        const text = project.read(path) ?? "";
        const filled = profile.fill(text);
        expect(filled.length).toBe(text.length);
        expect(filled).not.toMatch(/\$\{|\{\{|:APP_ROLE/);
        for (const unit of profile.parse(text, path, project)) {
          const { statements } = splitStatements(filled, unit.start, unit.end, unit.breaks);
          expect(statements.length, path).toBeGreaterThan(0);
        }
      }
    });

    it(`${name}: says where it is described, and how to leave the transaction`, () => {
      expect(source).toMatch(/^https:\/\//);
      expect(leaving.words).not.toBe("");
      expect(leaving.text !== "").toBe(
        leaving.by === "line" || leaving.by === "sidecar" || name === "flyway",
      );
    });
  }
});
