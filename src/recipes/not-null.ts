import type { Migration } from "../rule.ts";

/** A column that is to become NOT NULL. All names as SQL, quoted where needed. */
interface NotNullTarget {
  readonly table: string;
  readonly column: string;
  /** The name for the constraint on the way. */
  readonly constraint: string;
  readonly version: number;
  /** Whether tables inherit from it that keep their nulls: `ALTER TABLE ONLY`. */
  readonly only?: boolean;
  /** Whether the constraint is one of the table alone: `NOT NULL c NO INHERIT`. */
  readonly noInherit?: boolean;
}

/**
 * NOT NULL without a scan under ACCESS EXCLUSIVE. Before 18 a valid CHECK proves it to SET NOT NULL; from 18 on the
 * not-null constraint itself can be added NOT VALID. Either way the rows are read by VALIDATE, which blocks neither reads nor writes.
 */
export function notNullRecipe(target: NotNullTarget): Migration[] {
  const { column, constraint, version, only = false } = target;
  const table = only ? `ONLY ${target.table}` : target.table;
  const isByCheck = version < 18;
  const alone = only || target.noInherit === true ? " NO INHERIT" : "";
  const rule = `${isByCheck ? `CHECK (${column} IS NOT NULL)` : `NOT NULL ${column}`}${alone} NOT VALID`;
  const steps: Migration[] = [
    {
      title: "Refuse new nulls; existing rows are not read",
      sql: `ALTER TABLE ${table} ADD CONSTRAINT ${constraint} ${rule};`,
      transaction: true,
    },
    {
      title: "Read the rows while others read and write",
      sql: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint};`,
      transaction: true,
      after: "the step before is committed",
    },
  ];
  if (!isByCheck) return steps;
  steps.push({
    title: "Set NOT NULL: the valid constraint proves it, nothing is read",
    sql: `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL;\nALTER TABLE ${table} DROP CONSTRAINT ${constraint};`,
    transaction: true,
    after: "the step before is committed",
  });
  return steps;
}
