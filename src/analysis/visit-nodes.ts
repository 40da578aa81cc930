/** A part of a statement: another statement, an expression, a query, what stands in FROM. */
interface Node {
  readonly kind: string;
}

/** Calls `visit` for everything in a statement that says of which kind it is, the statement itself first. */
export function visitNodes(value: unknown, visit: (node: Node) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const each of value) visitNodes(each, visit);
    return;
  }
  if ("kind" in value && typeof value.kind === "string") visit(value as Node);
  for (const part of Object.values(value)) if (typeof part === "object") visitNodes(part, visit);
}
