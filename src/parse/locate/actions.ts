import type { Action, PlainAction } from "../../model/action.ts";
import type { AlterTable } from "../../model/statement.ts";
import { type ActionBody, readColumnAction } from "./column-actions.ts";
import { readColumn } from "./columns.ts";
import { isTableConstraint, readTableConstraint } from "./constraints.ts";
import {
  type Cursor,
  commaSegments,
  hasWords,
  spanBetween,
  spanOfRest,
  subCursor,
  takeBracket,
  takeWords,
  wordAt,
} from "./cursor.ts";
import { takeHead } from "./heads.ts";
import { readIdentifier, readParts, readQualifiedName, readRelation } from "./names.ts";
import { readBound } from "./tables.ts";
import type { Values } from "./values.ts";

/** ALTER TABLE, and its actions on indexes, views, sequences and foreign tables. */
export function readAlterTable(cursor: Cursor, values: Values): AlterTable {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  const object = objectOf(cursor);
  const ifExists = takeWords(cursor, "if", "exists");
  const { table, only } = readRelation(cursor);
  return {
    kind: "alter table",
    span,
    head,
    object,
    table,
    only,
    ifExists,
    actions: readActions(cursor, values),
  };
}

/** The kind of relation, from the words behind which the cursor stands. */
function objectOf(cursor: Cursor): AlterTable["object"] {
  const before = wordAt(cursor, cursor.at - 2);
  switch (wordAt(cursor, cursor.at - 1)) {
    case "index":
      return "index";
    case "sequence":
      return "sequence";
    case "view":
      return before === "materialized" ? "materialized view" : "view";
  }
  return before === "foreign" ? "foreign table" : "table";
}

/** The k-th comma segment of an ALTER TABLE is its k-th action. */
function readActions(cursor: Cursor, values: Values): Action[] {
  return commaSegments(cursor).map((segment) => readAction(segment, values));
}

/** Forms whose names change nothing in their effects, by their words; longer ones first. */
const plain: readonly (readonly [PlainAction["kind"], ...string[]])[] = [
  ["enable row security", "enable", "row", "level", "security"],
  ["disable row security", "disable", "row", "level", "security"],
  ["force row security", "force", "row", "level", "security"],
  ["no force row security", "no", "force", "row", "level", "security"],
  ["enable rule", "enable", "always", "rule"],
  ["enable rule", "enable", "replica", "rule"],
  ["enable rule", "enable", "rule"],
  ["disable rule", "disable", "rule"],
  ["cluster on", "cluster", "on"],
  ["set without cluster", "set", "without", "cluster"],
  ["set without oids", "set", "without", "oids"],
  ["set logged", "set", "logged"],
  ["set unlogged", "set", "unlogged"],
  ["not of", "not", "of"],
  ["of type", "of"],
  ["owner to", "owner", "to"],
  ["set foreign options", "options"],
];

function readAction(cursor: Cursor, values: Values): Action {
  const span = spanOfRest(cursor);
  const from = cursor.at;
  // Most actions begin with one of these words, and none of the plain forms does.
  const isOther = hasWords(cursor, "add") || hasWords(cursor, "alter") || hasWords(cursor, "drop");
  for (const [kind, ...words] of isOther ? [] : plain) {
    if (takeWords(cursor, ...words)) return { kind, span, head: spanBetween(cursor, from, cursor.at) };
  }
  if (hasWords(cursor, "alter") && !hasWords(cursor, "alter", "constraint")) {
    cursor.at++;
    takeWords(cursor, "column");
    const { body, head } = readColumnAction(cursor, values, from);
    return { span, ...body, head };
  }
  skipActionHead(cursor);
  const head = spanBetween(cursor, from, cursor.at);
  cursor.at = from;
  return { span, ...readBody(cursor, values), head };
}

/** The leading words of the actions that carry a name, longer ones first. */
const actionHeads: readonly (readonly string[])[] = [
  ["add", "column"],
  ["add", "constraint"],
  ["add", "foreign", "key"],
  ["add", "primary", "key"],
  ["add", "unique"],
  ["add", "check"],
  ["add", "exclude"],
  ["add", "not", "null"],
  ["add"],
  ["drop", "column"],
  ["drop", "constraint"],
  ["drop"],
  ["alter", "constraint"],
  ["validate", "constraint"],
  ["enable", "always", "trigger"],
  ["enable", "replica", "trigger"],
  ["enable", "trigger"],
  ["disable", "trigger"],
  ["set", "access", "method"],
  ["set", "tablespace"],
  ["no", "inherit"],
  ["replica", "identity"],
  ["attach", "partition"],
  ["detach", "partition"],
];

function skipActionHead(cursor: Cursor): void {
  const isColumn =
    hasWords(cursor, "add") && !isTableConstraint(subCursor(cursor, cursor.at + 1, cursor.end));
  if (isColumn) {
    cursor.at += hasWords(cursor, "add", "column") ? 2 : 1;
    return;
  }
  if (!actionHeads.some((words) => takeWords(cursor, ...words))) cursor.at++;
}

function readBody(cursor: Cursor, values: Values): ActionBody {
  switch (wordAt(cursor)) {
    case "add":
      return readAdd(cursor, values);
    case "drop":
      return readDrop(cursor);
    case "alter":
      return readAlterConstraint(cursor);
    case "validate":
      cursor.at += 2;
      return { kind: "validate constraint", constraint: readIdentifier(cursor) };
    case "enable":
    case "disable":
      return readTrigger(cursor);
    case "set":
      return readSet(cursor);
    case "reset":
      cursor.at++;
      return { kind: "reset options", options: readOptionNames(cursor) };
    case "inherit":
      cursor.at++;
      return { kind: "inherit", parent: readQualifiedName(cursor) };
    case "no":
      cursor.at += 2;
      return { kind: "no inherit", parent: readQualifiedName(cursor) };
    case "replica":
      return readReplicaIdentity(cursor);
    case "attach": {
      cursor.at += 2;
      const partition = readQualifiedName(cursor);
      const isTable = hasWords(cursor, "for") || hasWords(cursor, "default");
      return { kind: "attach partition", partition, bound: isTable ? readBound(cursor, values) : null };
    }
    default: {
      cursor.at += 2;
      const partition = readQualifiedName(cursor);
      const concurrently = takeWords(cursor, "concurrently");
      return { kind: "detach partition", partition, concurrently, finalize: takeWords(cursor, "finalize") };
    }
  }
}

function readAdd(cursor: Cursor, values: Values): ActionBody {
  cursor.at++;
  if (isTableConstraint(cursor)) {
    return { kind: "add constraint", constraint: readTableConstraint(cursor, values) };
  }
  takeWords(cursor, "column");
  const ifNotExists = takeWords(cursor, "if", "not", "exists");
  return { kind: "add column", column: readColumn(cursor, values), ifNotExists };
}

function readDrop(cursor: Cursor): ActionBody {
  cursor.at++;
  const isConstraint = takeWords(cursor, "constraint");
  if (!isConstraint) takeWords(cursor, "column");
  const ifExists = takeWords(cursor, "if", "exists");
  const name = readIdentifier(cursor);
  const cascade = takeWords(cursor, "cascade");
  if (isConstraint) return { kind: "drop constraint", constraint: name, ifExists, cascade };
  return { kind: "drop column", column: name, ifExists, cascade };
}

function readAlterConstraint(cursor: Cursor): ActionBody {
  cursor.at += 2;
  const constraint = readIdentifier(cursor);
  const found = {
    deferrable: null as boolean | null,
    initiallyDeferred: false,
    enforced: null as boolean | null,
    inherit: null as boolean | null,
  };
  while (cursor.at < cursor.end) {
    const negated = takeWords(cursor, "not") || takeWords(cursor, "no");
    if (takeWords(cursor, "deferrable")) found.deferrable = !negated;
    else if (takeWords(cursor, "enforced")) found.enforced = !negated;
    else if (takeWords(cursor, "inherit")) found.inherit = !negated;
    else if (takeWords(cursor, "initially", "deferred")) {
      found.deferrable = true;
      found.initiallyDeferred = true;
    } else cursor.at++;
  }
  return { kind: "alter constraint", constraint, ...found };
}

function readTrigger(cursor: Cursor): ActionBody {
  const kind = takeWords(cursor, "disable") ? "disable trigger" : "enable trigger";
  takeWords(cursor, "enable");
  const isAlways = takeWords(cursor, "always");
  const firing = isAlways ? "always" : takeWords(cursor, "replica") ? "replica" : "origin";
  takeWords(cursor, "trigger");
  const word = wordAt(cursor);
  const trigger = word === "all" || word === "user" ? word : readIdentifier(cursor);
  return { kind, trigger, firing };
}

function readSet(cursor: Cursor): ActionBody {
  cursor.at++;
  if (takeWords(cursor, "access", "method")) {
    const method = hasWords(cursor, "default") ? null : readIdentifier(cursor).name;
    return { kind: "set access method", method };
  }
  if (takeWords(cursor, "tablespace")) return { kind: "set tablespace", tablespace: readIdentifier(cursor) };
  return { kind: "set options", options: readOptionNames(cursor) };
}

/** The names of `(fillfactor = 70, toast.autovacuum_enabled)`. */
function readOptionNames(cursor: Cursor): string[] {
  const inside = takeBracket(cursor);
  if (inside === null) return [];
  return commaSegments(inside).map((segment) =>
    readParts(segment)
      .map((part) => part.name)
      .join("."),
  );
}

function readReplicaIdentity(cursor: Cursor): ActionBody {
  cursor.at += 2;
  if (takeWords(cursor, "using", "index")) {
    return { kind: "replica identity", identity: "index", index: readIdentifier(cursor) };
  }
  const word = wordAt(cursor);
  const identity = word === "full" || word === "nothing" ? word : "default";
  return { kind: "replica identity", identity, index: null };
}
