import { defineRule } from "../src/rule.ts";
import { quoteLiteral } from "../src/sql/names.ts";

export default defineRule({
  id: "enum-value-without-position",
  severity: "off",
  category: "style",
  summary: "ALTER TYPE ... ADD VALUE without BEFORE or AFTER",
  why: `
The values of an enum have an order, by which ORDER BY and comparisons go. Without a position the new one comes last;
where it was meant to stand elsewhere, that can only be put right by building the type anew.`,
  instead: "Say BEFORE or AFTER which value it stands.",
  references: ["sql-altertype.html"],
  aliases: ["require-enum-value-ordering"],
  on: ["alter enum"],

  *check(alter, context) {
    if (alter.action !== "add value" || alter.position !== null) return;
    const last = context.schema.findType(alter.type)?.labels.at(-1)?.name;
    const value = quoteLiteral(alter.value);
    yield {
      at: alter.head,
      message: `${value} sorts behind all other values of ${context.nameOf(alter.type)}`,
      showsImpact: false,
      ...(last === undefined
        ? { advice: `Write BEFORE or AFTER and a neighbour behind ${value}` }
        : {
            rewrite: [
              {
                title: "Say so, if that is meant",
                sql: `ALTER TYPE ${context.nameOf(alter.type)} ADD VALUE ${alter.ifNotExists ? "IF NOT EXISTS " : ""}${value} AFTER ${quoteLiteral(last)};`,
                transaction: true,
              },
            ],
          }),
    };
  },
});
