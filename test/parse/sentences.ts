import type { Parts } from "../../src/parse/fast-path/synopsis.ts";
import type { Random } from "../fuzz/random.ts";

/** What stands for the forms that no synopsis describes. */
const samples: Readonly<Record<string, readonly string[]>> = {
  name: [
    "a",
    "b",
    '"Q"',
    "name",
    "type",
    "if",
    "to_date",
    "values",
    "left_",
    "cascade",
    "set",
    "nulls",
    "time",
  ],
  label: ["a", "select", '"x"', "order"],
  function: ["f", "left", "name", '"F"', "zone"],
  plain: ["a", "int", "left", "public", '"x"'],
  string: ["'a'", "'it''s'", "$$x$$", "E'a\\n'"],
  integer: ["0", "1", "42"],
  float: ["1.5", "1e3", "99999999999"],
  expr: ["1", "a = 1", "a AND NOT b OR c", "f(a)", "a IS NULL", "(a, b) IN (SELECT 1)", "now()", "DEFAULT"],
  bexpr: [
    "1",
    "-1",
    "'a'::text",
    "now()",
    "a + 1",
    "CURRENT_DATE",
    "a IS DISTINCT FROM b",
    "NULL",
    "(a AND b)",
  ],
  call: ["f(a)", "lower((a))", "s.f(a, b)", "coalesce(a, b)", "cast(a AS text)"],
  query: [
    "SELECT 1",
    "VALUES (1), (2)",
    "SELECT a FROM t WHERE b LIMIT 1",
    "WITH x AS (SELECT 1) SELECT * FROM x",
  ],
  type: [
    "int",
    "text[]",
    "numeric(10, 2)",
    "timestamp with time zone",
    "varchar(3)",
    "s.t",
    "double precision",
  ],
  function_type: ["int", "SETOF text", "s.t", "t.a%TYPE", "double precision", "x"],
  direction: ["", "ASC", "DESC NULLS LAST", "NULLS FIRST"],
  any_name: ["t", "s.t", '"S"."T"', "d.s.t", "if", "only_", "time", "s.select"],
  type_name: ["t", "s.t", "name"],
  function_name: ["f", "s.f", "left"],
  role: ["r", "public", "CURRENT_USER", '"R"', "SESSION_USER"],
  trigger_events: ["INSERT", "UPDATE OF a, b OR DELETE", "TRUNCATE"],
  permissiveness: ["PERMISSIVE", "restrictive"],
  strategy: ["LIST", "range", "hash"],
  with: ["WITH x AS (SELECT 1)", "WITH RECURSIVE x (a) AS NOT MATERIALIZED (VALUES (1)), y AS (SELECT 2)"],
  sources: ["t", "t a, u AS b", "t JOIN u ON a = b", "f(1) AS x (a)", "(SELECT 1) x"],
  targets: ["*", "a, b AS c", "a b"],
  bare_alias: ["", "x", "cascade"],
  any_operator: ["=", "&&", "<>"],
  empty: [""],
};

/** A sentence that a synopsis allows: whatever may be left out, chosen or repeated is left to chance. */
export function sentence(synopsis: string, parts: Parts, random: Random): string {
  const words = synopsis.split(/\s+/).filter((each) => each !== "");
  let at = 0;
  const choice = (): (() => string) => {
    const choices = [sequence()];
    while (words[at] === "|") {
      at++;
      choices.push(sequence());
    }
    return () => random.pick(choices)();
  };
  const sequence = (): (() => string) => {
    const steps: (() => string)[] = [];
    for (let next = words[at]; next !== undefined && !/^[|\]}]/.test(next); next = words[at]) {
      at++;
      steps.push(step(next));
    }
    return () => steps.map((each) => each()).join(" ");
  };
  const step = (next: string): (() => string) => {
    if (next === "[" || next === "{") {
      const inner = choice();
      const end = words[at++];
      if (next === "[") return () => (random.oneIn(2) ? inner() : "");
      if (end === "}*") return () => many(inner, 0, " ");
      return end === "},..." ? () => many(inner, 1, ", ") : inner;
    }
    if (next !== next.toLowerCase() || next.length === 1) return () => next;
    const isList = next.endsWith(",...");
    const name = (isList ? next.slice(0, -4) : next).replace("unheard_", "");
    const one = () => part(name);
    return isList ? () => many(one, 1, ", ") : one;
  };
  const many = (inner: () => string, least: number, between: string) => {
    const count = least + random.below(3 - least);
    return Array.from({ length: count }, inner).join(between);
  };
  const part = (name: string): string => {
    const sample = samples[name];
    if (sample !== undefined) return random.pick(sample);
    const found = parts.get(name);
    if (typeof found !== "string") throw new Error(`nothing stands for ${name}`);
    return sentence(found, parts, random);
  };
  return choice()();
}
