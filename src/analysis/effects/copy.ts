import type { CopyStatement } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { isMark, isWord, tokenize, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import { isTable, isWrittenByHooks } from "../entities.ts";
import { changeData } from "./data.ts";
import { checkParent } from "./data-keys.ts";
import { isPartitioned } from "./family.ts";
import { fireTriggers } from "./fired.ts";
import { foreignKeysOf } from "./foreign-keys.ts";
import type { Ledger } from "./ledger.ts";
import { fail, lockTarget, needVersion, tableTarget, targetOf } from "./ledger.ts";
import { readQuery } from "./queries.ts";
import { isChange } from "./reads.ts";
import { hasMark, hasWords } from "./words.ts";

/** COPY: from a file it inserts, to one it reads. */
export function copy(ledger: Ledger, statement: CopyStatement): void {
  const { world } = ledger;
  refuseOptions(ledger, statement);
  if (statement.query !== null) {
    if (isChange(statement.query)) {
      if (!statement.query.isReturning)
        fail(ledger, "0A000", "COPY needs what the change gives back: RETURNING");
      changeData(ledger, statement.query);
    } else readQuery(ledger, statement.query, "runs");
    return;
  }
  if (statement.table === null) return;
  refuseSource(ledger, statement);
  const target = tableTarget(world, statement.table);
  for (const { name } of statement.columns)
    if (target.known?.isComplete === true && !target.known.columns.some((one) => one.name === name))
      fail(ledger, "42703", `column ${quoteName(name)} does not exist`);
  const generated = statement.columns.find(({ name }) =>
    target.known?.columns.some((one) => one.name === name && one.generated !== null),
  );
  if (generated !== undefined)
    fail(ledger, "42P10", `the generated column ${quoteName(generated.name)} is not copied`);
  if (statement.direction === "to") {
    const source = targetOf(world, statement.table);
    const kind = source.known?.kind === "materialized view" ? source.known.kind : "table";
    // 12 lets go of the lock when it is done.
    if (world.version >= 13) lockTarget(ledger, source, kind, "ACCESS SHARE");
    if (isPartitioned(target.known))
      fail(ledger, "42809", "a partitioned table is copied by COPY (SELECT ...) TO");
    ledger.scans.add(source.label);
    return;
  }
  lockTarget(ledger, target, "table", "ROW EXCLUSIVE");
  if (target.known === null) return;
  if (isPartitioned(target.known) && hasWords(ledger, optionsOf(statement), "freeze"))
    fail(ledger, "0A000", "COPY FREEZE is not for partitioned tables");
  fireTriggers(ledger, target.known, "insert");
  for (const key of foreignKeysOf(world, target.known)) if (key.enforced) checkParent(ledger, key);
}

/** Tables are copied, and from 18 on what a materialized view holds. */
function refuseSource(ledger: Ledger, statement: CopyStatement): void {
  const known = statement.table === null ? null : targetOf(ledger.world, statement.table).known;
  if (known?.kind === "foreign table" && statement.direction === "to")
    fail(ledger, "42809", `${quoteName(known.name)} is a foreign table: COPY (SELECT ...) TO reads it`);
  // What is written into a view with INSTEAD OF triggers, these say.
  const isHooked = known?.kind === "view" && isWrittenByHooks(known) && statement.direction === "from";
  if (known === null || isTable(known) || isHooked) return;
  const isHolding = known.kind === "materialized view" && statement.direction === "to";
  if (!isHolding || ledger.world.version < 18)
    fail(ledger, "42809", `${quoteName(known.name)} is not a table`);
  else if (!known.withData) fail(ledger, "0A000", `${quoteName(known.name)} holds nothing yet`);
}

/** Options that COPY has not always had. */
const newOptions = [
  ["default", 16],
  ["on_error", 17],
  ["log_verbosity", 17],
  ["reject_limit", 18],
] as const;

/** The format, where it stands among options in parentheses. */
function refuseFormat(ledger: Ledger, { start, end }: Span): void {
  const { text } = ledger.world;
  const tokens = tokensIn(text, start, end);
  const at = tokens.findIndex(
    (token, k) => isMark(text, tokens[k - 1], "(") && isWord(text, token, "format"),
  );
  const format = tokens[at + 1];
  if (at === -1 || format === undefined || isMark(text, format, ",") || isMark(text, format, ")")) return;
  const written = text.slice(format.start, format.end);
  // In quotes capital letters are kept.
  const word = format.kind === "string" ? written.replaceAll("'", "") : written.toLowerCase();
  if (!["text", "csv", "binary"].includes(word)) fail(ledger, "22023", `COPY has no format ${word}`);
}

function refuseOptions(ledger: Ledger, statement: CopyStatement): void {
  const options = optionsOf(statement);
  refuseFormat(ledger, options);
  if (ledger.world.version >= 18 || !hasMark(ledger, options, "(")) return;
  if (hasWords(ledger, options, "header", "match")) needVersion(ledger, 15, "HEADER MATCH of COPY");
  const tokens = tokenize(ledger.world.text, options.start, options.end);
  const isText = !tokens.some((token) => isOtherFormat(ledger.world.text.slice(token.start, token.end)));
  if (isText && hasWords(ledger, options, "header"))
    needVersion(ledger, 15, "HEADER of COPY in the text format", "0A000");
  for (const [option, since] of newOptions)
    if (ledger.world.version < since && hasWords(ledger, options, option))
      needVersion(ledger, since, `the option ${option.toUpperCase()} of COPY`);
}

/** `csv`, `'csv'`; a string that says it anywhere else, as of what is null, is as good as none. */
function isOtherFormat(token: string): boolean {
  return /^'?(?:csv|binary)'?$/i.test(token);
}

/** What stands behind the table; a query in parentheses has none of these words by chance alone. */
function optionsOf({ span, table, columns }: CopyStatement): {
  readonly start: number;
  readonly end: number;
} {
  return { start: columns.at(-1)?.span.end ?? table?.span.end ?? span.end, end: span.end };
}
