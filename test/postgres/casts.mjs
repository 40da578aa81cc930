/**
 * ALTER COLUMN ... TYPE from each type to each, on empty tables: what the server decides does not depend on rows.
 *
 * The loop runs inside the server: each try in a block that is undone by an exception, which carries the outcome.
 */
import { MAJORS } from "./cases.mjs";

/** As people write them. */
export const TYPES = [
  "smallint",
  "int",
  "bigint",
  "numeric",
  "numeric(10,2)",
  "numeric(12,2)",
  "numeric(12,4)",
  "numeric(10,0)",
  "real",
  "double precision",
  "boolean",
  "text",
  "varchar",
  "varchar(10)",
  "varchar(20)",
  "char(10)",
  "char(20)",
  "bpchar",
  "name",
  "citext",
  "bytea",
  "uuid",
  "json",
  "jsonb",
  "xml",
  "hstore",
  "date",
  "time",
  "time(3)",
  "timetz",
  "timetz(3)",
  "timestamp",
  "timestamp(3)",
  "timestamptz",
  "timestamptz(3)",
  "interval",
  "interval(3)",
  "inet",
  "cidr",
  "macaddr",
  "macaddr8",
  "bit(8)",
  "bit(16)",
  "varbit(8)",
  "varbit(16)",
  "varbit",
  "oid",
  "regclass",
  "money",
  "mood",
  "mood2",
  "int[]",
  "bigint[]",
  "text[]",
  "varchar[]",
  "varchar(10)[]",
  "varchar(20)[]",
  "numeric(10,2)[]",
  "numeric[]",
  "text_domain",
  "text_domain_checked",
  "varchar_domain",
  "int_domain",
  "int_domain_checked",
  "int4range",
  "int8range",
  "tsrange",
  "tstzrange",
  "tsvector",
  "point",
];

const TIME_TYPES = TYPES.filter((type) => /^(date|time)/.test(type) || /^ts\w*range$/.test(type));

const PREPARE = `
CREATE SCHEMA casts;
SET search_path = casts, public;
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TYPE mood2 AS ENUM ('a', 'b', 'c');
CREATE DOMAIN text_domain AS text;
CREATE DOMAIN text_domain_checked AS text CHECK (VALUE <> '');
CREATE DOMAIN varchar_domain AS varchar(10);
CREATE DOMAIN int_domain AS int;
CREATE DOMAIN int_domain_checked AS int CHECK (VALUE > 0);

-- How ALTER COLUMN ... TYPE ends: 'none', 'rewrite', 'index' or an SQLSTATE.
CREATE FUNCTION try_cast(source text, target text, suffix text, with_index boolean) RETURNS text LANGUAGE plpgsql AS $try$
DECLARE
  result text;
  table_before oid;
  index_before oid;
BEGIN
  EXECUTE format('CREATE TABLE tried (id int, c %s)', source);
  IF with_index THEN
    CREATE INDEX tried_c ON tried (c);
    index_before := pg_relation_filenode(to_regclass('tried_c'));
  END IF;
  table_before := pg_relation_filenode(to_regclass('tried'));
  EXECUTE format('ALTER TABLE tried ALTER COLUMN c TYPE %s %s', target, suffix);
  IF pg_relation_filenode(to_regclass('tried')) <> table_before THEN result := 'rewrite';
  ELSIF with_index AND pg_relation_filenode(to_regclass('tried_c')) <> index_before THEN result := 'index';
  ELSE result := 'none';
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'ZZ999', MESSAGE = result;
EXCEPTION
  WHEN SQLSTATE 'ZZ999' THEN RETURN SQLERRM;
  WHEN OTHERS THEN RETURN SQLSTATE;
END $try$;

CREATE FUNCTION try_using(source text, target text, suffix text, has_index boolean) RETURNS text LANGUAGE plpgsql AS $try$
DECLARE result text := casts.try_cast(source, target, suffix, false);
BEGIN
  IF result = 'none' AND has_index THEN RETURN casts.try_cast(source, target, suffix, true); END IF;
  RETURN result;
END $try$;`;

const list = (words) => `ARRAY[${words.map((word) => `'${word}'`).join(", ")}]::text[]`;

/** For each pair: outcome without USING, with `USING c`, with `USING c::target`, in UTC; and again in Europe/Berlin. */
export async function measureCasts(session) {
  await session.query(PREPARE);
  const outcomes = {};
  const indexed = [];
  for (const type of TYPES) {
    const result = await session.query(`SELECT try_cast('${type}', '${type}', '', true) AS r`);
    if (result[0].r === "none") indexed.push(type);
  }
  for (const [zone, types] of [
    ["UTC", TYPES],
    ["Europe/Berlin", TIME_TYPES],
  ]) {
    await session.query(`SET TimeZone = '${zone}'`);
    for (const source of types) {
      const rows = await session.query(`
        SELECT target, try_using('${source}', target, '', ${indexed.includes(source)}) AS plain,
          try_using('${source}', target, 'USING c', ${indexed.includes(source)}) AS same,
          try_using('${source}', target, 'USING c::' || target, ${indexed.includes(source)}) AS explicit
        FROM unnest(${list(types)}) WITH ORDINALITY AS t (target, at) ORDER BY at`);
      for (const row of rows)
        outcomes[`${zone} ${source} -> ${row.target}`] = [row.plain, row.same, row.explicit];
    }
  }
  return { outcomes, indexed };
}

/**
 * What is left to say when everything not listed is a table rewrite: `none` (no rewrite, a plain btree index is kept),
 * `index` (no rewrite, a btree index on the column is rebuilt), `needsUsing` (42804 without USING; a rewrite with
 * `USING c::type`), `impossible` (fails with it too). `exceptions`: pairs of which versions, time zones or spellings of USING
 * differ, `[source, target, { range: { zone?: [plain, USING c, USING c::type] } }]`.
 */
export function foldCasts(byMajor) {
  const result = { types: TYPES, none: {}, index: {}, needsUsing: {}, impossible: {}, exceptions: [] };
  const put = (kind, source, target) => {
    result[kind][source] = [...(result[kind][source] ?? []), target];
  };
  for (const source of TYPES) {
    for (const target of TYPES) {
      const tries = MAJORS.map((major) => {
        const utc = byMajor[major].outcomes[`UTC ${source} -> ${target}`];
        const berlin = byMajor[major].outcomes[`Europe/Berlin ${source} -> ${target}`];
        return !berlin || berlin.join() === utc.join() ? { UTC: utc } : { UTC: utc, "Europe/Berlin": berlin };
      });
      const [plain, same, explicit] = tries[0].UTC;
      const isEven =
        tries.every((one) => JSON.stringify(one) === JSON.stringify(tries[0])) &&
        !("Europe/Berlin" in tries[0]);
      if (isEven && plain === same && plain === explicit && ["none", "index"].includes(plain))
        put(plain, source, target);
      else if (isEven && plain === "rewrite" && same === "rewrite" && explicit === "rewrite") continue;
      else if (isEven && plain === "42804" && same === "42804" && explicit === "rewrite")
        put("needsUsing", source, target);
      else if (isEven && plain === "42804" && same === "42804" && explicit === "42846")
        put("impossible", source, target);
      else result.exceptions.push([source, target, foldTries(tries)]);
    }
  }
  return result;
}

function foldTries(tries) {
  const ranges = [];
  for (const [at, one] of tries.entries()) {
    const last = ranges.at(-1);
    if (last && JSON.stringify(last.one) === JSON.stringify(one)) last.to = MAJORS[at];
    else ranges.push({ from: MAJORS[at], to: MAJORS[at], one });
  }
  return Object.fromEntries(ranges.map(({ from, to, one }) => [from === to ? from : `${from}-${to}`, one]));
}
