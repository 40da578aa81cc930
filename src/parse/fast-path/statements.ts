import type { Statement } from "../../model/statement.ts";
import * as read from "../locate.ts";
import { commandParts } from "./commands.ts";
import { keyword } from "./keywords.ts";
import type { Matcher } from "./matchers.ts";
import { objectParts } from "./objects.ts";
import { commonParts } from "./parts.ts";
import { specialParts } from "./special-parts.ts";
import { compileSynopsis, type Parts } from "./synopsis.ts";
import { tableParts } from "./tables.ts";

type Read = (at: read.Cursor, values: read.Values) => Statement;

/** A statement that is known: what may stand second (null: anything), its synopsis, and who reads it. */
interface Form {
  readonly second: ReadonlySet<number> | null;
  readonly part: string;
  readonly read: Read;
}

/** All synopses and the forms that they speak of. */
export const parts: Parts = new Map<string, string | Matcher>([
  ...commonParts,
  ...tableParts,
  ...objectParts,
  ...commandParts,
  ...specialParts,
]);

const forms = new Map<number, Form[]>();

/** `words` are the possible second words, `first` the one that the statement begins with. */
function define(first: string, words: string, part: string, readStatement: Read): void {
  const second = words === "" ? null : new Set(words.split(" ").map(keyword));
  const form = { second, part, read: readStatement };
  const code = keyword(first);
  const known = forms.get(code);
  if (known === undefined) forms.set(code, [form]);
  else known.push(form);
}

define("alter", "table index sequence view materialized", "alter_table", read.readAlterTable);
define(
  "alter",
  "table index sequence view materialized schema type trigger policy function procedure",
  "rename",
  read.readRename,
);
define("alter", "table", "attach_partition", read.readAlterTable);
define("alter", "type", "alter_enum", read.readAlterEnum);
define("alter", "sequence", "alter_sequence", read.readAlterSequence);
define("alter", "schema type domain function procedure", "alter_owner", read.readAlterOwner);
define("alter", "function procedure", "alter_function", (at) => read.readOther(at, read.commandOf(at)));
define("alter", "type", "alter_type", read.readAlterType);
define("alter", "extension", "update_extension", (at) => read.readOther(at, read.commandOf(at)));
define("alter", "policy", "alter_policy", read.readPolicy);
define("alter", "default", "default_privileges", (at) => read.readOther(at, read.commandOf(at)));
define(
  "alter",
  "table sequence view materialized type extension function procedure",
  "set_schema",
  read.readSetSchema,
);

define("create", "table temp temporary unlogged", "create_table", read.readCreateTable);
define("create", "index unique", "create_index", read.readCreateIndex);
define("create", "function procedure or", "create_function", read.readCreateFunction);
define("create", "policy", "create_policy", read.readPolicy);
define("create", "trigger constraint or", "create_trigger", read.readCreateTrigger);
define("create", "view temp temporary or", "create_view", read.readCreateView);
define("create", "type", "create_enum", read.readCreateType);
define("create", "type", "create_composite", read.readCreateType);
define("create", "materialized", "create_materialized_view", read.readCreateTableAs);
define("create", "table temp temporary unlogged", "create_table_as", read.readCreateTableAs);
define("create", "extension", "create_extension", read.readCreateExtension);
define("create", "schema", "create_schema", (at) =>
  read.readCreateSchema(at, (place) => read.readOther(place, "other")),
);
define("create", "sequence temp temporary", "create_sequence", read.readCreateSequence);

define("drop", "", "drop", read.readDropStatement);
define("comment", "", "comment", read.readComment);
define("grant", "", "grant_privileges", read.readGrant);
define("grant", "", "grant_role", read.readGrant);
define("revoke", "", "revoke_privileges", read.readGrant);
define("revoke", "", "revoke_role", read.readGrant);
for (const verb of ["begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release"]) {
  define(verb, "", "transaction", read.readTransaction);
}
define("rollback", "", "rollback_to", read.readTransaction);
define("insert", "", "insert", read.readChange);
define("update", "", "update", read.readChange);
define("delete", "", "delete", read.readChange);
define("select", "", "select", readSelect);
define("values", "", "select", readSelect);
define("with", "", "select", readSelect);
// The query of a loop in PL/pgSQL may stand in brackets.
forms.set(40, [{ second: null, part: "select", read: readSelect }]);
define("with", "", "insert", read.readChange);
define("with", "", "update", read.readChange);
define("with", "", "delete", read.readChange);
define("do", "", "do", read.readDo);
define("set", "", "set", read.readSet);
define("set", "constraints", "set_constraints", (at) => read.readOther(at, read.commandOf(at)));
define("reset", "", "reset", read.readSet);
define("lock", "", "lock", read.readLock);
define("truncate", "", "truncate", read.readTruncate);
define("refresh", "", "refresh", read.readRefresh);
define("reindex", "", "reindex", read.readReindex);
define("vacuum", "", "vacuum", read.readVacuum);
define("analyze", "", "analyze", read.readVacuum);

function readSelect(at: read.Cursor, values: read.Values): Statement {
  const span = read.spanOfRest(at);
  const head = read.takeHead(read.subCursor(at, at.at, at.end));
  return { kind: "select", span, head, query: values.query(at) };
}

/** The statements that begin with this keyword. */
export function formsOf(code: number): readonly Form[] {
  return forms.get(code) ?? noForms;
}

const noForms: readonly Form[] = [];

const matchers = new Map<string, Matcher>();

/** The matcher of a form, compiled when first needed. */
export function matcherOf(part: string): Matcher {
  const known = matchers.get(part);
  if (known !== undefined) return known;
  const synopsis = parts.get(part);
  const matcher =
    typeof synopsis === "string" ? compileSynopsis(synopsis, parts) : (synopsis ?? (() => false));
  matchers.set(part, matcher);
  return matcher;
}
