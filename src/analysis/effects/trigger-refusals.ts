import { walkExpression } from "../../model/expression.ts";
import type { CreateTrigger } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { isSureOfKind } from "../assumed.ts";
import { isTable, type Relation, type Table } from "../entities.ts";
import { refuseExpression } from "./expression-refusals.ts";
import { ancestorsOf, isPartitioned } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { fail, failEvident, needVersion, targetOf } from "./ledger.ts";
import { columnsOf } from "./object-refusals.ts";
import { refuseCondition } from "./value-refusals.ts";
import { hasWords } from "./words.ts";

/** CREATE TRIGGER: on what can have it, about columns that are there. */
export function refuseTrigger(ledger: Ledger, statement: CreateTrigger): void {
  const known = targetOf(ledger.world, statement.table).known;
  if (known === null) return;
  if (known.kind !== "view" && !isTable(known)) {
    fail(ledger, "42809", `${quoteName(known.name)} cannot have triggers`);
    return;
  }
  refuseTriggerForm(ledger, statement, known);
  const hasRows = known.kind === "table" || !hasWords(ledger, statement.span, "referencing");
  if (!hasRows) fail(ledger, "42809", `${quoteName(known.name)} is no table: it has no transition tables`);
  if (!isTable(known)) return;
  if (known.kind === "foreign table" && statement.events.includes("truncate"))
    needVersion(ledger, 16, "a TRUNCATE trigger of a foreign table", "42809");
  if (statement.isConstraint && known.kind === "foreign table")
    fail(ledger, "42809", `${quoteName(known.name)} is a foreign table and has no constraint triggers`);
  if (statement.timing === "instead of" && isSureOfKind(known))
    fail(ledger, "42809", `${quoteName(known.name)} is a table: INSTEAD OF is for views`);
  if (hasWords(ledger, statement.span, "referencing")) refuseTransition(ledger, statement, known);
  const own = known.triggers.find((one) => one.name === statement.name.name);
  if (own !== undefined && statement.orReplace && (own.isConstraint === true) !== statement.isConstraint)
    fail(ledger, "42710", `trigger ${quoteName(own.name)} is of the other kind and cannot be replaced`);
  if (!known.isComplete) return;
  const columns = columnsOf(known);
  const named = new Set<string>();
  for (const { name } of statement.columns) {
    if (!columns.has(name)) fail(ledger, "42703", `column ${quoteName(name)} does not exist`);
    if (named.has(name)) failEvident(ledger, "42701", `column ${quoteName(name)} is given twice`);
    named.add(name);
  }
  if (statement.when === null) return;
  walkExpression(statement.when, (node) => {
    const [name = "", ...more] = node.kind === "column" ? node.path : [];
    if (more.length === 0 && columns.has(name))
      fail(ledger, "42702", `WHEN says of ${quoteName(name)} neither OLD nor NEW`);
  });
  const what = "WHEN of a trigger";
  refuseExpression(ledger, statement.when, { columns, rows: ["old", "new"], what, ofSystem: null });
  refuseCondition(ledger, statement.when, columns, what);
}

/** REFERENCING: what AFTER triggers see, and of single rows only where the table has no kin. */
function refuseTransition(ledger: Ledger, statement: CreateTrigger, on: Table): void {
  const { timing, forEachRow, events, columns, span } = statement;
  if (timing !== "after") fail(ledger, "42P17", "only an AFTER trigger has transition tables");
  if (events.length > 1) fail(ledger, "0A000", "a trigger with transition tables has one event only");
  if (columns.length > 0) fail(ledger, "0A000", "a trigger with transition tables names no columns");
  const [hasOld, hasNew] = ["old", "new"].map((word) => hasWords(ledger, span, word, "table"));
  if (hasOld === true && events.includes("insert")) fail(ledger, "42P17", "INSERT has no OLD TABLE");
  if (hasNew === true && events.includes("delete")) fail(ledger, "42P17", "DELETE has no NEW TABLE");
  if (!forEachRow || on.kind !== "table") return;
  const kind = isPartitioned(on)
    ? "partitioned tables"
    : on.partitionOf !== null
      ? "partitions"
      : on.inherits.length > 0
        ? "inheritance children"
        : null;
  if (kind !== null)
    fail(ledger, "0A000", `row triggers with transition tables are not supported on ${kind}`);
}

/** What a trigger cannot be, whatever its table has. */
function refuseTriggerForm(ledger: Ledger, statement: CreateTrigger, on: Relation): void {
  const { events, forEachRow, timing, when } = statement;
  if (on.kind === "view" && timing !== "instead of" && (forEachRow || events.includes("truncate")))
    fail(ledger, "42809", `${quoteName(on.name)} is a view: its row triggers are INSTEAD OF`);
  if (events.includes("truncate") && forEachRow) fail(ledger, "0A000", "TRUNCATE has no row triggers");
  if (timing === "instead of" && on.kind === "view") {
    if (!forEachRow) fail(ledger, "0A000", "INSTEAD OF triggers are FOR EACH ROW");
    if (when !== null) fail(ledger, "0A000", "INSTEAD OF triggers have no WHEN");
  }
  if (when !== null)
    walkExpression(when, (node) => {
      if (node.kind !== "column") return;
      const [row] = node.path;
      const isMissing =
        (row === "old" && events.includes("insert")) || (row === "new" && events.includes("delete"));
      if (isMissing || ((row === "old" || row === "new") && !forEachRow))
        fail(ledger, "42P17", `WHEN of the trigger cannot read ${row?.toUpperCase()}`);
    });
  const [name = "", schema = null] = [...statement.function].reverse();
  const called = ledger.world.schema.findFunctions({ schema, name });
  if (called.length > 0 && called.every((one) => !one.isTrigger || one.returns?.name === "event_trigger"))
    fail(ledger, "42P17", `function ${quoteName(name)} does not return trigger`);
  const { version } = ledger.world;
  if (called.length === 0 && schema === null && version >= (moments.get(name) ?? Number.POSITIVE_INFINITY))
    fail(ledger, "42P17", `function ${quoteName(name)} does not return trigger`);
}

/** Functions without arguments that are meant where a value is set by a trigger, and since when they are there. */
const moments: ReadonlyMap<string, number> = new Map([
  ["now", 12],
  ["clock_timestamp", 12],
  ["statement_timestamp", 12],
  ["transaction_timestamp", 12],
  ["gen_random_uuid", 13],
]);

/** A copy of a parent's trigger is renamed with it. */
export function refuseCopy(ledger: Ledger, table: Table, name: string): void {
  const { schema, version } = ledger.world;
  if (version < 15 || table.partitionOf === null) return;
  const isCopy = ancestorsOf(schema, table).some((parent) =>
    parent.triggers.some((one) => one.name === name && one.forEachRow),
  );
  if (isCopy)
    fail(
      ledger,
      version >= 18 ? "0A000" : "XX000",
      `trigger ${quoteName(name)} comes from the partitioned table`,
    );
}
