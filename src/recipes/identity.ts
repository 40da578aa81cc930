import type { Column, Sequence } from "../analysis/entities.ts";
import { quoteLiteral, quoteName } from "../sql/names.ts";
import { isMark, isWord, textOf, tokenize, tokensIn } from "../sql/tokens.ts";
import { bareName } from "./text.ts";

/** An identity that moves from one column of a table to another: the columns as SQL, by the names that they have by then. */
interface IdentityMove {
  readonly table: string;
  /** The schema with a dot, or nothing. */
  readonly schema: string;
  readonly from: string;
  readonly to: string;
  /** What the sequence is called for as long as there are two. */
  readonly fresh: string;
}

/**
 * The statements that give a column the identity of another one, which loses it. The sequence of an identity column cannot be
 * given away: the new one goes on where the old one stopped, and takes its name. Null where its options are not known.
 */
export function moveIdentity(
  column: Column,
  sequence: Sequence | undefined,
  move: IdentityMove,
): string[] | null {
  const identity = column.identityText ?? "";
  const named = withName(identity, move.fresh);
  if (named === null || sequence === undefined) return null;
  const alter = `ALTER TABLE ${move.table} ALTER COLUMN`;
  const current = (name: string) =>
    `pg_get_serial_sequence(${quoteLiteral(move.table)}, ${quoteLiteral(bareName(name))})`;
  return [
    `${alter} ${move.to} ADD ${named};`,
    `SELECT setval(${current(move.to)}, nextval(${current(move.from)}));`,
    `${alter} ${move.from} DROP IDENTITY;`,
    `ALTER SEQUENCE ${move.schema}${move.fresh} RENAME TO ${quoteName(sequence.name)};`,
  ];
}

/** The clause with a name for the sequence; null where it cannot be told, or has one already. */
function withName(identity: string, name: string): string | null {
  if (!/\bidentity\b/i.test(identity) || /\bsequence\s+name\b/i.test(identity)) return null;
  const open = tokenize(identity).find((token) => isMark(identity, token, "("));
  if (open === undefined) return `${identity.trim()} (SEQUENCE NAME ${name})`;
  return `${identity.slice(0, open.end)}SEQUENCE NAME ${name} ${identity.slice(open.end).trim()}`;
}

/** ` START 100 INCREMENT BY 5`: what the clause says of its sequence, for another one; nothing of how that is called. */
export function sequenceOptions(identity: string): string {
  const tokens = tokensIn(identity);
  const open = tokens.findIndex((token) => isMark(identity, token, "("));
  const options = open < 0 ? [] : tokens.slice(open + 1, -1);
  const at = options.findIndex(
    (token, k) => isWord(identity, token, "sequence") && isWord(identity, options[k + 1], "name"),
  );
  if (at >= 0) options.splice(at, isMark(identity, options[at + 3], ".") ? 5 : 3);
  return options.map((token) => ` ${textOf(identity, token)}`).join("");
}
