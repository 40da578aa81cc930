import type { Expression } from "../model/expression.ts";
import type { Clause, TypeDescription } from "../model/name.ts";
import type { Context } from "../rule.ts";
import { quoteLiteral } from "../sql/names.ts";

/** Settings that decide what a cast makes of times, and of texts that tell them. */
const settings = ["timezone", "datestyle", "intervalstyle"];

const times: ReadonlySet<string> = new Set([
  "timestamp",
  "timestamptz",
  "date",
  "time",
  "timetz",
  "interval",
]);

interface Conversion {
  /** The column as SQL. */
  readonly name: string;
  readonly from: TypeDescription | null;
  readonly to: TypeDescription;
  readonly using: Clause<Expression> | null;
}

/**
 * What a column becomes, as SQL. Who writes later has settings of its own: where the migration sets the time zone, it is said in
 * the expression. Undefined where the settings of the migration decide in another way.
 */
export function castInSession({ name, from, to, using }: Conversion, context: Context): string | undefined {
  const own = using === null ? name : context.text(using.span);
  if (!isOfSession(from, to, context) || (using !== null && isZoned(using.value))) return own;
  const zone = context.session.settings.get("timezone")?.value;
  const pair = `${from?.name} ${to.name}`;
  const isShift = pair === "timestamp timestamptz" || pair === "timestamptz timestamp";
  if (using !== null || !isShift || zone == null || !/^[A-Za-z_]+(\/[A-Za-z_]+)*$/.test(zone))
    return undefined;
  return `${name} AT TIME ZONE ${quoteLiteral(zone)}`;
}

/** `placed_at AT TIME ZONE 'UTC'` asks no setting. */
function isZoned(value: Expression): boolean {
  return value.kind === "call" && value.name === "timezone" && value.arguments.every(isPlain);
}

function isPlain({ kind }: Expression): boolean {
  return kind === "column" || kind === "constant";
}

/** Whether a conversion is one of times, and runs behind a SET that decides what comes of it. */
function isOfSession(from: TypeDescription | null, to: TypeDescription, { session }: Context): boolean {
  if (from !== null && !times.has(from.name) && !times.has(to.name)) return false;
  return settings.some((name) => {
    const scope = session.settings.get(name)?.scope;
    return scope === "session" || scope === "transaction";
  });
}
