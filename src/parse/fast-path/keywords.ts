/**
 * The keywords of PostgreSQL 18 in their four categories, as its documentation lists them (appendix C, SQL Key Words).
 * A test asks the grammar for each of them.
 */

/** Names of everything. */
const unreserved =
  "abort absent absolute access action add admin after aggregate also alter always asensitive assertion " +
  "assignment at atomic attach attribute backward before begin breadth by cache call called cascade " +
  "cascaded catalog chain characteristics checkpoint class close cluster columns comment comments commit " +
  "committed compression conditional configuration conflict connection constraints content continue " +
  "conversion copy cost csv cube current cursor cycle data database day deallocate declare defaults " +
  "deferred definer delete delimiter delimiters depends depth detach dictionary disable discard document " +
  "domain double drop each empty enable encoding encrypted enforced enum error escape event exclude " +
  "excluding exclusive execute explain expression extension external family filter finalize first following " +
  "force format forward function functions generated global granted groups handler header hold hour " +
  "identity if immediate immutable implicit import include including increment indent index indexes inherit " +
  "inherits inline input insensitive insert instead invoker isolation keep key keys label language large " +
  "last leakproof level listen load local location lock locked logged mapping match matched materialized " +
  "maxvalue merge method minute minvalue mode month move name names nested new next nfc nfd nfkc nfkd no " +
  "normalized nothing notify nowait nulls object objects of off oids old omit operator option options " +
  "ordinality others over overriding owned owner parallel parameter parser partial partition passing " +
  "password path period plan plans policy preceding prepare prepared preserve prior privileges procedural " +
  "procedure procedures program publication quote quotes range read reassign recursive ref referencing " +
  "refresh reindex relative release rename repeatable replace replica reset restart restrict return returns " +
  "revoke role rollback rollup routine routines rows rule savepoint scalar schema schemas scroll search " +
  "second security sequence sequences serializable server session set sets share show simple skip snapshot " +
  "source sql stable standalone start statement statistics stdin stdout storage stored strict string strip " +
  "subscription support sysid system tables tablespace target temp template temporary text ties transaction " +
  "transform trigger truncate trusted type types uescape unbounded uncommitted unconditional unencrypted " +
  "unknown unlisten unlogged until update vacuum valid validate validator value varying version view views " +
  "virtual volatile whitespace within without work wrapper write xml year yes zone";

/** Reserved, but can be the name of a column or table. */
const columnNames =
  "between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping " +
  "inout int integer interval json json_array json_arrayagg json_exists json_object json_objectagg " +
  "json_query json_scalar json_serialize json_table json_value least merge_action national nchar none " +
  "normalize nullif numeric out overlay position precision real row setof smallint substring time timestamp " +
  "treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse " +
  "xmlpi xmlroot xmlserialize xmltable";

/** Reserved, but can be the name of a function or type. */
const functionNames =
  "authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join " +
  "left like natural notnull outer overlaps right similar tablesample verbose";

/** Names of nothing, unless in quotes or behind a dot or AS. */
const reserved =
  "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint " +
  "create current_catalog current_date current_role current_time current_timestamp current_user default " +
  "deferrable desc distinct do else end except false fetch for foreign from grant group having in initially " +
  "intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing " +
  "primary references returning select session_user some symmetric system_user table then to trailing true " +
  "union unique user using variadic when where window with";

/** As the label of a column these need AS before them. */
const needsAs =
  "array as char character create day except fetch filter for from grant group having hour intersect into " +
  "limit minute month offset on order over overlaps precision returning second to union varying where " +
  "window with within without year";

/** Bits of what a token can be the name of. */
export const COLUMN_NAME = 1;
export const FUNCTION_NAME = 2;
/** Anything but the reserved words: the name of a role, a language. */
export const PLAIN_NAME = 4;
/** Behind a dot or AS every word is a name. */
export const LABEL = 8;
/** A label without AS. */
export const BARE_LABEL = 16;

/** Codes of tokens below this one are no keywords. */
export const FIRST_KEYWORD = 256;

const words: string[] = [];
const uses: number[] = [];
const codes = new Map<string, number>();

function enter(list: string, use: number): void {
  for (const word of list.split(" ")) {
    codes.set(word, FIRST_KEYWORD + words.length);
    words.push(word);
    uses.push(use | LABEL | BARE_LABEL);
  }
}

enter(unreserved, COLUMN_NAME | FUNCTION_NAME | PLAIN_NAME);
enter(columnNames, COLUMN_NAME | PLAIN_NAME);
enter(functionNames, FUNCTION_NAME | PLAIN_NAME);
enter(reserved, 0);

/** The code of a keyword, in lower case. Throws where PostgreSQL has no such word. */
export function keyword(word: string): number {
  const code = codes.get(word);
  if (code === undefined) throw new Error(`not a keyword: ${word}`);
  return code;
}

/** What each code can be the name of. */
export const namesOf: Uint8Array = new Uint8Array(FIRST_KEYWORD + words.length);
namesOf.set(uses, FIRST_KEYWORD);
for (const word of needsAs.split(" ")) {
  const code = keyword(word);
  namesOf[code] = (namesOf[code] ?? 0) & ~BARE_LABEL;
}

const BUCKETS = 2048;
const LONGEST = words.reduce((longest, word) => Math.max(longest, word.length), 0);
/** The first keyword of each bucket, and the next one in the same bucket; 0 for none. */
const first = new Uint16Array(BUCKETS);
const next = new Uint16Array(FIRST_KEYWORD + words.length);

function bucketOf(length: number, start: number, second: number, end: number): number {
  return (length * 421 + start * 31 + second * 7 + end * 211) & (BUCKETS - 1);
}

function lower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

words.forEach((word, index) => {
  const { length } = word;
  const bucket = bucketOf(length, word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(length - 1));
  next[FIRST_KEYWORD + index] = first[bucket] ?? 0;
  first[bucket] = FIRST_KEYWORD + index;
});

/** The code of the keyword between two offsets; 0 where the word is none. Makes no string: it runs for every word. */
export function keywordAt(text: string, start: number, end: number): number {
  const length = end - start;
  if (length < 2 || length > LONGEST) return 0;
  const bucket = bucketOf(
    length,
    lower(text.charCodeAt(start)),
    lower(text.charCodeAt(start + 1)),
    lower(text.charCodeAt(end - 1)),
  );
  for (let code = first[bucket] ?? 0; code !== 0; code = next[code] ?? 0) {
    if (isSpelt(words[code - FIRST_KEYWORD] ?? "", text, start, length)) return code;
  }
  return 0;
}

function isSpelt(word: string, text: string, start: number, length: number): boolean {
  if (word.length !== length) return false;
  for (let index = 0; index < length; index++) {
    if (lower(text.charCodeAt(start + index)) !== word.charCodeAt(index)) return false;
  }
  return true;
}
