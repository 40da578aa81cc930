import type { AlterSequence, CreateSequence, Rename } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { shorten } from "../../text/shorten.ts";
import { isSureOfKind } from "../assumed.ts";
import { isTable } from "../entities.ts";
import type { Ledger, Target } from "./ledger.ts";
import { fail, labelOfName, lockTarget, targetOf } from "./ledger.ts";
import { isMissing } from "./missing.ts";
import { refuseTypeName } from "./object-refusals.ts";
import { hasWords, numberAfter, wholeAfter } from "./words.ts";

/** CREATE SEQUENCE: refused where the name is taken; OWNED BY locks the table. */
export function createSequence(ledger: Ledger, statement: CreateSequence): void {
  const label = labelOfName(ledger.world, statement.sequence);
  const isTaken = ledger.world.schema.findRelation({
    schema: label.slice(0, label.indexOf(".")),
    name: statement.sequence.name.name,
  });
  if (isTaken !== undefined && statement.persistence !== "temporary") {
    if (!statement.ifNotExists) fail(ledger, "42P07", `relation ${quoteName(isTaken.name)} already exists`);
    return;
  }
  // While it is made the server looks at the names of types, though it has none for the rows of a sequence since 14.
  if (statement.persistence !== "temporary")
    refuseTypeName(ledger, label.slice(0, label.indexOf(".")), statement.sequence.name.name, "table");
  refuseRange(ledger, statement);
  if (statement.ownedBy !== null) lockOwner(ledger, statement.ownedBy);
}

/** A sequence goes somewhere, from a minimum to a maximum above it. */
function refuseRange(ledger: Ledger, { span }: CreateSequence | AlterSequence): void {
  if (numberAfter(ledger, span, "increment") === 0) fail(ledger, "22023", "INCREMENT must not be zero");
  const [low, high] = [wholeAfter(ledger, span, "minvalue"), wholeAfter(ledger, span, "maxvalue")];
  if (low !== null && high !== null && low >= high)
    fail(
      ledger,
      "22023",
      `MINVALUE ${shorten(String(low))} must be less than MAXVALUE ${shorten(String(high))}`,
    );
  const cache = numberAfter(ledger, span, "cache");
  if (cache !== null && cache < 1) fail(ledger, "22023", "CACHE is at least 1");
  const type = [...ranges.keys()].find((word) => hasWords(ledger, span, "as", word));
  const most = ranges.get(type ?? "bigint") ?? null;
  for (const [word, value] of [
    ["MINVALUE", low],
    ["MAXVALUE", high],
  ] as const)
    if (value !== null && most !== null && (value >= most || value < -most))
      fail(
        ledger,
        isBigint(value) ? "22023" : "22003",
        `${word} ${shorten(String(value))} does not fit into ${type ?? "bigint"}`,
      );
  const start = wholeAfter(ledger, span, "start") ?? wholeAfter(ledger, span, "with");
  if (start !== null && low !== null && start < low)
    fail(ledger, "22023", `START ${shorten(String(start))} is less than MINVALUE ${shorten(String(low))}`);
  if (start !== null && high !== null && start > high)
    fail(
      ledger,
      "22023",
      `START ${shorten(String(start))} is greater than MAXVALUE ${shorten(String(high))}`,
    );
}

function isBigint(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** Types of sequences, each with the first number that is too large for it. */
const ranges: ReadonlyMap<string, bigint> = new Map([
  ["smallint", 2n ** 15n],
  ["int2", 2n ** 15n],
  ["int", 2n ** 31n],
  ["int4", 2n ** 31n],
  ["integer", 2n ** 31n],
  ["bigint", 2n ** 63n],
  ["int8", 2n ** 63n],
]);

function lockOwner(
  ledger: Ledger,
  owner: { readonly table: Rename["target"]; readonly column: string },
): void {
  const target = targetOf(ledger.world, owner.table);
  lockTarget(ledger, target, "table", "ACCESS SHARE");
  const table = isTable(target.known) ? target.known : null;
  if (target.known !== null && table === null && target.known.kind !== "view")
    fail(ledger, "42809", `${quoteName(target.known.name)} is not a table`);
  if (table?.isComplete === true && !table.columns.some((one) => one.name === owner.column))
    fail(ledger, "42703", `column ${quoteName(owner.column)} of ${quoteName(table.name)} does not exist`);
}

/** ALTER SEQUENCE: nextval(), and with it every insert that uses it, waits. */
export function alterSequence(ledger: Ledger, statement: AlterSequence): void {
  const target = targetOf(ledger.world, statement.sequence);
  if (target.known === null && statement.ifExists && isMissing(ledger, target.label)) return;
  lockTarget(ledger, target, "sequence", "SHARE ROW EXCLUSIVE");
  refuseSequence(ledger, statement, target);
  if (statement.ownedBy !== null && statement.ownedBy !== "none") lockOwner(ledger, statement.ownedBy);
}

function refuseSequence(ledger: Ledger, statement: AlterSequence, { known }: Target): void {
  if (known === null) return;
  if (known.kind !== "sequence") {
    if (isSureOfKind(known)) fail(ledger, "42809", `${quoteName(known.name)} is not a sequence`);
    return;
  }
  refuseRange(ledger, statement);
  const table = known.ownedBy === null ? undefined : ledger.world.schema.tableById(known.ownedBy.table);
  const column = table?.columns.find((one) => one.name === known.ownedBy?.column);
  if (statement.ownedBy !== null && column?.identity === true)
    fail(ledger, "0A000", `sequence ${quoteName(known.name)} belongs to an identity column`);
}
