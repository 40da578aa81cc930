import { attributeChanges } from "../analysis/attributes.ts";
import type { UserType } from "../analysis/entities.ts";
import type { AlterType, Rename } from "../model/statement.ts";
import type { Context, Finding } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { relationSql } from "./names.ts";
import { renderList } from "./words.ts";

/** What fails with an attribute of a composite type that the running application may name. */
export function* renamedAttribute(rename: Rename, context: Context): Iterable<Finding> {
  const { part, target, effects } = { effects: context.effects, ...rename };
  const type = context.schema.findType(target);
  if (part === null || (effects.fails !== null && effects.uncertain === null)) return;
  if (type !== undefined && context.isNewEntity(type)) return;
  const name = context.text(part.span);
  yield {
    at: rename.head,
    message: `Queries of the running application that name ${name} of ${context.nameOf(target)}${heldBy(type, context)} fail the moment it is renamed`,
    showsImpact: false,
    advice: `Keep the name and map it in the application; or make another type with ${context.text(rename.to.span)} in it, and move over to columns of that`,
  };
}

/** The same where attributes are dropped: values are also written, whole, with as many parts as the type has. */
export function* droppedAttributes(statement: AlterType, context: Context): Iterable<Finding> {
  const { effects, schema, sourceText } = context;
  const type = schema.findType(statement.type);
  if (effects.fails !== null && effects.uncertain === null) return;
  if (type !== undefined && context.isNewEntity(type)) return;
  for (const { verb, attribute, ifExists, span } of attributeChanges(sourceText, statement)) {
    if (verb !== "drop") continue;
    const known = type?.attributes;
    if (ifExists && known !== undefined && !known.some((one) => one.name === attribute)) continue;
    const name = context.text(span);
    const held = heldBy(type, context);
    const loss = held === "" && type !== undefined ? "" : `; what ${name} holds${held} is gone for good`;
    yield {
      at: span,
      message: `Queries of the running application that name ${name} of ${context.nameOf(statement.type)}, or write whole values of that type, fail once it is dropped${loss}`,
      showsImpact: false,
      advice: `Deploy an application that neither reads ${name} nor writes whole values of the type, then drop it in a later release`,
    };
  }
}

/** ` in people.home`: the columns of the type, and the tables that are made of it. */
function heldBy(type: UserType | undefined, { schema }: Context): string {
  if (type === undefined) return "";
  const columns = schema
    .tablesUsingType(type.id)
    .flatMap((table) =>
      table.columns
        .filter((column) => column.type?.name === type.name)
        .map(({ name }) => `${relationSql(table)}.${quoteName(name)}`),
    );
  const held = [...schema.typedTables(type.id).map(relationSql), ...columns];
  return held.length === 0 ? "" : ` in ${renderList(held, 3)}`;
}
