import { parseSchema, renderSchema } from "../analysis/schema.ts";
import type { Setting } from "../analysis/session.ts";
import type { AskedFiles } from "./asked-files.ts";
import type { HistoryFacts } from "./kept-history.ts";

interface Head {
  readonly silent: readonly number[];
  readonly units: number;
  readonly transactionNumber: number;
  readonly defaults: readonly (readonly [string, Setting])[];
  readonly asked: AskedFiles;
}

/** In UTF-16 units: more is replayed each time instead. */
const largest = 32 * 1024 * 1024;

/** Facts as a text: a line of JSON, then the schema. Null where it would be too long, or too deep. */
export function renderFacts(facts: HistoryFacts): string | null {
  const { silent, units, transactionNumber, defaults, asked, schema } = facts;
  const head: Head = { silent, units, transactionNumber, defaults: [...defaults], asked };
  try {
    const first = JSON.stringify(head);
    const rest = renderSchema(schema, largest - first.length);
    return rest === null ? null : `${first}\n${rest}`;
  } catch {
    return null;
  }
}

/** The facts of a text that {@link renderFacts} made; null for another. */
export function parseFacts(text: string): HistoryFacts | null {
  try {
    const end = text.indexOf("\n");
    const { defaults, ...rest }: Head = JSON.parse(text.slice(0, end));
    return { defaults: new Map(defaults), ...rest, schema: parseSchema(text.slice(end + 1)) };
  } catch {
    return null;
  }
}
