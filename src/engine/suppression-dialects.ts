import type { Span } from "../text/span.ts";
import { type Directive, type WrittenId, words } from "./suppression-directive.ts";

/**
 * Atlas's analyzers and checks that say what a rule here says (https://atlasgo.io/lint/analyzers). The others map to nothing: MF101,
 * MF102 and MF104 are about rows that may stand in the way, and say nothing of the lock that is held while the server looks.
 */
const atlasRules: ReadonlyMap<string, readonly string[]> = new Map([
  ["DS101", ["drop-table"]],
  ["DS102", ["drop-table"]],
  ["DS103", ["drop-column"]],
  ["destructive", ["drop-table", "drop-column"]],
  ["MF101", ["new-constraint-on-written-column"]],
  ["MF102", ["new-constraint-on-written-column"]],
  ["MF103", ["required-column"]],
  ["data_depend", ["new-constraint-on-written-column", "required-column"]],
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
  ["PG104", ["constraint-builds-index"]],
  ["PG105", ["constraint-builds-index"]],
  ["PG301", ["column-type-change"]],
  ["PG302", ["volatile-default"]],
  ["PG303", ["not-null-scan"]],
  ["PG304", ["primary-key-on-nullable-column"]],
  ["PG305", ["check-without-not-valid"]],
]);

/**
 * Rules of postgres-language-server that squawk does not have by this name (https://pg-language-server.com/latest/reference/rules/).
 * It calls some of them otherwise than it did.
 */
const languageServerRules: ReadonlyMap<string, readonly string[]> = new Map([
  ["add-serial-column", ["self-filling-column", "generated-column"]],
  ["adding-not-null-field", ["not-null-scan"]],
  ["adding-primary-key-constraint", ["constraint-builds-index", "primary-key-on-nullable-column"]],
  ["avoid-adding-exclusion-constraint", ["exclusion-constraint"]],
  ["avoid-attaching-partition", ["attach-partition-scan"]],
  ["ban-add-exclusion-constraint", ["exclusion-constraint"]],
  ["ban-attach-partition", ["attach-partition-scan"]],
  ["ban-blocking-refresh-matview", ["refresh-without-concurrently"]],
  ["ban-delete-without-where", ["unbounded-update"]],
  ["ban-drop-schema", ["drop-table"]],
  ["ban-not-valid-validate-same-transaction", ["validate-in-same-transaction"]],
  ["ban-truncate", ["truncate"]],
  ["ban-update-without-where", ["unbounded-update"]],
  ["ban-vacuum-full", ["vacuum-full"]],
  ["creating-enum", ["enum-type"]],
  ["disallow-unique-constraint", ["constraint-builds-index"]],
  ["lock-timeout-warning", ["missing-lock-timeout"]],
  ["prefer-big-int", ["int-primary-key"]],
  ["prefer-jsonb", ["json-column"]],
  ["require-concurrent-detach-partition", ["detach-partition-without-concurrently"]],
  ["require-concurrent-refresh-matview", ["refresh-without-concurrently"]],
  ["require-separate-constraint-validation", ["validate-in-same-transaction"]],
  ["running-statement-while-holding-access-exclusive", ["work-under-strong-lock"]],
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
      return foreign("header", ids.length === 0 ? null : translated(ids, atlasRules));
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
  const kebab = names.map(({ id, ...span }) => ({ id: toKebab(id[id.length - 1] ?? ""), ...span }));
  return kebab.flatMap((one) =>
    languageServerRules.has(one.id) ? translated([one], languageServerRules) : one,
  );
}

function translated(ids: readonly WrittenId[], rules: ReadonlyMap<string, readonly string[]>): WrittenId[] {
  return ids.flatMap(({ id, ...span }) => (rules.get(id) ?? []).map((rule) => ({ id: rule, ...span })));
}

function toKebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
