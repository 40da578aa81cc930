import type { Publication } from "../../model/statement.ts";
import { nameOf, quoteName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isNameToken, isWord, textOf, tokensIn } from "../../sql/tokens.ts";
import type { Table } from "../entities.ts";
import { isAggregate } from "../facts/aggregates.ts";
import { findBuiltIn } from "../facts/built-ins.ts";
import { isOwnFunction } from "../own-functions.ts";
import { itemNamed } from "../schema/places.ts";
import { findUserType } from "./domains.ts";
import type { Ledger } from "./ledger.ts";
import { fail, needVersion } from "./ledger.ts";
import { optionNames } from "./option-list.ts";

/** Parameters of a publication, each with the version that brought it. */
const parameters: ReadonlyMap<string, number> = new Map([
  ["publish", 10],
  ["publish_via_partition_root", 13],
  ["publish_generated_columns", 18],
]);

const changes = ["insert", "update", "delete", "truncate"];

/** What stands in parentheses behind WITH, or behind SET of ALTER PUBLICATION. */
export function refuseParameters(ledger: Ledger, { kind, name, span }: Publication): void {
  const { text, version } = ledger.world;
  const tokens = tokensIn(text, name.span.end, span.end);
  const word = kind === "create publication" ? "with" : "set";
  const at = tokens.findIndex((token, k) => isWord(text, token, word) && isMark(text, tokens[k + 1], "("));
  if (at === -1) return;
  const list = tokens.slice(at + 2).filter((_, k, rest) => k < rest.length - 1);
  for (const one of optionNames(text, list)) {
    const since = parameters.get(one);
    if (since === undefined) fail(ledger, "42601", `a publication has no parameter ${one}`);
    else if (version < since) needVersion(ledger, since, one);
  }
  const publish = list.findIndex((token) => isWord(text, token, "publish"));
  const value = list[publish + 2];
  if (publish === -1 || value?.kind !== "string") return;
  const words = textOf(text, value)
    .replaceAll("'", "")
    .split(",")
    .map((one) => one.trim().toLowerCase());
  const odd = words.find((one) => one !== "" && !changes.includes(one));
  if (odd !== undefined) fail(ledger, "42601", `${odd} is no change that a publication sends on`);
}

/** WHERE looks at one row, with what gives the same on every server. */
export function refuseFilter(ledger: Ledger, tokens: readonly Token[], table: Table | null): void {
  const { text, schema } = ledger.world;
  const start = tokens.findIndex((token) => isWord(text, token, "where"));
  for (const [k, token] of tokens.entries()) {
    if (start === -1 || k < start) continue;
    const next = tokens[k + 1];
    if (isMark(text, token, "(") && isWord(text, next, "select"))
      fail(ledger, "0A000", "the condition of a published table cannot use a subquery");
    if (isNameToken(token) && !isMark(text, next, "(")) {
      const type = itemNamed(table?.columns ?? [], nameOf(text, token))?.type ?? null;
      if (type !== null && findUserType(ledger.world, type) !== undefined)
        fail(
          ledger,
          "0A000",
          `the condition of a published table cannot use the type ${quoteName(type.name)}`,
        );
    }
    if (!isNameToken(token) || !isMark(text, next, "(") || isMark(text, tokens[k - 1], ".")) continue;
    const name = nameOf(text, token);
    const isOwn = isOwnFunction(schema, name);
    if (isAggregate(name) && !isOwn)
      fail(ledger, "42803", `the condition of a published table cannot use the aggregate ${name}()`);
    const known = isOwn ? undefined : findBuiltIn(name);
    if (isOwn || (known !== undefined && known.best !== "immutable"))
      fail(ledger, "0A000", `the condition of a published table cannot call ${name}()`);
  }
}
