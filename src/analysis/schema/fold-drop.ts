import type { QualifiedName } from "../../model/name.ts";
import { isStandIn } from "../../model/stand-in.ts";
import type { Drop } from "../../model/statement.ts";
import { truncateName } from "../../sql/names.ts";
import { isTable } from "../entities.ts";
import { sequenceBindings } from "../sequence-uses.ts";
import { type Draft, findRelation, findType, relationById } from "./draft.ts";
import { putRelation, removeType, usersIn } from "./draft-edits.ts";
import { dropRelation } from "./drop.ts";
import { dropCallers } from "./drop-callers.ts";
import { doubtTakers, dropFunctions } from "./functions.ts";
import { noteGonePart, noteGoneUnknown } from "./gone.ts";
import { dropThing } from "./made.ts";
import { dropPart } from "./parts.ts";
import { dropPublication } from "./publications.ts";
import { dropStatistics } from "./statistics.ts";
import { noteUnknown } from "./tables.ts";
import { entriesOf, removeFrom } from "./trie.ts";
import { dropType } from "./types.ts";

/** DROP of any kind of object, name by name. */
export function foldDrop(draft: Draft, statement: Drop): void {
  draft.cascades = statement.cascade;
  for (const [k, name] of statement.names.entries()) dropOne(draft, statement, name, k);
}

function dropOne(draft: Draft, statement: Drop, name: QualifiedName, k: number): void {
  switch (statement.object) {
    case "table":
    case "foreign table":
    case "view":
    case "materialized view":
    case "index":
    case "sequence": {
      const relation = findRelation(draft, name);
      if (relation === undefined) {
        if (!statement.ifExists) noteUnknown(draft, name);
        noteGoneUnknown(draft, "relation", name, statement.ifExists);
        return;
      }
      if (relation.kind === "sequence" && relation.ownedBy !== null)
        clearDefault(draft, relation.ownedBy, relation.id);
      if (draft.cascades) doubtTakers(draft, relation.name);
      dropRelation(draft, relation.id);
      return;
    }
    case "type":
    case "domain": {
      const type = findType(draft, name);
      if (type === undefined) noteGoneUnknown(draft, "type", name, statement.ifExists);
      else {
        if (draft.cascades) doubtTakers(draft, type.name);
        dropType(draft, type);
      }
      return;
    }
    case "function":
    case "procedure":
    case "routine":
    case "aggregate":
      dropFunctions(draft, statement, k);
      return;
    case "trigger":
    case "policy":
    case "rule": {
      const part = truncateName(name.name.name);
      for (const id of tablesOf(draft, statement)) {
        dropPart(draft, id, statement.object, part);
        noteGonePart(draft, statement.object, id, part);
      }
      return;
    }
    case "statistics":
      dropStatistics(draft, name);
      noteGoneUnknown(draft, "statistics", name, statement.ifExists);
      return;
    case "publication":
    case "extension": {
      const bare = truncateName(name.name.name);
      if (statement.object === "publication") dropPublication(draft, bare);
      dropThing(draft, statement, bare, null);
      return;
    }
    case "role":
    case "subscription":
    case "event trigger":
    case "collation":
    case "other":
      dropThing(draft, statement, truncateName(name.name.name), name.schema?.name ?? null);
      return;
    case "server":
      dropThing(draft, statement, truncateName(name.name.name), null);
      if (!draft.cascades) return;
      for (const table of usersIn(draft, "on server", truncateName(name.name.name)))
        dropRelation(draft, table.id);
      return;
    case "schema":
      dropThing(draft, statement, truncateName(name.name.name), null);
      dropSchema(draft, truncateName(name.name.name));
  }
}

/** The table of a part; every table where only the server can name it. */
function tablesOf(draft: Draft, { on }: Drop): number[] {
  if (on !== null && isStandIn(on.name.name))
    return [...entriesOf(draft.relations)].flatMap(([id, relation]) => (isTable(relation) ? [id] : []));
  const found = on === null ? undefined : findRelation(draft, on);
  return isTable(found) || found?.kind === "view" ? [found.id] : [];
}

/** DROP SEQUENCE ... CASCADE takes the default that draws from it. */
function clearDefault(
  draft: Draft,
  owner: { readonly table: number; readonly column: string },
  sequence: number,
): void {
  const table = relationById(draft, owner.table);
  if (table === undefined || !isTable(table)) return;
  const columns = table.columns.map((column) => {
    if (column.name !== owner.column || column.default === null) return column;
    // A default that names another sequence, or none, was set later and stays.
    const isDrawn = sequenceBindings(column.default).some(
      (use) => (findRelation(draft, use)?.id ?? sequence) === sequence,
    );
    return isDrawn ? { ...column, default: null } : column;
  });
  putRelation(draft, { ...table, columns });
}

function dropSchema(draft: Draft, schema: string): void {
  for (const relation of usersIn(draft, "in", schema)) dropRelation(draft, relation.id);
  for (const [, type] of entriesOf(draft.types)) {
    if (type.schema !== schema) continue;
    dropType(draft, type);
    removeType(draft, type.id);
  }
  for (const [key, functions] of entriesOf(draft.functions)) {
    if (functions[0]?.schema !== schema) continue;
    if (draft.cascades) dropCallers(draft, { schema, name: functions[0].name, takes: () => "surely" });
    draft.functions = removeFrom(draft.functions, key);
  }
}
