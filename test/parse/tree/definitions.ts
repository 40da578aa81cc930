import type { Statement } from "../../../src/model/statement.ts";
import {
  type Fields,
  fieldsOf,
  isSet,
  listOf,
  nodeOf,
  stringOf,
  structOf,
  type TreeNode,
  textIn,
} from "../../../src/parse/postgres/tree.ts";
import { lowerType } from "../../../src/parse/postgres/types.ts";
import { modelColumn, modelConstraint, treeColumn, treeConstraint } from "./columns.ts";
import {
  cut,
  type Facts,
  name,
  numberIn,
  objectName,
  pair,
  persistence,
  relation,
  treeType,
} from "./names.ts";

function treeFunction(fields: Fields): unknown[] {
  const parameters = listOf(fields, "parameters").map((each) => nodeOf(each)?.fields ?? {});
  const inputs = parameters.filter(
    (each) => !["FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"].includes(textIn(each, "mode")),
  );
  const returns = structOf(fields, "returnType");
  const isTable = parameters.some((each) => textIn(each, "mode") === "FUNC_PARAM_TABLE");
  const options = listOf(fields, "options").map((each) => nodeOf(each)?.fields ?? {});
  const option = (wanted: string) => options.find((each) => textIn(each, "defname") === wanted)?.arg;
  const names = listOf(fields, "funcname").map(stringOf);
  const strict = fieldsOf(option("strict"), "Boolean");
  const type = returns === null || isTable ? null : lowerType(returns);
  return [
    names,
    isSet(fields, "replace"),
    isSet(fields, "is_procedure"),
    inputs.map((each) => lowerType(structOf(each, "argType") ?? {})),
    type === null || type.name === "record" ? null : { ...type, span: null },
    stringOf(option("language")).toLowerCase() || "sql",
    stringOf(option("volatility")) || "volatile",
    strict?.boolval === true,
    options
      .filter((each) => textIn(each, "defname") === "set")
      .map((each) => textIn(fieldsOf(each.arg, "VariableSetStmt") ?? {}, "name").toLowerCase()),
  ];
}

/** Whatever else is created, dropped or renamed. */
export function compareDefinitions(node: TreeNode, statement: Statement): Facts | null {
  const { fields } = node;
  switch (statement.kind) {
    case "drop":
      if (node.tag !== "DropStmt" || ["operator", "cast", "other"].includes(statement.object)) return null;
      return pair(
        [
          listOf(fields, "objects").map((each) => objectName(each, statement.on !== null)),
          isSet(fields, "missing_ok"),
          textIn(fields, "behavior") === "DROP_CASCADE",
          isSet(fields, "concurrent"),
          `OBJECT_${statement.object.replaceAll(" ", "").toUpperCase()}`,
        ],
        [
          statement.names.map((each) =>
            statement.on === null ? name(each) : [...name(statement.on), cut(each.name.name)],
          ),
          statement.ifExists,
          statement.cascade,
          statement.concurrently,
          textIn(fields, "removeType")
            .replaceAll("_", "")
            .replace("OBJECT", "OBJECT_")
            .replace("MATVIEW", "MATERIALIZEDVIEW")
            .replace("STATISTICEXT", "STATISTICS")
            .replace("FOREIGNSERVER", "SERVER"),
        ],
      );
    case "rename": {
      const target = structOf(fields, "relation");
      if (target === null) return pair([textIn(fields, "newname")], [cut(statement.to.name)]);
      return pair(
        [relation(target), textIn(fields, "subname"), textIn(fields, "newname"), isSet(fields, "missing_ok")],
        [name(statement.target), cut(statement.part?.name), cut(statement.to.name), statement.ifExists],
      );
    }
    case "create view":
      return pair(
        [
          relation(structOf(fields, "view")),
          persistence(structOf(fields, "view")),
          isSet(fields, "replace"),
          listOf(fields, "aliases").map(stringOf),
        ],
        [name(statement.view), statement.persistence, statement.orReplace, statement.columns.map(cut)],
      );
    case "create table as": {
      const into = structOf(fields, "into") ?? structOf(fields, "intoClause");
      if (into === null) return null;
      return pair(
        [
          relation(structOf(into, "rel")),
          persistence(structOf(into, "rel")),
          isSet(fields, "if_not_exists"),
          !isSet(into, "skipData"),
          listOf(into, "colNames").map(stringOf),
        ],
        [
          name(statement.table),
          statement.persistence,
          statement.ifNotExists,
          statement.withData,
          statement.columns.map(cut),
        ],
      );
    }
    case "create function":
      return pair(treeFunction(fields), [
        name(statement.function),
        statement.orReplace,
        statement.isProcedure,
        statement.argumentTypes.map(({ span, ...type }) => type),
        statement.returns === null || statement.returns.name === "record"
          ? null
          : { ...statement.returns, span: null },
        statement.language,
        statement.volatility,
        statement.isStrict,
        statement.settings.map((setting) => setting.name),
      ]);
    case "create trigger":
      return pair(
        [
          textIn(fields, "trigname"),
          relation(structOf(fields, "relation")),
          isSet(fields, "replace"),
          isSet(fields, "isconstraint"),
          isSet(fields, "row"),
          listOf(fields, "funcname").map(stringOf),
          listOf(fields, "columns").map(stringOf),
          numberIn(fields, "events"),
          numberIn(fields, "timing"),
        ],
        [
          cut(statement.name.name),
          name(statement.table),
          statement.orReplace,
          statement.isConstraint,
          statement.forEachRow,
          statement.function.map(cut),
          statement.columns.map((each) => cut(each.name)),
          statement.events.reduce(
            (sum, each) => sum | { insert: 4, delete: 8, update: 16, truncate: 32 }[each],
            0,
          ),
          { before: 2, after: 0, "instead of": 64 }[statement.timing],
        ],
      );
    case "create type":
      if (statement.form === "enum") return pair(listOf(fields, "vals").map(stringOf), statement.values);
      return pair(listOf(fields, "coldeflist").map(treeColumn), statement.attributes.map(modelColumn));
    case "alter enum":
      return pair(
        [
          textIn(fields, "oldVal"),
          textIn(fields, "newVal"),
          textIn(fields, "newValNeighbor"),
          isSet(fields, "skipIfNewValExists"),
        ],
        statement.action === "rename value"
          ? [statement.value, statement.newName, "", false]
          : ["", statement.value, statement.position?.neighbour ?? "", statement.ifNotExists],
      );
    case "create domain":
      return pair(
        [
          treeType(structOf(fields, "typeName")),
          listOf(fields, "constraints")
            .filter((each) => ["CONSTR_CHECK"].includes(textIn(nodeOf(each)?.fields ?? {}, "contype")))
            .map(treeConstraint),
        ],
        [{ ...statement.type, span: null }, statement.constraints.map(modelConstraint)],
      );
  }
  return null;
}
