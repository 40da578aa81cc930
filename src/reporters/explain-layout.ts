import { type Row, renderWork } from "./explain-rows.ts";
import { plain, widthOf, wrapProse } from "./plain.ts";

const headings: Omit<Row, "work"> & { readonly work: string } = {
  line: "line",
  sql: "statement",
  relation: "lock on",
  mode: "mode",
  reads: "reads",
  writes: "writes",
  work: "work",
};

/** The lines that show the rows, the heading first. */
export function layOutRows(rows: readonly Row[], width: number | undefined): [string, ...string[]] {
  const table = layOutTable(rows);
  const isTooWide = width !== undefined && table.some((line) => widthOf(line) > width);
  return isTooWide ? [`${startOf(headings.line)}${headings.sql}`, ...stackRows(rows, width)] : table;
}

const padded = ["sql", "relation", "mode", "reads", "writes"] as const;
const sqlWidth = 36;

function layOutTable(rows: readonly Row[]): [string, ...string[]] {
  const told = rows.map((row) => ({ ...row, work: renderWork(row.work) }));
  const short = [headings, ...told].map((row) => ({ ...row, sql: shorten(row.sql, sqlWidth) }));
  const widths = padded.map((key) => short.reduce((width, row) => Math.max(width, widthOf(row[key])), 0));
  const [first = "", ...rest] = short.map((row) => {
    const cells = padded.map((key, k) => {
      const text = plain(row[key]);
      return text + " ".repeat(Math.max(0, (widths[k] ?? 0) - widthOf(text)));
    });
    return `${startOf(row.line)}${cells.join("  ")}  ${plain(row.work)}`.trimEnd();
  });
  return [first, ...rest];
}

/** One below the other, for terminals that are too narrow for the table: what it is, what it locks, what it does. */
function stackRows(rows: readonly Row[], width: number): string[] {
  const indent = startOf("  ");
  const room = Math.max(20, width - indent.length);
  const out: string[] = [];
  let work = "";
  rows.forEach((row, k) => {
    if (row.line !== "") {
      out.push(`${startOf(row.line)}${shorten(row.sql, room)}`);
      work = labelled(row.work);
    }
    // Further locks of the statement come before what it does.
    const isLast = rows[k + 1]?.line !== "";
    for (const text of [lockOf(row), isLast ? work : ""])
      for (const part of wrapProse(text, room)) out.push(`${indent}${part}`);
  });
  return out;
}

/** `SHARE on orders: reads go on, writes wait`. */
function lockOf({ relation, mode, reads, writes }: Row): string {
  // Without a lock nobody has to be told that others go on.
  if (relation === "" && reads === "go on" && writes === "go on") return "";
  const lock = mode === "" ? relation : `${mode} on ${relation}`;
  const waits = reads === "" && writes === "" ? "" : `reads ${reads}, writes ${writes}`;
  return [lock, waits].filter((text) => text !== "").join(": ");
}

function startOf(line: string): string {
  return ` ${line.padStart(5)}  `;
}

/** The text in one line, cut where there is no room for all of it. What is indented stays so. */
function shorten(sql: string, width: number): string {
  const indent = /^ */.exec(sql)?.[0] ?? "";
  const flat = plain(sql.slice(0, 400).replaceAll(/\s+/g, " ").trim());
  const room = width - indent.length;
  return indent + (flat.length <= room ? flat : `${flat.slice(0, room - 3).trimEnd()}...`);
}

/** What is no work, but a failure or not known, says so by itself. */
function labelled(work: Row["work"]): string {
  if (work.words === "" || (work.label !== "" && work.label !== "none")) return renderWork(work);
  return `${headings.work}: ${work.words}`;
}
