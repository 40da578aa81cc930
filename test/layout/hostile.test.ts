// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are part of the texts
import { describe, expect, it } from "vitest";
import { layOut, profiles } from "../../src/layout/index.ts";
import { processorTimeOf } from "../processor-time.ts";
import { memory } from "./project.ts";

/** Lines that are repeated until they fill a file that nobody would write. */
const lines: Readonly<Record<string, string>> = {
  goose: "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n",
  "sql-migrate": "-- +migrate Up notransaction\nSELECT 1;\n",
  dbmate: "-- migrate:up transaction:false\nSELECT 1;\n",
  liquibase: "--changeset a:1 endDelimiter:/\nSELECT 1\n/\n--rollback SELECT 2;\n",
  "ignored lines": "--liquibase formatted sql\n--ignoreLines:999999\n--ignoreLines:start\n",
  "else parts": "{{else}}",
  "open blocks": "{{if}}{{else}}",
  "open placeholders": '${"${ :x "{{',
  "nested bodies": "$a$ $b$ $c$ $d$ ",
  "open strings": "'\n",
  comments: "/*",
  "strings on one line": "('aaaaaaa'),",
  supabase: "VACUUM t;\nSELECT 1;\n",
  evolutions: "# --- !Ups\nSELECT 1;; SELECT 2;\n",
  headers: "--! Previous: -\n",
  directives: "-- atlas:txmode none\n",
};

/** Files that tell something of a tool, which a pull request may bring as well. */
const toolFiles = [
  "V1__a.sql.conf",
  "flyway.conf",
  "flyway.toml",
  "application.properties",
  "application.yml",
  "package.json",
  "Cargo.toml",
  "atlas.hcl",
  "meta/_journal.json",
  "sqitch.plan",
  "sqitch.conf",
  "a.control",
  "metadata.toml",
  "dbconfig.yml",
  "changelog.xml",
  "changelog.yaml",
  "1_a.up.json",
  "sqlc.yaml",
];

describe("texts that are made to be slow", () => {
  for (const [name, line] of Object.entries(lines)) {
    it(`${name}: takes no more than ten times as long for ten times as much, roughly`, async () => {
      const path = "supabase/migrations/1_x.sql";
      const measure = (size: number) => {
        const text = line.repeat(Math.ceil(size / line.length));
        const project = memory({ [path]: text });
        return processorTimeOf(() => {
          layOut(project);
          for (const profile of profiles) {
            profile.parse(text, path, project);
            expect(profile.fill(text).length).toBe(text.length);
          }
        });
      };
      await measure(10_000);
      const small = Math.max(await measure(40_000), 20);
      expect(await measure(400_000)).toBeLessThan(small * 40);
    });
  }

  it.each([
    ["line breaks", "\n"],
    ["lines with a blank", "\n "],
    ["blanks", " "],
    ["quotes", '"'],
    ["brackets", "["],
    ["braces", "{"],
    ["settings", "a = b\n"],
    ["names of settings", "executeInTransaction"],
    ["lists", "- "],
    ["elements", "<include "],
  ])("reads the files of the tools in linear time: %s", async (_, piece) => {
    const text = piece.repeat(Math.ceil(100_000 / piece.length));
    for (const name of toolFiles) {
      const path = "m/V1__a.sql";
      const project = memory({ [path]: text, "m/1_a.up.sql": "SELECT 1;\n", [`m/${name}`]: text });
      const time = await processorTimeOf(() => {
        for (const { profile, folder } of layOut(project))
          for (const file of folder.files) profile.parse(project.read(file) ?? "", file, project);
        for (const profile of profiles) profile.parse(text, path, project);
      });
      // What is not linear takes minutes.
      expect(time, name).toBeLessThan(10_000);
    }
  });

  it("reads a plan of sqitch's in linear time, however often it names a change, and runs no script twice", () => {
    const changes = "a 2024-01-01T00:00:00Z x <x>\n@v 2024-01-01T00:00:00Z x <x>\n".repeat(20_000);
    const plan = `%project=x\n\n${changes}${changes.replaceAll("@v", "@w")}`;
    const files = { "deploy/a.sql": "", "deploy/a@v.sql": "", "revert/a.sql": "", "sqitch.plan": plan };
    const { user } = process.cpuUsage();
    const [layout] = layOut(memory(files));
    expect(layout?.folder.files).toEqual(["deploy/a@v.sql", "deploy/a.sql", "revert/a.sql"]);
    expect(process.cpuUsage().user - user).toBeLessThan(4_000_000);
  });

  it("reads nonsense under every profile without a complaint", () => {
    const texts = [
      "",
      "\u0000",
      "\ufeff-- +goose Up",
      "--",
      "-- \n--",
      "\\connect x\n",
      "}}{{",
      "$",
      "${",
      ":'",
      "\r\r\n",
    ];
    for (const profile of profiles) {
      for (const text of texts) {
        const units = profile.parse(text, "1_x.sql", memory({}));
        for (const { start, end } of units) expect(start <= end && end <= text.length).toBe(true);
        expect(profile.fill(text).length).toBe(text.length);
      }
    }
  });
});
