import type { QualifiedName } from "../../model/name.ts";
import { isRelationType } from "../../model/object-types.ts";
import type { Statement } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { isSureOfKind } from "../assumed.ts";
import { isTable, type Relation } from "../entities.ts";
import type { NameLike } from "../schema.ts";
import type { Ledger } from "./ledger.ts";
import { fail, findRelation } from "./ledger.ts";
import { neededRelations } from "./needed-relations.ts";

/** Refuses a name of the wrong kind, where nothing else asks for the kind: a view to inherit from, a type to read. */
export function refuseKind(ledger: Ledger, statement: Statement): void {
  if (statement.kind === "create table") {
    const { inherits, likes } = statement;
    for (const name of inherits) refuseOther(ledger, name, isTable, "is not a table or foreign table");
    for (const { table } of likes)
      refuseOther(ledger, table, hasColumns, "has no columns that LIKE can copy");
    for (const one of [
      ...statement.columns.flatMap(({ constraints }) => constraints),
      ...statement.constraints,
    ])
      if (one.kind === "foreign key") refuseOther(ledger, one.references, isPlain, "is not a table");
  } else if (statement.kind === "rename" && isPartOfTable.has(statement.object))
    refuseOther(ledger, statement.target, (known) => known.kind !== "sequence", "has no columns to rename");
  else if (statement.kind === "create rule")
    refuseOther(ledger, statement.table, takesRules, "cannot have rules");
  else if (statement.kind === "cluster" && statement.table !== null)
    refuseOther(ledger, statement.table, hasFile, "is not a table or materialized view");
  for (const name of relationsOf(ledger, statement)) refuseComposite(ledger, name);
}

const isPartOfTable: ReadonlySet<string> = new Set(["column", "table constraint", "constraint"]);
const isPlain = ({ kind }: Relation) => kind === "table";
const hasFile = ({ kind }: Relation) => kind === "table" || kind === "materialized view";
const takesRules = ({ kind }: Relation) => ["table", "view", "materialized view"].includes(kind);
const hasColumns = ({ kind }: Relation) => kind !== "index" && kind !== "sequence";

function refuseOther(
  ledger: Ledger,
  name: QualifiedName,
  isOfKind: (relation: Relation) => boolean,
  what: string,
): void {
  const known = findRelation(ledger.world, name);
  if (known !== undefined && isSureOfKind(known) && !isOfKind(known))
    fail(ledger, "42809", `${quoteName(known.name)} ${what}`);
}

/** VACUUM and ANALYZE leave types out with a warning, and what is dropped or altered is asked for its kind elsewhere. */
const takesTypes: ReadonlySet<Statement["kind"]> = new Set<Statement["kind"]>([
  "vacuum",
  "analyze",
  "alter table",
  "drop",
]);

/** The names that have to be those of relations. */
function relationsOf(ledger: Ledger, statement: Statement): readonly NameLike[] {
  if (takesTypes.has(statement.kind)) return [];
  const needed = neededRelations(statement, ledger.world).map(({ name }) => name);
  switch (statement.kind) {
    case "create table": {
      // A type can be copied as well.
      const copied = new Set<NameLike>(statement.likes.map(({ table }) => table));
      return needed.filter((name) => !copied.has(name));
    }
    case "rename":
    case "set schema":
    case "comment":
      return isRelationType(statement.object) ? needed : [];
    default:
      return needed;
  }
}

/** A composite type has a name and columns as relations have, and no rows. */
function refuseComposite(ledger: Ledger, name: NameLike): void {
  if (findRelation(ledger.world, name) !== undefined) return;
  const type = ledger.world.schema.findType(name);
  if (type?.kind === "composite" && type.origin !== null)
    fail(ledger, "42809", `${quoteName(type.name)} is a composite type`);
}
