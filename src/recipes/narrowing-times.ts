import type { TypeDescription } from "../model/name.ts";
import { loses, type Narrowing } from "./narrowing-kinds.ts";

const moments = ["timestamp", "timestamptz"];
const timesOfDay = ["time", "timetz"];
const intervalFields = ["second", "minute", "hour", "day", "month", "year"];

/** How a change between times narrows the column; null where it does not, or where the types are no times. */
export function narrowerTime(from: TypeDescription, to: TypeDescription, column: string): Narrowing | null {
  if (moments.includes(from.name)) {
    if (to.name === "date")
      return loses("The time of day", "is lost", `${column} <> date_trunc('day', ${column})`);
    if (timesOfDay.includes(to.name)) return loses("The date", "is lost", null);
  }
  const isSame = [moments, timesOfDay, ["interval"]].some(
    (kind) => kind.includes(from.name) && kind.includes(to.name),
  );
  if (!isSame) return null;
  const cut = leastField(to);
  if (cut > leastField(from))
    return loses(
      `What is less than one ${intervalFields[cut]}`,
      "is cut",
      `${column} <> ${column}::interval ${to.fields}`,
    );
  const was = Number(from.modifiers[0] ?? 6);
  const is = Number(to.modifiers[0] ?? 6);
  if (is >= was || leastField(from) > 0) return null;
  return loses(
    "Fractions of a second",
    `are rounded to ${is} digits`,
    `${column} <> ${column}::${from.name}(${is})`,
  );
}

/** The smallest field that an interval keeps; other times keep seconds. */
function leastField({ fields }: TypeDescription): number {
  return intervalFields.indexOf(fields?.split(" ").at(-1) ?? "second");
}
