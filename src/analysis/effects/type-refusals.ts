import type { Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { AlterDomain, CreateType, StatementOf } from "../../model/statement.ts";
import { nameOf, quoteName, truncateName } from "../../sql/names.ts";
import { isWord, tokensIn } from "../../sql/tokens.ts";
import { shorten } from "../../text/shorten.ts";
import type { Relation, UserType } from "../entities.ts";
import { isPseudoType, refuseCollation, refuseExpression } from "./expression-refusals.ts";
import type { Ledger } from "./ledger.ts";
import { fail, failEvident, needVersion } from "./ledger.ts";
import { refuseCondition } from "./value-refusals.ts";
import { hasWords, tokensOutside } from "./words.ts";

/** CREATE TYPE: a name that neither a type nor a relation has. */
export function refuseType(ledger: Ledger, statement: CreateType): void {
  const { world } = ledger;
  const name = {
    schema: statement.type.schema?.name ?? world.searchPath[0] ?? "public",
    name: statement.type.name.name,
  };
  const twice = statement.values.find((value, k) => statement.values.indexOf(value) !== k);
  if (twice !== undefined) fail(ledger, "23505", `the value ${twice} is given twice`);
  const names = statement.attributes.map(({ name: attribute }) => truncateName(attribute.name));
  const doubled = names.find((one, k) => names.indexOf(one) !== k);
  if (doubled !== undefined)
    failEvident(ledger, "42701", `the attribute ${quoteName(doubled)} is given twice`);
  for (const value of statement.values) refuseLabel(ledger, value);
  const taken = world.schema.findType(name);
  // One that was only announced is made then.
  const isMade = taken?.kind === "base" && statement.form !== "shell";
  if (taken !== undefined && statement.form !== "base" && !isMade)
    fail(ledger, "42710", `type ${quoteName(name.name)} already exists`);
  refuseRelationName(ledger, name, statement.form === "composite");
}

/** A value of an enum is as long as a name at most, and is not cut. */
export function refuseLabel(ledger: Ledger, label: string): void {
  if (truncateName(label) !== label)
    failEvident(ledger, "42602", `the value '${shorten(label)}' is longer than 63 bytes`);
}

/** A type needs a name that no relation's rows have; a composite one is a relation itself. */
function refuseRelationName(ledger: Ledger, place: Place, isRelation: boolean): void {
  const taken = ledger.world.schema.findRelation(place);
  if (taken === undefined) return;
  if (hasRowType(taken.kind, ledger.world.version))
    fail(ledger, "42710", `type ${quoteName(place.name)} already exists`);
  else if (isRelation) fail(ledger, "42P07", `relation ${quoteName(place.name)} already exists`);
}

interface Place {
  readonly schema: string;
  readonly name: string;
}

/** Whether a relation has a type of its name for its rows: a table, a view and, up to 13, a sequence. */
export function hasRowType(kind: Relation["kind"], version: number): boolean {
  return kind !== "index" && (kind !== "sequence" || version < 14);
}

/** Some relations have a type of their name for their rows; composite types are among the relations. */
export function refuseTypeName(ledger: Ledger, schema: string, name: string, kind: Relation["kind"]): void {
  const type = ledger.world.schema.findType({ schema, name });
  if (type === undefined) return;
  if (type.kind === "composite") fail(ledger, "42P07", `relation ${quoteName(name)} already exists`);
  else if (hasRowType(kind, ledger.world.version))
    fail(ledger, "42710", `type ${quoteName(name)} already exists`);
}

/** CREATE DOMAIN: the same as of other types. */
export function refuseNewDomain(ledger: Ledger, statement: StatementOf<"create domain">): void {
  const { domain, type, constraints } = statement;
  for (const one of constraints) {
    if (one.kind === "check") refuseDomainCheck(ledger, one.expression.value, type);
    else if (one.kind !== "not null") fail(ledger, "42601", `a domain has no ${one.kind}`);
  }
  refuseDomainForm(ledger, statement);
  const { schema, searchPath } = ledger.world;
  const name = { schema: domain.schema?.name ?? searchPath[0] ?? "public", name: domain.name.name };
  if (schema.findType(name) !== undefined)
    fail(ledger, "42710", `type ${quoteName(name.name)} already exists`);
  refuseRelationName(ledger, name, false);
}

/** What a domain says of itself: once, and without a contradiction. */
function refuseDomainForm(ledger: Ledger, statement: StatementOf<"create domain">): void {
  const { domain, type, constraints, span } = statement;
  const { text } = ledger.world;
  const checks = new Set<string>();
  for (const { kind, name } of constraints) {
    if (kind !== "check" || name === null) continue;
    if (checks.has(name.name))
      failEvident(ledger, "42710", `constraint ${quoteName(name.name)} of the domain is given twice`);
    checks.add(name.name);
  }
  if (isPseudoType(type)) failEvident(ledger, "42804", `no domain is made of the pseudo-type ${type.name}`);
  const tokens = tokensOutside(text, tokensIn(text, domain.span.end, span.end));
  const count = (word: string) => tokens.filter((token) => isWord(text, token, word)).length;
  if (count("default") > 1) failEvident(ledger, "42601", "a domain has one default");
  const nulls = tokens.flatMap((token, k) => (isWord(text, token, "null") ? [tokens[k - 1]] : []));
  // DEFAULT NULL says nothing of the values.
  const isTold = nulls.filter((before) => !isWord(text, before, "default"));
  const negated = isTold.filter((before) => isWord(text, before, "not"));
  if (negated.length > 0 && negated.length < isTold.length)
    failEvident(ledger, "42601", "a domain is either NULL or NOT NULL");
  const at = tokens.findIndex((token) => isWord(text, token, "collate"));
  const collation = tokens[at + 1];
  if (at !== -1 && collation !== undefined) refuseCollation(ledger, type, nameOf(text, collation));
}

/** CHECK of a domain looks at VALUE and at nothing else. */
function refuseDomainCheck(ledger: Ledger, check: Expression, type: TypeDescription | null): void {
  const columns = new Map([["value", type]]);
  refuseExpression(ledger, check, {
    columns,
    rows: [],
    what: "a check constraint of a domain",
    ofSystem: null,
  });
  refuseCondition(ledger, check, columns, "a check constraint of a domain");
}

/** ALTER DOMAIN of what is a domain. */
export function refuseDomain(ledger: Ledger, statement: AlterDomain): void {
  const { world } = ledger;
  const type = world.schema.findType(statement.domain);
  if (type !== undefined && type.kind !== "domain") fail(ledger, "42809", `${type.name} is not a domain`);
  if (statement.constraint?.kind === "not null")
    needVersion(ledger, 17, "NOT NULL as a constraint of a domain");
  if (statement.constraint?.kind === "check")
    refuseDomainCheck(ledger, statement.constraint.expression.value, type?.base ?? null);
  const isNamed = statement.action === "validate constraint" || statement.action === "drop constraint";
  const wanted = isNamed ? statement.name?.name : undefined;
  const ifExists = hasWords(ledger, statement.span, "if", "exists");
  if (
    wanted !== undefined &&
    type?.origin != null &&
    !ifExists &&
    !hasConstraint(type, wanted, world.version)
  )
    fail(ledger, "42704", `constraint ${quoteName(wanted)} does not exist`);
  const name = statement.action === "add constraint" ? statement.constraint?.name?.name : undefined;
  if (name !== undefined && type?.constraints.some((one) => one.name === name) === true)
    fail(ledger, "42710", `constraint ${quoteName(name)} already exists`);
}

/** The name of a NOT NULL (17) is not kept. */
function hasConstraint(type: UserType, name: string, version: number): boolean {
  return (type.notNull && version >= 17) || type.constraints.some((one) => one.name === name);
}
