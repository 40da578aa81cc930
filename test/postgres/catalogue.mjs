/**
 * Asks real servers for the facts that the linter keeps as tables, and writes them to catalogue/*.json.
 *
 *   node test/postgres/catalogue.mjs
 *
 * functions.json: volatility by name. types.json: names and aliases. casts.json: what ALTER COLUMN ... TYPE does from each
 * type to each. settings.json: those that no session can change, on any of them. All for the majors 12 to 18; where these
 * differ, it says which range.
 */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MAJORS } from "./cases.mjs";
import { foldCasts, measureCasts } from "./casts.mjs";
import { openSession } from "./run.mjs";
import { startServer } from "./server.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** Functions that a person can call: nothing that takes or returns what only the server can pass around. */
const FUNCTIONS = `
SELECT p.proname AS name, p.provolatile AS volatility, e.extname AS extension,
  CASE WHEN p.provariadic <> 0 THEN -1 ELSE p.pronargs END::int AS most, (p.pronargs - p.pronargdefaults)::int AS least,
  ARRAY(SELECT t::regtype::text FROM unnest(p.proargtypes) t) AS types
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
LEFT JOIN pg_extension e ON e.oid = d.refobjid
WHERE p.prokind = 'f' AND p.proname !~ '^binary_upgrade_' AND (n.nspname = 'pg_catalog' OR e.oid IS NOT NULL)
  AND NOT EXISTS (SELECT FROM unnest(p.proargtypes || p.prorettype) t
    WHERE t IN ('internal'::regtype, 'trigger'::regtype, 'event_trigger'::regtype, 'cstring'::regtype, 'language_handler'::regtype))
ORDER BY 1, types`;

const EXTENSIONS = [
  "btree_gin",
  "btree_gist",
  "citext",
  "cube",
  "earthdistance",
  "fuzzystrmatch",
  "hstore",
  "intarray",
  "isn",
  "lo",
  "ltree",
  "pg_trgm",
  "pgcrypto",
  "seg",
  "tablefunc",
  "unaccent",
  "uuid-ossp",
  "xml2",
];

const VOLATILITY = { i: "immutable", s: "stable", v: "volatile" };

async function readFunctions(session) {
  const loaded = [];
  for (const name of EXTENSIONS) {
    const worked = await session.query(`CREATE EXTENSION IF NOT EXISTS "${name}" SCHEMA public CASCADE`).then(
      () => true,
      () => false,
    );
    if (worked) loaded.push(name);
  }
  const missing = EXTENSIONS.filter((name) => !loaded.includes(name));
  if (missing.length > 0) console.log(`not loadable: ${missing.join(", ")}`);
  return session.query(FUNCTIONS);
}

/** Overloads of one name on one server as short as they can be said: one word, or by number of arguments, or by types. */
function describeOverloads(overloads) {
  const words = new Set(overloads.map((one) => VOLATILITY[one.volatility]));
  if (words.size === 1) return [...words][0];
  const byCount = {};
  for (const one of overloads) {
    const key =
      one.most < 0 ? `${one.least}+` : one.least === one.most ? `${one.most}` : `${one.least}-${one.most}`;
    byCount[key] = [...(byCount[key] ?? []), one];
  }
  return Object.fromEntries(
    Object.entries(byCount).flatMap(([key, same]) => {
      const kinds = new Set(same.map((one) => VOLATILITY[one.volatility]));
      if (kinds.size === 1) return [[key, [...kinds][0]]];
      return same.map((one) => [one.types.join(", "), VOLATILITY[one.volatility]]);
    }),
  );
}

const groupBy = (rows, key) => {
  const groups = new Map();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
};

/** `{ "12": x, "13": y, ... }` -> `{ "12": x, "13-18": y }` */
function foldMajors(byMajor) {
  const ranges = [];
  for (const major of MAJORS) {
    if (!(major in byMajor)) continue;
    const text = JSON.stringify(byMajor[major]);
    const last = ranges.at(-1);
    if (last && last.text === text && MAJORS.indexOf(last.to) + 1 === MAJORS.indexOf(major)) last.to = major;
    else ranges.push({ from: major, to: major, text });
  }
  return Object.fromEntries(
    ranges.map(({ from, to, text }) => [from === to ? from : `${from}-${to}`, JSON.parse(text)]),
  );
}

function foldFunctions(byMajor, extension) {
  const names = {};
  for (const major of MAJORS) {
    const rows = byMajor[major].filter((row) => (row.extension ?? null) === extension);
    for (const [name, overloads] of groupBy(rows, (row) => row.name)) {
      names[name] ??= {};
      names[name][major] = describeOverloads(overloads);
    }
  }
  const result = { immutable: [], stable: [], volatile: [], overloads: {}, byVersion: {}, versions: {} };
  for (const name of Object.keys(names).sort()) {
    const ranges = foldMajors(names[name]);
    const kinds = new Set(Object.values(ranges).map((value) => JSON.stringify(value)));
    const majors = Object.keys(names[name]);
    if (majors.length < MAJORS.length)
      result.versions[name] = Object.keys(foldMajors(Object.fromEntries(majors.map((one) => [one, 1]))))[0];
    if (kinds.size > 1) result.byVersion[name] = ranges;
    else {
      const only = Object.values(ranges)[0];
      if (typeof only === "string") result[only].push(name);
      else result.overloads[name] = only;
    }
  }
  return result;
}

const TYPES = `
SELECT typname AS name FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname = 'pg_catalog' AND typtype IN ('b', 'r', 'm') AND typelem = 0 AND typrelid = 0
UNION SELECT typname FROM pg_type WHERE oid IN ('point'::regtype, 'lseg'::regtype, 'box'::regtype, 'line'::regtype, 'name'::regtype,
  'int2vector'::regtype, 'oidvector'::regtype)
ORDER BY 1`;

/** Spellings that the grammar knows and pg_type does not. */
const SPELLINGS = [
  "bigint",
  "bit varying",
  "boolean",
  "char",
  "char varying",
  "character",
  "character varying",
  "dec",
  "decimal",
  "double precision",
  "float",
  "float(24)",
  "float(25)",
  "int",
  "integer",
  "national char",
  "national char varying",
  "national character",
  "national character varying",
  "nchar",
  "nchar varying",
  "real",
  "smallint",
  "time with time zone",
  "time without time zone",
  "timestamp with time zone",
  "timestamp without time zone",
];

async function readTypes(session) {
  const aliases = {};
  for (const spelling of SPELLINGS) {
    const rows = await session.query(
      `SELECT typname AS name FROM pg_type WHERE oid = pg_typeof(NULL::${spelling})`,
    );
    aliases[spelling] = rows[0].name;
  }
  const btree =
    await session.query(`SELECT DISTINCT typname AS name FROM pg_opclass c JOIN pg_type t ON t.oid = c.opcintype
    WHERE c.opcdefault AND c.opcmethod = (SELECT oid FROM pg_am WHERE amname = 'btree') ORDER BY 1`);
  return {
    names: (await session.query(TYPES)).map((row) => row.name),
    aliases,
    btree: btree.map((row) => row.name),
  };
}

function foldTypes(byMajor) {
  const all = [...new Set(MAJORS.flatMap((major) => byMajor[major].names))].sort();
  const versions = {};
  for (const name of all) {
    const majors = MAJORS.filter((major) => byMajor[major].names.includes(name));
    if (majors.length < MAJORS.length) versions[name] = `${majors[0]}-${majors.at(-1)}`;
  }
  return { names: all, versions, aliases: byMajor["18"].aliases, btree: byMajor["18"].btree };
}

/** The settings that SET refuses, whoever asks and whatever the value. */
async function readSettings(session) {
  const refused = [];
  for (const { name } of await session.query("SELECT name FROM pg_settings ORDER BY name")) {
    const code = await session.query(`SET "${name}" TO DEFAULT`).then(
      () => null,
      (error) => error.code,
    );
    if (code === "55P02") refused.push(name);
  }
  return refused;
}

/** JSON with one key of the first two levels a line: readable in a diff, and not long. */
function renderJson(value, depth = 2) {
  if (depth === 0 || value === null || typeof value !== "object" || Array.isArray(value))
    return JSON.stringify(value);
  const lines = Object.entries(value).map(
    ([key, inner]) => `${JSON.stringify(key)}: ${renderJson(inner, depth - 1)}`,
  );
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n}`;
}

const functions = {};
const types = {};
const casts = {};
const settings = {};
const servers = {};
for (const major of MAJORS) {
  const server = await startServer(major);
  try {
    servers[major] = server.version;
    const session = await openSession(server);
    types[major] = await readTypes(session);
    functions[major] = await readFunctions(session);
    settings[major] = await readSettings(session);
    const started = Date.now();
    casts[major] = await measureCasts(session);
    console.log(
      `PostgreSQL ${server.version}: ${functions[major].length} functions, casts in ${Date.now() - started} ms`,
    );
    await session.end();
  } finally {
    await server.stop();
  }
}
const write = (name, value) =>
  writeFileSync(
    join(here, "catalogue", name),
    `${renderJson({ servers: JSON.parse(JSON.stringify(servers)), ...value })}\n`,
  );
const extensions = Object.fromEntries(EXTENSIONS.map((name) => [name, foldFunctions(functions, name)]));
write("functions.json", { ...foldFunctions(functions, null), extensions });
write("types.json", foldTypes(types));
write("casts.json", foldCasts(casts));
const [first, ...others] = MAJORS.map((major) => settings[major]);
write("settings.json", { fixed: first.filter((name) => others.every((names) => names.includes(name))) });
