import type { Span } from "../text/span.ts";
import { type Directive, type WrittenId, words } from "./suppression-directive.ts";

/**
 * Ids of Atlas's analyzers and codes for hazards that we know (sql/sqlcheck in ariga/atlas; the PG codes from its
 * documentation). What is not here maps to nothing and is left alone.
 */
const atlasRules: ReadonlyMap<string, readonly string[]> = new Map([
  ["DS101", ["drop-table"]],
  ["DS102", ["drop-table"]],
  ["DS103", ["drop-column"]],
  ["destructive", ["drop-table", "drop-column"]],
  ["MF101", ["constraint-builds-index", "index-without-concurrently"]],
  ["MF102", ["constraint-builds-index", "index-without-concurrently"]],
  ["MF103", ["required-column"]],
  ["MF104", ["not-null-scan"]],
  [
    "data_depend",
    ["constraint-builds-index", "index-without-concurrently", "required-column", "not-null-scan"],
  ],
  ["BC101", ["rename-table"]],
  ["BC102", ["rename-column"]],
  ["incompatible", ["rename-table", "rename-column"]],
  ["PG101", ["index-without-concurrently"]],
  ["PG102", ["drop-index-without-concurrently"]],
  ["PG103", ["concurrently-in-transaction"]],
  [
    "concurrent_index",
    ["index-without-concurrently", "drop-index-without-concurrently", "concurrently-in-transaction"],
  ],
]);

/** The comments of squawk, Atlas and postgres-language-server; null where it is none of theirs. */
export function foreignDirective(name: string, text: string, rest: Span): Directive | null {
  switch (name) {
    case "squawk-ignore":
      return foreign("statement", idsBefore(text, rest, "--"));
    case "squawk-ignore-file": {
      const ids = idsBefore(text, rest, "--");
      return foreign("file", ids.length === 0 ? null : ids);
    }
    case "atlas:nolint": {
      const ids = [...words(text, rest.start, rest.end)];
      const known = ids.flatMap(({ id, ...span }) =>
        (atlasRules.get(id) ?? []).map((rule) => ({ id: rule, ...span })),
      );
      return foreign("header", ids.length === 0 ? null : known);
    }
    case "pgls-ignore":
      return foreign("statement", languageServerIds(text, rest));
    case "pgls-ignore-all":
      return foreign("file", languageServerIds(text, rest));
    case "pgls-ignore-start":
      return foreign("range", languageServerIds(text, rest));
    case "pgls-ignore-end":
      return foreign("end of range", languageServerIds(text, rest));
    default:
      return null;
  }
}

function foreign(scope: Directive["scope"], ids: readonly WrittenId[] | null): Directive {
  return { scope, ids, until: null, reason: null, isForeign: true, slips: [] };
}

function idsBefore(text: string, rest: Span, mark: string): WrittenId[] {
  const at = text.slice(rest.start, rest.end).indexOf(mark);
  return [...words(text, rest.start, at === -1 ? rest.end : rest.start + at)];
}

/** `lint/safety/banDropColumn: reason`: the last part is squawk's id in camel case; a group stands for everything. */
function languageServerIds(text: string, rest: Span): WrittenId[] | null {
  const ids = idsBefore(text, rest, ":");
  const names = ids.map(({ id, ...span }) => ({ id: id.split("/"), ...span }));
  if (names.some(({ id }) => id[0] === "lint" && id.length < 3)) return null;
  return names.map(({ id, ...span }) => ({ id: toKebab(id[id.length - 1] ?? ""), ...span }));
}

function toKebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
