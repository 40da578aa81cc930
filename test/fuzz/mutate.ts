import { splitStatements } from "../../src/sql/split.ts";
import { tokenize } from "../../src/sql/tokens.ts";
import type { Random } from "./random.ts";

/** What lexers, parsers and reporters trip over. */
const troubles = [
  "'",
  '"',
  "$$",
  "$a$",
  "$1",
  "--",
  "/*",
  "*/",
  "(",
  ")",
  "[",
  "]",
  ",",
  ";",
  ".",
  "..",
  "::",
  ":=",
  ":x",
  ":'x'",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders look so.
  "${x}",
  "{{ x }}",
  "\\",
  "\\.",
  "\\;",
  "\\gexec\n",
  "\\copy t from stdin\n",
  "COPY t FROM stdin;\n1\n\\.\n",
  "E'\\'",
  'U&"\\0041"',
  'U&"\\D800"',
  "U&'\\+110000'",
  "B'2'",
  "1.5e",
  "0x",
  "1_000",
  "\0",
  "\ufeff",
  "\r",
  "\r\n",
  "\n",
  "\t",
  "\u0085",
  "\u2028",
  "\u202e",
  "\u001b[31m",
  "\u009b31m",
  "\ud800",
  "\udfff",
  "🐘",
  "é",
  "BEGIN",
  "BEGIN ATOMIC",
  "END",
  "CASE",
  "COMMIT",
  "ROLLBACK",
  "SAVEPOINT s",
  "ROLLBACK TO s",
  "NULL",
  "DEFAULT",
  "CONCURRENTLY",
  "IF EXISTS",
  "IF NOT EXISTS",
  "CASCADE",
  "ONLY",
  "*",
  "NOT VALID",
  "USING",
  "PARTITION OF",
  "public.",
  "pg_catalog.",
  '""',
  "__proto__",
  "constructor",
  "toString",
  "-- lockwise-ignore index-without-concurrently -- because\n",
  "-- lockwise-ignore-file syntax-error\n",
  "-- lockwise-ignore\n",
  "-- squawk-ignore prefer-text-field\n",
  "-- atlas:nolint\n\n",
  "-- pgls-ignore-start lint/safety/banDropColumn: x\n",
  "-- pgls-ignore-end lint/safety/banDropColumn: x\n",
  "-- +goose Up\n",
  "-- +goose Down\n",
  "-- +goose StatementBegin\n",
  "-- migrate:up transaction:false\n",
  "--changeset a:1 runInTransaction:false\n",
  "--> statement-breakpoint\n",
  "SET lock_timeout = '1s';",
  "99999999999999999999999999",
  "-1",
];

/** A text to try, made from real ones. Most are broken somewhere, and many are nearly right. */
export function mutate(seeds: readonly string[], random: Random): string {
  let text = random.oneIn(40) ? rubbish(random) : random.pick(seeds);
  for (let times = random.below(4); times > 0; times--) text = `${text}${joint(random)}${random.pick(seeds)}`;
  const changes = random.oneIn(8) ? 0 : 1 + random.below(6);
  for (let k = 0; k < changes; k++) text = changeOnce(text, seeds, random);
  return text.length > 60_000 ? text.slice(0, 60_000) : text;
}

function joint(random: Random): string {
  return random.pick([";\n", ";\n", ";\n", ";", "\n", " ", ";;", "; -- x\n"]);
}

function changeOnce(text: string, seeds: readonly string[], random: Random): string {
  switch (random.below(12)) {
    case 0:
      return insert(text, random.pick(troubles), random);
    case 1: {
      const at = random.below(text.length + 1);
      return text.slice(0, at) + text.slice(at + 1 + random.below(random.oneIn(5) ? 200 : 4));
    }
    case 2:
      return insert(text, String.fromCharCode(random.below(random.oneIn(3) ? 65536 : 128)), random);
    case 3:
      return flipByte(text, random);
    case 4:
      return text.slice(0, random.below(text.length + 1));
    case 5:
      return shuffleStatements(text, random);
    case 6: {
      const from = random.below(text.length + 1);
      const piece = text.slice(from, from + random.below(60));
      return insert(text, piece.repeat(1 + random.below(4)), random);
    }
    default:
      return changeTokens(text, seeds, random);
  }
}

function insert(text: string, piece: string, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at);
}

/** Changes one bit of the text's UTF-8, and reads it again as tools do that do not look too closely. */
function flipByte(text: string, random: Random): string {
  const bytes = Buffer.from(text.slice(0, 20_000), "utf8");
  if (bytes.length === 0) return text;
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return bytes.toString(random.oneIn(4) ? "latin1" : "utf8");
}

function shuffleStatements(text: string, random: Random): string {
  const parts = splitStatements(text).statements.map(({ start, end }) => text.slice(start, end));
  for (let k = parts.length - 1; k > 0; k--) {
    const other = random.below(k + 1);
    const held = parts[k] ?? "";
    parts[k] = parts[other] ?? "";
    parts[other] = held;
  }
  if (random.oneIn(2) && parts.length > 0) parts.push(random.pick(parts));
  return parts.join(";\n");
}

/** Drops, doubles, swaps or replaces a token: what comes out often still parses. */
function changeTokens(text: string, seeds: readonly string[], random: Random): string {
  const tokens = tokenize(text);
  if (tokens.length === 0) return text;
  const index = random.below(tokens.length);
  const token = tokens[index] ?? { start: 0, end: 0 };
  const before = text.slice(0, token.start);
  const own = text.slice(token.start, token.end);
  const after = text.slice(token.end);
  switch (random.below(6)) {
    case 0:
      return before + after;
    case 1:
      return `${before}${own} ${own}${after}`;
    case 2: {
      const next = tokens[index + 1];
      if (next === undefined) return before + after;
      return `${before}${text.slice(next.start, next.end)} ${own}${text.slice(next.end)}`;
    }
    case 3:
      return `${before}${random.pick(troubles)}${after}`;
    default: {
      // A word for a word: mostly of the same text, so that names meet.
      const other = random.oneIn(3) ? random.pick(seeds) : text;
      const others = tokenize(other).filter(({ kind }) => kind === (token as { kind?: string }).kind);
      if (others.length === 0) return before + after;
      const chosen = random.pick(others);
      return `${before}${other.slice(chosen.start, chosen.end)}${after}`;
    }
  }
}

/** Bytes and pieces without any sense. */
export function rubbish(random: Random): string {
  const size = random.below(random.oneIn(20) ? 4000 : 120);
  let text = "";
  for (let k = 0; k < size; k++) {
    if (random.oneIn(3)) text += random.pick(troubles);
    else text += String.fromCharCode(random.below(random.oneIn(4) ? 65536 : 256));
  }
  return text;
}
