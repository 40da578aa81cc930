import { expect, test } from "vitest";
import { renderGithub } from "../../src/reporters/github.ts";
import { renderMarkdown } from "../../src/reporters/markdown.ts";
import { ordersFile, sampleReport } from "./sample.ts";

test("github: one command for each finding", () => {
  const [first] = renderGithub(sampleReport([ordersFile])).split("\n");
  expect(first).toMatchInlineSnapshot(
    `"::error file=migrations/0042_orders_status.sql,line=2,col=1,endColumn=13,title=lockwise%3A index-without-concurrently::Writes to orders wait until the index is built%0A%0ASHARE on orders: reads go on, inserts, updates and deletes wait. Meanwhile: index build; the work grows with the table.%0A%0Ain a migration of its own, which goose must not wrap (not in a transaction):%0A-- +goose NO TRANSACTION%0A-- +goose Up%0ACREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);"`,
  );
});

test("github: no text begins another command or ends a property", () => {
  const file = {
    path: "a,b:c.sql",
    text: "DROP TABLE x;",
    findings: [
      { at: "DROP TABLE", message: "100%\n::set-output name=x::y\r\u001b", advice: "\n::stop-commands::t" },
    ],
  };
  const complaints = [{ path: null, line: null, message: "a\n::warning::b" }];
  const lines = renderGithub(sampleReport([file], { complaints }))
    .trimEnd()
    .split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe(
    "::error file=a%2Cb%3Ac.sql,line=1,col=1,endColumn=11,title=lockwise%3A index-without-concurrently::" +
      "100%25\u240a::set-output name=x::y\u240d\u241b%0A%0AInstead: %0A::stop-commands::t",
  );
  expect(lines[1]).toBe("::error title=lockwise::a\u240a::warning::b");
});

test("markdown: grouped by file, the safe SQL folded away", () => {
  expect(renderMarkdown(sampleReport([ordersFile]), {})).toMatchInlineSnapshot(`
    "### lockwise: 2 errors and 1 warning

    #### \`migrations/0042_orders_status.sql\`

    ❌ **line 2**: Writes to orders wait until the index is built ([index-without-concurrently](https://lockwise.example/rules/index-without-concurrently))

    \`\`\`sql
    CREATE INDEX orders_status_idx ON orders (status);
    \`\`\`

    SHARE on orders: reads go on, inserts, updates and deletes wait. Meanwhile: index build; the work grows with the table.

    <details><summary>The safe way</summary>

    in a migration of its own, which goose must not wrap (not in a transaction):

    \`\`\`sql
    -- +goose NO TRANSACTION
    -- +goose Up
    CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);
    \`\`\`

    </details>

    ❌ **line 5**: Reads and writes of orders wait while every row is checked for total being null ([not-null-scan](https://lockwise.example/rules/index-without-concurrently))

    \`\`\`sql
      ALTER COLUMN total SET NOT NULL;
    \`\`\`

    ACCESS EXCLUSIVE on orders: reads, inserts, updates and deletes wait. Meanwhile: scan of orders; the work grows with the table. It depends on whether a constraint outside of these files proves it.

    <details><summary>The safe way</summary>

    **1.** Add the constraint without checking old rows:

    \`\`\`sql
    ALTER TABLE orders ADD CONSTRAINT orders_total_set CHECK (total IS NOT NULL) NOT VALID;
    \`\`\`

    **2.** Check the old rows while others read and write:

    \`\`\`sql
    ALTER TABLE orders VALIDATE CONSTRAINT orders_total_set;
    \`\`\`

    **3.** Set NOT NULL, which the constraint now proves (after the application writes orders.total):

    \`\`\`sql
    ALTER TABLE orders ALTER COLUMN total SET NOT NULL;
    ALTER TABLE orders DROP CONSTRAINT orders_total_set;
    \`\`\`

    </details>

    ⚠️ **line 3**: No lock_timeout is in force ([missing-lock-timeout](https://lockwise.example/rules/index-without-concurrently))

    \`\`\`sql
    ALTER TABLE orders
    \`\`\`

    <details><summary>The safe way</summary>

    set one first (\`lockwise --fix\` does it):

    \`\`\`sql
    SET LOCAL lock_timeout = '5s';
    \`\`\`

    </details>

    2 errors and 1 warning in 1 file. 41 earlier migrations read as history (goose, PostgreSQL 16). --fix settles 1.
    "
  `);
});

test("markdown: names and messages stay text, SQL stays in its block", () => {
  const file = {
    path: "a`b.sql",
    text: "DROP TABLE x; -- ```</details>",
    findings: [
      {
        at: "DROP TABLE",
        message: "<img src=x> [x](http://evil) @team #12 `code` *b* __c__ | http://y",
        docs: "javascript:alert(1)",
        rewrite: [
          {
            title: "</details>",
            sql: "SELECT '````';\n</details>",
            transaction: true,
            outside: null,
            after: null,
          },
        ],
      },
    ],
  };
  const output = renderMarkdown(sampleReport([file]), {});
  expect(output).toContain("#### ``a`b.sql``");
  expect(output).toContain(
    "&lt;img src=x&gt; \\[x\\](http&#58;//evil) &#64;team &#35;12 \\`code\\` \\*b\\* \\_\\_c\\_\\_ \\| http&#58;//y",
  );
  expect(output).not.toContain("](javascript:");
  expect(output).toContain("`````sql\nSELECT '````';\n</details>\n`````\n");
  expect(output).toContain("````sql\nDROP TABLE x; -- ```</details>\n````\n");
});

test("markdown: a comment stays below the limit of a forge", () => {
  const findings = Array.from({ length: 2000 }, () => ({ at: "DROP TABLE", advice: "x".repeat(100) }));
  const output = renderMarkdown(sampleReport([{ path: "a.sql", text: "DROP TABLE x;", findings }]), {});
  expect(output.length).toBeLessThan(65_000);
  expect(output).toMatch(/\*\*\d+ more\*\* would not fit in here/);
});
