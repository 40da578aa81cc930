import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";

/** What the catalogues of PGlite say after each script, for tests that have no server. */
export const recorded = join(import.meta.dirname, "../postgres/catalogue/schemas.json");

/** What a schema holds, in a form in which the fold and a server's catalogues can be compared. */
export interface Inventory {
  readonly tables: Record<string, TableLines>;
  readonly indexes: Record<string, string>;
  readonly views: Record<string, readonly string[]>;
  readonly sequences: Record<string, string>;
  readonly types: Record<string, string>;
}

export interface TableLines {
  readonly kind: string;
  readonly columns: readonly string[];
  readonly constraints: readonly string[];
  readonly parents: readonly string[];
  readonly parts: readonly string[];
}

const tablesSql = `
  SELECT n.nspname || '.' || c.relname AS name,
    CASE WHEN c.relkind = 'p' THEN 'partitioned ' ELSE '' END
      || CASE c.relpersistence WHEN 'u' THEN 'unlogged ' ELSE '' END
      || 'table' || CASE WHEN c.relrowsecurity THEN ' rls' ELSE '' END AS kind,
    ARRAY(SELECT pn.nspname || '.' || p.relname FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent
      JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid ORDER BY 1) AS parents,
    ARRAY(SELECT 'trigger ' || tgname || CASE tgenabled WHEN 'D' THEN ' disabled' WHEN 'A' THEN ' always' WHEN 'R' THEN ' replica' ELSE '' END FROM pg_trigger
        WHERE tgrelid = c.oid AND NOT tgisinternal
      UNION ALL SELECT 'policy ' || polname FROM pg_policy WHERE polrelid = c.oid
      UNION ALL SELECT 'rule ' || rulename FROM pg_rewrite WHERE ev_class = c.oid ORDER BY 1) AS parts
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`;

const columnsSql = `
  SELECT n.nspname || '.' || c.relname AS name, a.attname AS column,
    CASE WHEN tn.nspname IN ('pg_catalog') THEN '' ELSE tn.nspname || '.' END || coalesce(e.typname, t.typname) AS type,
    substring(format_type(a.atttypid, a.atttypmod) from '\\((.*)\\)') AS modifiers,
    t.typelem <> 0 AND t.typlen = -1 AS is_array, a.attnotnull AS not_null,
    a.attidentity <> '' AS identity, a.attgenerated AS generated, a.atthasdef AS has_default,
    NOT a.attislocal AND NOT c.relispartition AS inherited
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typlen = -1
  JOIN pg_namespace tn ON tn.oid = coalesce(e.typnamespace, t.typnamespace)
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  ORDER BY 1, 2`;

// Rows that stand for the partitions of a referenced table are the server's own bookkeeping.
const constraintsSql = `
  SELECT n.nspname || '.' || c.relname AS name, k.conname AS constraint, k.contype AS type, k.convalidated AS valid,
    k.conenforced AS enforced,
    ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u(attnum, place)
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY u.place) AS columns,
    rn.nspname || '.' || r.relname AS referenced,
    ARRAY(SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY u(attnum, place)
      JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum ORDER BY u.place) AS referenced_columns,
    k.confdeltype AS on_delete
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class r ON r.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
  LEFT JOIN pg_constraint above ON above.oid = k.conparentid
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND k.contype <> 't'
    AND (above.oid IS NULL OR above.conrelid <> k.conrelid)
  ORDER BY 1, 2`;

const indexesSql = `
  SELECT n.nspname || '.' || c.relname AS name, t.relname AS table, i.indisunique AS unique, i.indisvalid AS valid,
    m.amname AS method, i.indpred IS NOT NULL AS partial, i.indnkeyatts AS count,
    ARRAY(SELECT coalesce(a.attname, '(expression)') FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(attnum, place)
      LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.attnum AND u.attnum <> 0
      ORDER BY u.place) AS keys,
    k.conname AS constraint, p.relname AS parent
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = c.relam
  LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_inherits h ON h.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = h.inhparent
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`;

const viewsSql = `
  SELECT DISTINCT vn.nspname || '.' || v.relname AS name, v.relkind AS kind, t.relname AS table, a.attname AS column
  FROM pg_class v JOIN pg_namespace vn ON vn.oid = v.relnamespace
  LEFT JOIN pg_rewrite r ON r.ev_class = v.oid
  LEFT JOIN pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
    AND d.refobjid <> v.oid
  LEFT JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p', 'v', 'm')
  LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid AND a.attnum > 0
  WHERE v.relkind IN ('v', 'm') AND vn.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 3, 4`;

const sequencesSql = `
  SELECT n.nspname || '.' || c.relname AS name, t.relname AS table, a.attname AS column
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    AND d.refclassid = 'pg_class'::regclass
  LEFT JOIN pg_class t ON t.oid = d.refobjid
  LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE c.relkind = 'S'`;

const typesSql = `
  SELECT n.nspname || '.' || t.typname AS name, t.typtype AS kind, t.typnotnull AS not_null,
    ARRAY(SELECT enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY enumsortorder) AS labels,
    ARRAY(SELECT conname || CASE WHEN convalidated THEN '' ELSE ' not valid' END FROM pg_constraint k
      WHERE k.contypid = t.oid AND contype = 'c' ORDER BY 1) AS constraints,
    b.typname AS base
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))`;

const constraintKinds: Record<string, string> = {
  c: "check",
  f: "foreign key",
  n: "not null",
  p: "primary key",
  u: "unique",
  x: "exclusion",
};
const deleteActions: Record<string, string> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};
const typeKinds: Record<string, string> = { e: "enum", d: "domain", r: "range", c: "composite" };

type Row = Record<string, string> & { readonly [list: string]: string };

/** Reads the catalogues of the server. Temporary schemas are called pg_temp. */
export async function readCatalogue(database: PGlite): Promise<Inventory> {
  const rows = async <Shape>(sql: string) => (await database.query<Shape>(sql)).rows;
  const inventory = {
    tables: {} as Record<
      string,
      { -readonly [Key in keyof TableLines]: TableLines[Key] extends string ? string : string[] }
    >,
    indexes: {} as Record<string, string>,
    views: {} as Record<string, string[]>,
    sequences: {} as Record<string, string>,
    types: {} as Record<string, string>,
  };
  type Lists = { parents: string[]; parts: string[] };
  for (const row of await rows<Row & Lists>(tablesSql)) {
    const { kind, parents, parts } = row;
    inventory.tables[plain(row.name)] = { kind: kind ?? "", columns: [], constraints: [], parents, parts };
  }
  type ColumnRow = Row & {
    is_array: boolean;
    not_null: boolean;
    identity: boolean;
    has_default: boolean;
    inherited: boolean;
  };
  for (const row of await rows<ColumnRow>(columnsSql)) {
    const words = [
      row.column,
      `${row.type}${row.modifiers ? `(${row.modifiers})` : ""}${row.is_array ? "[]" : ""}`,
    ];
    if (row.not_null) words.push("not null");
    if (row.identity) words.push("identity");
    if (row.generated === "s") words.push("stored");
    if (row.generated === "v") words.push("virtual");
    if (row.has_default && row.generated === "") words.push("default");
    if (row.inherited) words.push("inherited");
    inventory.tables[plain(row.name)]?.columns.push(words.join(" "));
  }
  type ConstraintRow = Row & {
    valid: boolean;
    enforced: boolean;
    columns: string[];
    referenced_columns: string[];
  };
  for (const row of await rows<ConstraintRow>(constraintsSql)) {
    const kind = constraintKinds[row.type ?? ""] ?? "?";
    const words = [
      row.constraint,
      kind,
      `(${(kind === "check" ? [...row.columns].sort() : row.columns).join(", ")})`,
    ];
    if (!row.valid) words.push("not valid");
    if (!row.enforced) words.push("not enforced");
    if (kind === "foreign key") {
      words.push(
        `-> ${row.referenced} (${row.referenced_columns.join(", ")}) ${deleteActions[row.on_delete ?? ""]}`,
      );
    }
    inventory.tables[plain(row.name)]?.constraints.push(words.join(" "));
  }
  type IndexRow = Row & { unique: boolean; valid: boolean; partial: boolean; count: number; keys: string[] };
  for (const row of await rows<IndexRow>(indexesSql)) {
    const words = [row.unique ? "unique" : "plain", row.method, "on", row.table];
    words.push(`(${row.keys.slice(0, row.count).join(", ")})`);
    if (row.keys.length > row.count) words.push(`include (${row.keys.slice(row.count).join(", ")})`);
    if (row.partial) words.push("partial");
    if (!row.valid) words.push("invalid");
    if (row.constraint) words.push(`constraint ${row.constraint}`);
    if (row.parent) words.push(`of ${row.parent}`);
    inventory.indexes[plain(row.name)] = words.join(" ");
  }
  for (const row of await rows<Row>(viewsSql)) {
    inventory.views[plain(row.name)] ??= [row.kind === "m" ? "materialized" : "view"];
    if (row.column) inventory.views[plain(row.name)]?.push(`${row.table}.${row.column}`);
  }
  for (const row of await rows<Row>(sequencesSql)) {
    inventory.sequences[plain(row.name)] = row.table ? `${row.table}.${row.column}` : "";
  }
  type TypeRow = Row & { not_null: boolean; labels: string[]; constraints: string[] };
  for (const row of await rows<TypeRow>(typesSql)) {
    const words = [typeKinds[row.kind ?? ""], ...row.labels];
    if (row.base) words.push(`over ${row.base}`);
    if (row.not_null) words.push("not null");
    inventory.types[plain(row.name)] = [...words, ...row.constraints].join(" ");
  }
  return inventory;
}

function plain(name: string | undefined): string {
  return (name ?? "").replace(/^pg_temp_\d+\./, "pg_temp.");
}
