import { nameParts } from "../analysis/effects/ledger.ts";
import type { NameLike } from "../analysis/schema.ts";
import type { Context, Migration } from "../rule.ts";
import { freshConstraint } from "./alter-table.ts";

/** A CHECK that is there for the time of one ATTACH, so that nobody has to read the table under the strong lock. */
export interface Proof {
  /** The table as SQL, and its name. */
  readonly table: string;
  readonly target: NameLike;
  readonly condition: string;
  readonly suffix: string;
}

/** The user's statement between a CHECK that is validated before and dropped behind. */
export function provenRecipe(proofs: readonly Proof[], step: Migration, context: Context): Migration[] {
  if (proofs.length === 0) return [step];
  const named = proofs.map((proof) => ({
    name: freshConstraint([nameParts(proof.target).name, proof.suffix], proof.target, context),
    ...proof,
  }));
  const each = (render: (proof: (typeof named)[number]) => string) => named.map(render).join("\n");
  return [
    {
      title: "Say in a CHECK what the bound will say; no row is read",
      sql: each(
        ({ table, name, condition }) =>
          `ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${condition}) NOT VALID;`,
      ),
      transaction: true,
    },
    {
      title: "Read the rows while others read and write",
      sql: each(({ table, name }) => `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`),
      transaction: true,
      after: "the step before is committed",
    },
    { ...step, after: "the step before is committed" },
    {
      title: "Drop what has done its service",
      sql: each(({ table, name }) => `ALTER TABLE ${table} DROP CONSTRAINT ${name};`),
      transaction: true,
    },
  ];
}
