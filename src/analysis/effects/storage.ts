import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { planRewrite } from "./alter-plan.ts";
import { isPartitioned } from "./family.ts";
import { foreignKeysOf, keysOnRows, referencedBy } from "./foreign-keys.ts";
import { fail, lock, shortName } from "./ledger.ts";

/** SET LOGGED and SET UNLOGGED copy the table, unless it is so already. */
export function changePersistence(plan: AlterPlan, unlogged: boolean): void {
  const { ledger, target } = plan;
  const { world } = ledger;
  const table = target.known;
  if (table === null) {
    planRewrite(plan, null);
    return;
  }
  if (table.persistence === "temporary")
    fail(ledger, "42P16", `${shortName(world, labelOf(table))} is temporary: it stays so`);
  if (isPartitioned(table) && world.version >= 18)
    fail(ledger, "42809", "SET LOGGED and SET UNLOGGED are not supported on partitioned tables");
  if (table.isComplete && (table.persistence === "unlogged") === unlogged) return;
  const [publication] = table.publications ?? [];
  if (unlogged && publication !== undefined)
    fail(
      ledger,
      "55000",
      `publication ${quoteName(publication.name)} holds ${shortName(world, labelOf(table))}`,
    );
  const partners = unlogged
    ? keysOnRows(world, table).map(({ from }) => from)
    : foreignKeysOf(world, table).flatMap((key) => referencedBy(world, key).known ?? []);
  const obstacle = partners.find(
    (partner) => partner.id !== table.id && (partner.persistence === "unlogged") !== unlogged,
  );
  if (obstacle !== undefined)
    fail(ledger, "42P16", `a foreign key joins it with ${shortName(world, labelOf(obstacle))}`);
  // Before 18 it did nothing else to a partitioned table.
  if (isPartitioned(table)) return;
  planRewrite(plan, table);
  if (world.version >= 15)
    for (const sequence of world.schema.sequencesOf(table.id)) lock(ledger, sequence, "ACCESS EXCLUSIVE");
}

const indexMethods = new Set(["btree", "hash", "gin", "gist", "spgist", "brin"]);

/** SET ACCESS METHOD (15): a copy, unless it is the one that the table has; the history does not tell of others than heap. */
export function setAccessMethod(plan: AlterPlan, method: string | null): void {
  const table = plan.target.known;
  if (isPartitioned(table)) {
    if (plan.ledger.world.version < 17)
      fail(plan.ledger, "42809", "the access method of a partitioned table cannot be changed");
    return;
  }
  if (method !== null && indexMethods.has(method))
    fail(plan.ledger, "55000", `${method} is a method of indexes`);
  if (method !== null && method !== "heap") planRewrite(plan, table);
}

/** SET TABLESPACE copies the files block by block: rows are not read and indexes stay where they are. */
export function setTablespace(plan: AlterPlan, tablespace: string): void {
  const { ledger, target } = plan;
  if (tablespace === "pg_global") fail(ledger, "22023", "pg_global is for what all databases share");
  if (tablespace === "pg_default" || isPartitioned(target.known)) return;
  ledger.rewrites.add(target.label);
}
