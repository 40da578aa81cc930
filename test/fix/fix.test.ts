import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applyFixes } from "../../src/fix/apply-fixes.ts";
import { buildOnce, createFolder, lockwise } from "../cli/run.ts";

describe("applying fixes", () => {
  const insert = (at: number, text: string) => ({ edits: [{ start: at, end: at, text }] });

  it("keeps what lies around an edit", () => {
    const { text, applied } = applyFixes("a /* c */ b", [
      insert(1, "X"),
      { edits: [{ start: 10, end: 11, text: "Y" }] },
    ]);
    expect([text, applied]).toEqual(["aX /* c */ Y", 2]);
  });

  it("takes a fix whole or not at all", () => {
    const both = {
      edits: [
        { start: 0, end: 2, text: "1" },
        { start: 4, end: 6, text: "2" },
      ],
    };
    const across = {
      edits: [
        { start: 5, end: 8, text: "3" },
        { start: 9, end: 10, text: "4" },
      ],
    };
    expect(applyFixes("abcdefghijk", [across, both])).toEqual({ text: "1cd2ghijk", applied: 1 });
  });

  it("puts one thing into one place a round", () => {
    expect(applyFixes("ab", [insert(1, "X"), insert(1, "Y")]).text).toBe("aXb");
  });

  it("writes line ends as the text has them", () => {
    expect(applyFixes("a\r\nb", [insert(3, "x\ny\n")]).text).toBe("a\r\nx\r\ny\r\nb");
  });

  it("leaves out edits beyond the text", () => {
    expect(applyFixes("a", [insert(7, "x")])).toEqual({ text: "a", applied: 0 });
  });
});

describe("--fix", () => {
  buildOnce();
  const bad = "-- kept\r\nalter  TABLE orders ADD COLUMN note text; -- Kept\r\n";
  const good = "-- kept\r\nSET lock_timeout = '5s';\r\nalter  TABLE orders ADD COLUMN note text; -- Kept\r\n";

  it("keeps comments, case, line ends and the mode, leaves nothing beside, and does it once", () => {
    const folder = createFolder({ "a.sql": bad });
    chmodSync(join(folder, "a.sql"), 0o640);
    lockwise(folder, ["--fix", "a.sql"]);
    expect(readFileSync(join(folder, "a.sql"), "utf8")).toBe(good);
    expect(statSync(join(folder, "a.sql")).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(["a.sql"]);
    expect(lockwise(folder, ["--fix", "a.sql"]).stderr).toBe("");
    expect(readFileSync(join(folder, "a.sql"), "utf8")).toBe(good);
  });

  it("leaves a file with a syntax error alone", () => {
    const broken = `${bad}SELECT FROM WHERE;\n`;
    const folder = createFolder({ "a.sql": broken });
    lockwise(folder, ["--fix", "a.sql"]);
    expect(readFileSync(join(folder, "a.sql"), "utf8")).toBe(broken);
  });

  it.each(["error", "off"])("writes nothing that does not parse: syntax-error is %s", (severity) => {
    const folder = createFolder({
      "a.sql": "SELECT 1;\n",
      "lockwise.config.json": JSON.stringify({
        plugins: ["./own.mjs"],
        rules: { "syntax-error": severity },
      }),
      "own.mjs": `export default {
        id: "own", severity: "error", category: "style", summary: "x", why: "x", instead: "x",
        references: [], on: ["select"],
        *check(node) { yield { at: node.head, message: "x", fix: { title: "x", edits: [{ ...node.head, text: "SELEKT" }] } }; },
      };`,
    });
    const { stdout } = lockwise(folder, ["--fix", "a.sql", "--fail-on", "never", "--format", "compact"]);
    expect(stdout).toContain("[own]");
    expect(readFileSync(join(folder, "a.sql"), "utf8")).toBe("SELECT 1;\n");
  });

  it("leaves a comment that ignores something with its statement, and within its section", () => {
    const ignored =
      "-- lockwise-ignore drop-column -- nobody reads it\n-- since May\n\nALTER TABLE a DROP COLUMN b;\n";
    const atlas = "-- atlas:nolint DS103\n  ALTER TABLE a DROP COLUMN b;\n";
    const goose = "-- +goose Up\n";
    for (const [head, text, path] of [
      ["-- lockwise-ignore-file truncate -- old\n", ignored, "a.sql"],
      ["", atlas, "a.sql"],
      [goose, ignored, "1_a.sql"],
      [`${goose}-- words\n`, atlas, "1_a.sql"],
    ] as const) {
      const folder = createFolder({ [path]: head + text });
      lockwise(folder, ["--fix", path]);
      const local = /goose|atlas/.test(head + text) ? "LOCAL " : "";
      expect(readFileSync(join(folder, path), "utf8")).toBe(
        `${head}SET ${local}lock_timeout = '5s';\n${text}`,
      );
      expect(lockwise(folder, [path, "--fail-on", "warning"]).stdout).not.toContain("Queries of");
    }
  });

  it("touches no file that it was not given", () => {
    const folder = createFolder({ "1_a.sql": bad, "2_b.sql": bad });
    lockwise(folder, ["--fix", "2_b.sql"]);
    expect(readFileSync(join(folder, "1_a.sql"), "utf8")).toBe(bad);
    expect(readFileSync(join(folder, "2_b.sql"), "utf8")).toBe(good);
  });

  it("follows a link inside of the project and keeps it, but none out of it", () => {
    const outside = createFolder({ "away.sql": bad });
    const folder = createFolder({ ".git/HEAD": "", "real/a.sql": bad });
    symlinkSync(join(folder, "real/a.sql"), join(folder, "in.sql"));
    symlinkSync(join(outside, "away.sql"), join(folder, "out.sql"));
    lockwise(folder, ["--fix", "in.sql"]);
    expect(readFileSync(join(folder, "real/a.sql"), "utf8")).toBe(good);
    expect(lstatSync(join(folder, "in.sql")).isSymbolicLink()).toBe(true);
    const { status, stderr } = lockwise(folder, ["--fix", "out.sql"]);
    expect([status, stderr]).toEqual([2, expect.stringContaining("is a link out of")]);
    expect(readFileSync(join(outside, "away.sql"), "utf8")).toBe(bad);
  });

  it("shows the same as a diff and writes nothing", () => {
    const folder = createFolder({ "a.sql": bad });
    const { stdout } = lockwise(folder, ["--fix-dry-run", "a.sql"]);
    expect(stdout).toContain("+SET lock_timeout = '5s';");
    expect(readFileSync(join(folder, "a.sql"), "utf8")).toBe(bad);
  });
});

describe("--fix and statements that run CONCURRENTLY", () => {
  buildOnce();
  const fixed = (files: Readonly<Record<string, string>>, path: string, ...more: string[]) => {
    const folder = createFolder(files);
    const first = lockwise(folder, ["--fix", ...more, path]);
    const text = readFileSync(join(folder, path), "utf8");
    lockwise(folder, ["--fix", ...more, path]);
    expect(readFileSync(join(folder, path), "utf8")).toBe(text);
    return { text, findings: first.stdout };
  };

  it("lifts the timeout that it has set, around all that are built one behind the other", () => {
    const before = `ALTER TABLE a ADD COLUMN b int;
CREATE INDEX i ON a (b); -- why
-- and one more
CREATE UNIQUE INDEX i2 ON a (b);
ALTER TABLE a ADD COLUMN d int;
  CREATE INDEX i3
    ON a (d)`;
    expect(fixed({ "a.sql": before }, "a.sql", "--rule", "constraint-never-validated=off")).toEqual({
      text: `SET lock_timeout = '5s';
ALTER TABLE a ADD COLUMN b int;
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY i ON a (b); -- why
-- and one more
CREATE UNIQUE INDEX CONCURRENTLY i2 ON a (b);
SET lock_timeout = '5s';
ALTER TABLE a ADD COLUMN d int;
  SET lock_timeout = 0;
  CREATE INDEX CONCURRENTLY i3
    ON a (d);
  SET lock_timeout = '5s';`,
      findings: expect.stringContaining("No findings"),
    });
  });

  it("goes through all transactions of a file at once", () => {
    const blocks = Array.from(
      { length: 14 },
      (_, k) => `BEGIN;\nALTER TABLE t${k} ADD COLUMN a int;\nCOMMIT;\n`,
    );
    const { text } = fixed({ "a.sql": blocks.join("") }, "a.sql");
    expect(text.match(/SET LOCAL lock_timeout/g)).toHaveLength(14);
  });

  it("stays on its side of a runner's mark", () => {
    const down = "\n-- +goose Down\nDROP INDEX CONCURRENTLY i;\nDROP INDEX CONCURRENTLY i0;\n";
    const head = "-- +goose NO TRANSACTION\n-- +goose Up\nALTER TABLE a ADD COLUMN b int;\n";
    const before = `${head}CREATE INDEX CONCURRENTLY i ON a (b);\n${down}`;
    expect(fixed({ "1_a.sql": before }, "1_a.sql", "--runner", "goose").text).toBe(
      `${head.replace("ALTER", "SET lock_timeout = '5s';\nALTER")}SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY i ON a (b);
SET lock_timeout = '5s';
${down}`,
    );
    const block = head.replace("ALTER", "SET lock_timeout = '5s';\nALTER");
    const inBlock = `${block}-- +goose StatementBegin\nCREATE INDEX CONCURRENTLY i ON a (b);\n-- +goose StatementEnd\n`;
    expect(fixed({ "1_a.sql": inBlock }, "1_a.sql", "--runner", "goose").text).toBe(inBlock);
  });

  it.each(["psql", "golang-migrate"])("%s: sets no timeout for what keeps nobody out", (runner) => {
    const path = "000001_a.up.sql";
    const { text } = fixed({ [path]: "DROP INDEX old_one;\n" }, path, "--runner", runner);
    expect(text).toBe("DROP INDEX CONCURRENTLY old_one;\n");
  });

  it("sets no timeout that would leave a partition half detached", () => {
    const setup =
      "CREATE TABLE p (at date) PARTITION BY RANGE (at);\nCREATE TABLE q PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n";
    const files = { "1.sql": setup, "2.sql": "ALTER TABLE p DETACH PARTITION q;\n" };
    expect(fixed(files, "2.sql").text).toBe("ALTER TABLE p DETACH PARTITION q CONCURRENTLY;\n");
  });

  it("leaves a DROP INDEX of Prisma where it is, which would make one message of the file", () => {
    const path = "prisma/migrations/20260101000000_a/migration.sql";
    const manifest = JSON.stringify({ devDependencies: { prisma: "7.4.1" } });
    const files = {
      "package.json": manifest,
      "prisma/migrations/migration_lock.toml": "",
      [path]: 'DROP INDEX "old";\nCREATE INDEX "i" ON "a" ("b");\n',
    };
    expect(fixed(files, path).text).toBe(
      `SET lock_timeout = '5s';\nDROP INDEX "old";\nSET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY "i" ON "a" ("b");\nSET lock_timeout = '5s';\n`,
    );
  });
});
