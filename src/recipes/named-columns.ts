import type { Identifier, QualifiedName } from "../model/name.ts";
import type { Statement } from "../model/statement.ts";
import type { Constraint, ForeignKey } from "../model/table.ts";

/** Columns that have to be in a table for a statement to work. */
interface NamedColumns {
  readonly table: QualifiedName;
  readonly columns: readonly Identifier[];
}

/** The columns that a statement names in a list; those inside of expressions and queries are another matter. */
export function namedColumns(statement: Statement): NamedColumns[] {
  switch (statement.kind) {
    case "create index": {
      const keys = statement.elements.flatMap(({ column }) => column ?? []);
      return [{ table: statement.table, columns: [...keys, ...statement.including] }];
    }
    case "insert":
      return [{ table: statement.table, columns: statement.columns }];
    case "update":
      return [{ table: statement.table, columns: statement.assignments.map(({ column }) => column) }];
    case "alter table": {
      const added = new Set(
        statement.actions.flatMap((action) =>
          action.kind === "add column" ? [action.column.name.name] : [],
        ),
      );
      const own = constraintsOf(statement).flatMap(ownColumns);
      const columns = own.filter(({ name }) => !added.has(name));
      return [{ table: statement.table, columns }, ...foreignKeysIn(statement).map(referred)];
    }
    case "create table":
      return foreignKeysIn(statement).map(referred);
    default:
      return [];
  }
}

/** The tables that the foreign keys of a statement point at, but for its own. */
export function referencedTables(statement: Statement): QualifiedName[] {
  return foreignKeysIn(statement).map(({ references }) => references);
}

function foreignKeysIn(statement: Statement): ForeignKey[] {
  if (statement.kind !== "create table" && statement.kind !== "alter table") return [];
  const { table } = statement;
  return [...constraintsOf(statement), ...columnConstraintsOf(statement)].flatMap((one) =>
    one.kind === "foreign key" && one.references.name.name !== table.name.name ? [one] : [],
  );
}

function constraintsOf(statement: Statement): Constraint[] {
  if (statement.kind === "create table") return [...statement.constraints];
  if (statement.kind !== "alter table") return [];
  return statement.actions.flatMap((action) => (action.kind === "add constraint" ? [action.constraint] : []));
}

function columnConstraintsOf(statement: Statement): Constraint[] {
  if (statement.kind === "create table")
    return statement.columns.flatMap(({ constraints }) => [...constraints]);
  if (statement.kind !== "alter table") return [];
  return statement.actions.flatMap((action) =>
    action.kind === "add column" ? [...action.column.constraints] : [],
  );
}

function ownColumns(constraint: Constraint): readonly Identifier[] {
  switch (constraint.kind) {
    case "unique":
    case "primary key":
      return [...constraint.columns, ...constraint.including];
    case "foreign key":
      return constraint.columns;
    default:
      return [];
  }
}

function referred({ references, referencedColumns }: ForeignKey): NamedColumns {
  return { table: references, columns: referencedColumns };
}
