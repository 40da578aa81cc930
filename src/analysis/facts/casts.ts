/**
 * Casts between built-in types, from pg_cast of the server; the measured matrix of the tests holds every pair of it.
 * Each line: the type, then the types that it is converted to when a column is assigned. `=` before a name: the two are
 * stored alike, so that nothing has to be converted. `!`: only where a cast is written out.
 */
const lines = `
bool text varchar bpchar !int4
int2 int4 int8 !bytea float4 float8 numeric oid regclass regproc regtype
int4 int2 int8 !bytea float4 float8 numeric money =oid =regclass =regproc =regtype =regrole =regnamespace !bool !bit !char
int8 int2 int4 float4 float8 numeric money !bytea oid regclass regproc regtype !bit
float4 int2 int4 int8 float8 numeric
float8 int2 int4 int8 float4 numeric
numeric int2 int4 int8 float4 float8 money
money numeric
text =varchar =bpchar char name regclass !xml =citext
varchar =text =bpchar char name regclass !xml =citext
bpchar text varchar char name !xml citext
citext =text =varchar =bpchar
char text varchar bpchar !int4
name text varchar bpchar
date timestamp timestamptz
time interval timetz
timetz time
timestamp date time timestamptz
timestamptz date time timetz timestamp
interval time
inet cidr text varchar bpchar
cidr =inet text varchar bpchar
macaddr macaddr8
macaddr8 macaddr
bit =varbit !int4 !int8
varbit =bit
xml =text =varchar =bpchar
json jsonb
jsonb json !bool !int2 !int4 !int8 !float4 !float8 !numeric
oid =int4 int8 =regclass =regproc =regtype =regrole =regnamespace
regclass =oid =int4 int8
regproc =oid =int4 int8
regtype =oid =int4 int8
point box
box polygon !point !circle !lseg
circle polygon !box !point
polygon path !box !circle !point
path polygon
lseg !point
hstore !json !jsonb
bytea !int2 !int4 !int8
uuid
tsvector
tsquery
int4range
int8range
numrange
tsrange
tstzrange
daterange
`;

type CastForm = "same storage" | "converted" | "explicit only" | "none";

const casts = new Map<string, Map<string, CastForm>>();
for (const line of lines.trim().split("\n")) {
  const [from, ...targets] = line.split(" ");
  const to = new Map<string, CastForm>();
  for (const target of targets) {
    if (target.startsWith("=")) to.set(target.slice(1), "same storage");
    else if (target.startsWith("!")) to.set(target.slice(1), "explicit only");
    else to.set(target, "converted");
  }
  casts.set(from ?? "", to);
}

/** Types into which everything is converted by its text form when a column is assigned. */
const stringTypes = new Set(["text", "varchar", "bpchar", "name", "citext"]);

/** Whether the type is of the string category: text, varchar, char, name, ... */
export function isStringType(name: string): boolean {
  return stringTypes.has(name);
}

/** Whether PostgreSQL comes with the type, or a contrib module that the table knows. */
export function isKnownType(name: string): boolean {
  return casts.has(name);
}

/** How one type becomes another. Both are bare names of types that `isKnownType` knows, or of the user's own. */
export function castForm(from: string, to: string, version: number): CastForm {
  if (from === to) return "same storage";
  const named = casts.get(from)?.get(to);
  // Integers and bytea: since 18.
  if (named === "explicit only" && (from === "bytea" || to === "bytea") && version < 18) {
    return stringTypes.has(from) ? "explicit only" : "none";
  }
  if (named !== undefined) return named;
  if (stringTypes.has(to)) return "converted";
  return stringTypes.has(from) ? "explicit only" : "none";
}

/** Types that share their default operator class: an index over one serves the other. */
const operatorClasses: ReadonlyMap<string, string> = new Map([
  ["varchar", "text"],
  ["cidr", "inet"],
  ["regclass", "oid"],
  ["regproc", "oid"],
  ["regtype", "oid"],
  ["regrole", "oid"],
  ["regnamespace", "oid"],
]);

/** The type whose default btree operator class an index over this one uses: `text` for varchar. */
export function operatorClassOf(type: string): string {
  return operatorClasses.get(type) ?? type;
}

/** Zones whose offset is zero and always was: only under these do timestamp and timestamptz share their storage. */
const zeroZones = new Set(
  (
    "utc uct zulu universal gmt gmt0 gmt+0 gmt-0 greenwich etc/utc etc/uct etc/zulu etc/universal etc/gmt etc/gmt0 " +
    "etc/gmt+0 etc/gmt-0 etc/greenwich 0 +0 -0 00 +00 +00:00 00:00"
  ).split(" "),
);

/** Whether a TimeZone setting names a zone without any offset, in any case of letters. */
export function isZeroZone(zone: string): boolean {
  return zeroZones.has(zone.toLowerCase());
}
