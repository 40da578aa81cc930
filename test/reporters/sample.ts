import type { Diagnostic, Report } from "../../src/engine/report.ts";
import { indexLines, positionAt } from "../../src/text/lines.ts";

/** A finding in hand-made reports: it is placed by the text that it underlines. */
export interface SampleFinding extends Partial<Omit<Diagnostic, "start" | "end" | "statement">> {
  readonly at: string;
  readonly statement?: string;
}

export interface SampleFile {
  readonly path: string;
  readonly text: string;
  readonly statements?: number;
  readonly notUnderstood?: Report["files"][number]["notUnderstood"];
  readonly findings?: readonly SampleFinding[];
}

export function sampleReport(files: readonly SampleFile[], changes: Partial<Report> = {}): Report {
  const diagnostics = files.flatMap((file) =>
    (file.findings ?? []).map((finding) => sampleDiagnostic(file, finding)),
  );
  const fileReports = files.map((file) => ({
    path: file.path,
    statements: file.statements ?? file.text.split(";").length - 1,
    notUnderstood: file.notUnderstood ?? [],
    lines: indexLines(file.text),
  }));
  return {
    files: fileReports,
    diagnostics,
    complaints: [],
    summary: {
      errors: diagnostics.filter(({ severity }) => severity === "error").length,
      warnings: diagnostics.filter(({ severity }) => severity === "warning").length,
      suppressed: 0,
      baseline: 0,
      notUnderstood: fileReports.reduce((sum, { notUnderstood }) => sum + notUnderstood.length, 0),
    },
    context: {
      postgresVersion: 16,
      isVersionConfigured: true,
      runner: "goose",
      history: 41,
      parser: "postgres",
    },
    ...changes,
  };
}

function sampleDiagnostic(file: SampleFile, { at, statement, ...rest }: SampleFinding): Diagnostic {
  const lines = indexLines(file.text);
  const start = file.text.indexOf(at);
  if (start === -1) throw new Error(`${at} is not in ${file.path}`);
  const whole = statement === undefined ? start : file.text.indexOf(statement);
  const end = file.text.indexOf(";", start);
  return {
    rule: "index-without-concurrently",
    severity: "error",
    category: "lock",
    message: "Writes to orders wait until the index is built",
    path: file.path,
    start: positionAt(lines, start),
    end: positionAt(lines, start + at.length),
    statement: { start: whole, end: end === -1 ? file.text.length : end },
    impact: null,
    fix: null,
    rewrite: null,
    advice: null,
    fingerprint: `f${start}`,
    docs: "https://lockwise.example/rules/index-without-concurrently",
    ...rest,
  };
}

/** A migration with two findings: one with a rewrite, one with a fix. */
export const ordersFile: SampleFile = {
  path: "migrations/0042_orders_status.sql",
  text: `-- +goose Up
CREATE INDEX orders_status_idx ON orders (status);
ALTER TABLE orders
  ADD COLUMN note text,
  ALTER COLUMN total SET NOT NULL;
`,
  findings: [
    {
      at: "CREATE INDEX",
      impact: {
        locks: [{ relation: "public.orders", mode: "SHARE", blocksReads: false, blocksWrites: true }],
        work: "index build",
      },
      rewrite: [
        {
          title: "in a migration of its own, which goose must not wrap",
          sql: "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);\n",
          transaction: false,
          outside: null,
          after: null,
        },
      ],
    },
    {
      at: "SET NOT NULL",
      statement: "ALTER TABLE",
      rule: "not-null-scan",
      message: "Reads and writes of orders wait while every row is checked for total being null",
      impact: {
        locks: [
          { relation: "public.orders", mode: "ACCESS EXCLUSIVE", blocksReads: true, blocksWrites: true },
        ],
        work: "scan of public.orders",
        certainty: "depends",
        on: "whether a constraint outside of these files proves it",
      },
      rewrite: [
        {
          title: "Add the constraint without checking old rows",
          sql: "ALTER TABLE orders ADD CONSTRAINT orders_total_set CHECK (total IS NOT NULL) NOT VALID;",
          transaction: true,
          outside: null,
          after: null,
        },
        {
          title: "Check the old rows while others read and write",
          sql: "ALTER TABLE orders VALIDATE CONSTRAINT orders_total_set;",
          transaction: true,
          outside: null,
          after: null,
        },
        {
          title: "Set NOT NULL, which the constraint now proves",
          sql: "ALTER TABLE orders ALTER COLUMN total SET NOT NULL;\nALTER TABLE orders DROP CONSTRAINT orders_total_set;",
          transaction: true,
          outside: null,
          after: "the application writes orders.total",
        },
      ],
    },
    {
      at: "ALTER TABLE",
      rule: "missing-lock-timeout",
      severity: "warning",
      category: "transaction",
      message: "No lock_timeout is in force",
      fix: {
        title: "set one first",
        edits: [{ start: 64, end: 64, text: "SET LOCAL lock_timeout = '5s';\n" }],
      },
    },
  ],
};
