import type { Statement } from "../../../src/model/statement.ts";
import type { TreeNode } from "../../../src/parse/postgres/tree.ts";
import { compareCommands } from "./commands.ts";
import { compareDefinitions } from "./definitions.ts";
import type { Facts } from "./names.ts";
import { compareRelations } from "./relations.ts";

/**
 * What the readers of tokens and PostgreSQL's tree both tell of a statement, from each of the two. Null for kinds of which
 * the tree tells nothing that the tokens tell too.
 */
export function compareWithTree(node: TreeNode, statement: Statement): Facts | null {
  return (
    compareRelations(node, statement) ??
    compareDefinitions(node, statement) ??
    compareCommands(node, statement)
  );
}
