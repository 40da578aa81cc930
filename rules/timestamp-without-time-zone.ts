import type { TypeName } from "../src/model/name.ts";
import { declaredTypes, declaringKinds } from "../src/recipes/declared-types.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "timestamp-without-time-zone",
  severity: "off",
  category: "style",
  summary: "timestamp, timetz, or fractions of a second rounded away",
  why: `
A timestamp is what a clock on some wall showed; which wall is for every reader to guess, and two sessions with
another TimeZone guess otherwise. timestamptz is a point in time, and takes the same eight bytes.

timetz has an offset without a date, which daylight saving makes meaningless. timestamp(0) and timestamptz(0) round
half a second up, into the future.`,
  instead: "Use timestamptz, and round where the value is shown.",
  references: ["datatype-datetime.html"],
  aliases: ["prefer-timestamptz"],
  on: declaringKinds,

  *check(node, context) {
    for (const { type, column } of declaredTypes(node)) {
      const what = flaw(type);
      if (what === null) continue;
      const name = context.text(column.span);
      yield {
        at: type.span,
        message: `${name} ${what}`,
        showsImpact: false,
        advice:
          type.name === "timetz"
            ? `Declare ${name} as timestamptz, or as time`
            : `Declare ${name} as timestamptz`,
      };
    }
  },
});

function flaw(type: TypeName): string | null {
  if (type.schema !== null) return null;
  if (type.name === "timestamp") return "does not say which time zone it is in";
  if (type.name === "timetz") return "has an offset but no date, so nobody knows which offset is right";
  return type.name === "timestamptz" && type.modifiers[0] === "0"
    ? "is rounded to whole seconds, half of them into the future"
    : null;
}
