import type { Database } from "./database.ts";

/** What a database looks like to those who use it, a line for each thing, sorted; the order of columns does not count. */
export const CATALOGUE = `
WITH ours AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
SELECT line FROM (
  SELECT format('column %I.%I.%I %s%s%s%s%s%s%s%s%s%s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN ' not null' END, ' default ' || pg_get_expr(d.adbin, d.adrelid), ' generated ' || nullif(a.attgenerated::text, ''),
    ' identity ' || nullif(a.attidentity::text, ''), ' collate ' || (SELECT collname FROM pg_collation WHERE oid = nullif(a.attcollation, 100)),
    ' comment ' || col_description(a.attrelid, a.attnum), ' statistics ' || nullif(greatest(a.attstattarget::integer, -1), -1),
    ' storage ' || a.attstorage::text, ' options ' || a.attoptions::text) AS line
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN ours n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION ALL
  SELECT format('constraint %s %I %s%s%s', conrelid::regclass, conname, pg_get_constraintdef(oid), CASE WHEN convalidated THEN '' ELSE ' (not valid)' END,
    ' comment ' || obj_description(oid, 'pg_constraint'))
  FROM pg_constraint WHERE conrelid <> 0 AND connamespace IN (SELECT oid FROM ours)
  UNION ALL
  SELECT format('index %s%s%s', pg_get_indexdef(i.indexrelid), CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END, ' comment ' || obj_description(i.indexrelid, 'pg_class'))
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace IN (SELECT oid FROM ours)
  UNION ALL
  SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL
  SELECT format('function %s', oid::regprocedure) FROM pg_proc WHERE pronamespace IN (SELECT oid FROM ours)
  UNION ALL
  SELECT format('%s %I.%I%s', CASE relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' ELSE 'relation ' || relkind::text END, n.nspname, relname,
    ' ' || relpersistence::text || coalesce(' of ' || (SELECT refobjid::regclass || ' ' || (SELECT attname FROM pg_attribute WHERE attrelid = refobjid AND attnum = refobjsubid)
      FROM pg_depend WHERE objid = c.oid AND classid = 'pg_class'::regclass AND refobjsubid > 0 AND c.relkind = 'S' AND deptype IN ('a', 'i') LIMIT 1), '') || coalesce(' ' || pg_get_expr(c.relpartbound, c.oid), ''))
  FROM pg_class c JOIN ours n ON n.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  UNION ALL
  SELECT format('enum %s %s', enumtypid::regtype, string_agg(enumlabel, ',' ORDER BY enumsortorder)) FROM pg_enum GROUP BY enumtypid
) AS all_lines ORDER BY line COLLATE "C"`;

export async function readCatalogue(database: Database): Promise<string[]> {
  return (await database.rows<{ line: string }>(CATALOGUE)).map(({ line }) => line);
}

/** The rows of each table as objects by column, sorted; values by chance only as being there or not. */
export async function readRows(
  database: Database,
  chance: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables = await database.rows<{ name: string }>(
    `SELECT format('%I.%I', nspname, relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE relkind IN ('r', 'm') AND nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1`,
  );
  const names = chance.map((name) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name));
  const all: Record<string, readonly string[]> = {};
  for (const { name } of tables) {
    const rows = await database.rows<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM ${name} AS t`,
    );
    all[name] = rows
      .map(({ row }) => {
        for (const column of names) if (column in row) row[column] = row[column] !== null;
        return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
      })
      .sort();
  }
  return all;
}

/** Back to an empty database. */
export const CLEAN = `
DO $clean$
DECLARE one record;
BEGIN
  FOR one IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', one.nspname);
  END LOOP;
  CREATE SCHEMA public;
END $clean$;
RESET ALL;`;
