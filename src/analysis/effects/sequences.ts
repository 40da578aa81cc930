import type { AlterSequence, CreateSequence, Rename } from "../../model/statement.ts";
import type { Persistence } from "../../model/statement-base.ts";
import { spokenName } from "../../model/type-names.ts";
import { quoteName, splitQualified } from "../../sql/names.ts";
import { isMark, isWord, tokensIn } from "../../sql/tokens.ts";
import { shorten } from "../../text/shorten.ts";
import type { Span } from "../../text/span.ts";
import { isSureOfKind } from "../assumed.ts";
import { isTable } from "../entities.ts";
import { holds } from "../facts/integers.ts";
import { rangeAfter, readSequenceOptions, type SequenceRange, unknownRange } from "../sequence-range.ts";
import type { Ledger, Target } from "./ledger.ts";
import { fail, labelOfName, lockTarget, targetOf } from "./ledger.ts";
import { isMissing } from "./missing.ts";
import { refuseTypeName } from "./type-refusals.ts";

/** CREATE SEQUENCE: refused where the name is taken; OWNED BY locks the table. */
export function createSequence(ledger: Ledger, statement: CreateSequence): void {
  const { schema } = splitQualified(labelOfName(ledger.world, statement.sequence));
  const isTaken = ledger.world.schema.findRelation({ schema, name: statement.sequence.name.name });
  if (isTaken !== undefined && statement.persistence !== "temporary") {
    if (!statement.ifNotExists) fail(ledger, "42P07", `relation ${quoteName(isTaken.name)} already exists`);
    return;
  }
  // While it is made the server looks at the names of types, though it has none for the rows of a sequence since 14.
  if (statement.persistence !== "temporary")
    refuseTypeName(ledger, schema, statement.sequence.name.name, "table");
  refuseSequenceForm(ledger, behind(statement));
  refuseRange(ledger, behind(statement), null);
  if (statement.ownedBy === null) return;
  lockOwner(ledger, statement.ownedBy);
  refuseFarOwner(ledger, statement.ownedBy, schema, statement.persistence);
}

/** Each option once, numbers of a type that has no fractions, and an owner that is a column. */
function refuseSequenceForm(ledger: Ledger, span: Span): void {
  const { text } = ledger.world;
  const tokens = tokensIn(text, span.start, span.end);
  for (const word of [
    "increment",
    "minvalue",
    "maxvalue",
    "start",
    "restart",
    "cache",
    "cycle",
    "owned",
    "as",
  ]) {
    const found = tokens.filter((token, k) => isWord(text, token, word) && !isMark(text, tokens[k - 1], "."));
    if (found.length > 1) fail(ledger, "42601", `${word.toUpperCase()} can stand only once`);
  }
  const type = tokens[tokens.findIndex((token) => isWord(text, token, "as")) + 1];
  const isAs = tokens.some((token) => isWord(text, token, "as"));
  const others = ["text", "varchar", "numeric", "decimal", "real", "float8", "uuid"];
  if (isAs && others.some((word) => isWord(text, type, word)))
    fail(ledger, "22023", "a sequence is of type smallint, integer or bigint");
}

/** A sequence lies where the table lies that owns it, and goes with the session if that does. */
function refuseFarOwner(
  ledger: Ledger,
  { table }: { readonly table: Rename["target"] },
  schema: string,
  persistence: Persistence | null,
): void {
  const { known } = targetOf(ledger.world, table);
  if (!isTable(known)) return;
  const isTemporary = known.persistence === "temporary";
  const isApart =
    isTemporary || persistence === "temporary"
      ? persistence !== null && isTemporary !== (persistence === "temporary")
      : known.schema !== schema;
  if (isApart)
    fail(
      ledger,
      "55000",
      `the sequence has to be in the same schema as ${quoteName(known.name)}, which is to own it`,
    );
}

/** What stands behind the name. */
function behind({ sequence, span }: CreateSequence | AlterSequence): Span {
  return { start: sequence.span.end, end: span.end };
}

/** A sequence goes somewhere, from a minimum to a maximum above it, within its type. */
export function refuseRange(ledger: Ledger, span: Span, before: SequenceRange | null, type?: string): void {
  const options = readSequenceOptions(ledger.world.text, span);
  const { increment, cache, start, restart } = options;
  const range = rangeAfter(before, options, type);
  const refuse = (reason: string, sqlstate = "22023") => fail(ledger, sqlstate, reason);
  if (increment === 0n) refuse("INCREMENT must not be zero");
  for (const [word, value] of [
    ["MAXVALUE", options.high],
    ["MINVALUE", options.low],
  ] as const)
    if (value !== null && range.type !== null && !holds(range.type, value))
      refuse(
        `${word} ${shown(value)} does not fit into ${spokenName(range.type)}`,
        holds("int8", value) ? "22023" : "22003",
      );
  const [low, high] = [wholeOf(range.low), wholeOf(range.high)];
  if (low !== null && high !== null && low >= high)
    refuse(`MINVALUE ${shown(low)} must be less than MAXVALUE ${shown(high)}`);
  for (const [word, value] of [
    ["START", start],
    ["RESTART", restart],
  ] as const) {
    if (value !== null && low !== null && value < low)
      refuse(`${word} ${shown(value)} is less than MINVALUE ${shown(low)}`);
    if (value !== null && high !== null && value > high)
      refuse(`${word} ${shown(value)} is greater than MAXVALUE ${shown(high)}`);
  }
  if (cache !== null && cache < 1n) refuse("CACHE is at least 1");
}

function wholeOf(bound: string | null): bigint | null {
  return bound === null ? null : BigInt(bound);
}

function shown(value: bigint): string {
  return shorten(String(value));
}

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
  refuseSequenceForm(ledger, behind(statement));
  lockTarget(ledger, target, "sequence", "SHARE ROW EXCLUSIVE");
  refuseSequence(ledger, statement, target);
  if (statement.ownedBy !== null && statement.ownedBy !== "none") {
    lockOwner(ledger, statement.ownedBy);
    if (target.known !== null) refuseFarOwner(ledger, statement.ownedBy, target.known.schema, null);
  }
}

function refuseSequence(ledger: Ledger, statement: AlterSequence, { known }: Target): void {
  if (known === null) return;
  if (known.kind !== "sequence") {
    if (isSureOfKind(known)) fail(ledger, "42809", `${quoteName(known.name)} is not a sequence`);
    return;
  }
  refuseRange(ledger, behind(statement), known.range ?? unknownRange);
  if (statement.ownedBy !== null && known.isIdentity === true)
    fail(ledger, "0A000", `sequence ${quoteName(known.name)} belongs to an identity column`);
}
