import { tokenize } from "../../src/sql/tokens.ts";
import type { Random } from "../fuzz/random.ts";
import { allKeywords } from "./keywords.ts";

const keywords = allKeywords();

/** Marks, operators, literals and short phrases: what may make another statement of one, or none. */
const others = (
  "( ) [ ] , ; . : :: := => + - * / % ^ < > = <= >= <> != || -> ~ && ! 'a' 'it''s' 1 0 007 1.5 1e5 .5 2147483648 $1 $$x$$ E'a\\nb' " +
  "B'01' X'1F' N'x' U&'a' \"Q\" foo s.t t.* 0x1F 1_000 '' \"none\" \"char\" pg_catalog.int4"
)
  .split(" ")
  .concat(
    "((select 1))|(select 1) union (select 2)|(a join b on c)|variadic a|trim(both a from b)|is null|is not distinct from|not in (1)|(select 1)|(a, b)|array[1]|[1]|interval '1 day'|date '2020-01-01'|at time zone 'utc'".split(
      "|",
    ),
    "collate x|with time zone|nulls first|on conflict do nothing|not valid|not deferrable|initially deferred|limit 1".split(
      "|",
    ),
    "order by a desc|for update|as x|union all select 1|cascade|if exists|if not exists|only|= any (array[1])|not like b".split(
      "|",
    ),
    "::int|::varchar(10)|int[]|character varying(3)|with ordinality|using btree|default 1|references t(a)|double precision".split(
      "|",
    ),
    "over (partition by a)|filter (where a)|escape '!'|between 1 and 2|case when a then b end|exists (select 1)".split(
      "|",
    ),
  );

/** The texts of the tokens of a statement, without comments. */
export function tokenTexts(sql: string): string[] {
  return tokenize(sql)
    .filter(({ kind }) => kind !== "comment" && kind !== "meta")
    .map(({ start, end }) => sql.slice(start, end));
}

/** The statement with one to three of its tokens gone, doubled, swapped or replaced; `all` are statements to borrow from. */
export function editTokens(
  tokens: readonly string[],
  all: readonly (readonly string[])[],
  random: Random,
): string {
  const edited = [...tokens];
  const edits = 1 + (random.oneIn(3) ? random.below(3) : 0);
  for (let edit = 0; edit < edits; edit++) editOnce(edited, all, random);
  return edited.join(random.oneIn(10) ? "/**/" : " ");
}

function editOnce(tokens: string[], all: readonly (readonly string[])[], random: Random): void {
  const at = random.below(tokens.length + 1);
  const here = tokens[at] ?? "x";
  switch (random.below(7)) {
    case 0:
      tokens.splice(at, 1);
      return;
    case 1:
      tokens.splice(at, 0, here);
      return;
    case 2: {
      const other = random.below(tokens.length + 1);
      tokens.splice(at, 1, tokens[other] ?? "x");
      tokens.splice(other, 1, here);
      return;
    }
    case 3: {
      const borrowed = random.pick(all);
      const from = random.below(borrowed.length);
      tokens.splice(at, random.below(3), ...borrowed.slice(from, from + 1 + random.below(6)));
      return;
    }
    default:
      tokens.splice(at, random.below(2), random.pick(random.oneIn(2) ? keywords : others));
  }
}
