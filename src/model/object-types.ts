type RelationType = "table" | "foreign table" | "view" | "materialized view" | "index" | "sequence";
export type PartType = "column" | "constraint" | "trigger" | "policy" | "rule";
type RoutineType = "function" | "procedure" | "routine";

const relations = new Set<string>([
  "table",
  "foreign table",
  "view",
  "materialized view",
  "index",
  "sequence",
] satisfies RelationType[]);
const parts = new Set<string>(["column", "constraint", "trigger", "policy", "rule"] satisfies PartType[]);
const routines = new Set<string>(["function", "procedure", "routine"] satisfies RoutineType[]);

/** Whether the word of a DROP, COMMENT or the like stands for tables or what shares their names: views, indexes, sequences. */
export function isRelationType(object: string): object is RelationType {
  return relations.has(object);
}

/** Whether it stands for what has its name within a relation. */
export function isPartType(object: string): object is PartType {
  return parts.has(object);
}

/** Whether it stands for functions or procedures; ROUTINE means either. */
export function isRoutineType(object: string): object is RoutineType {
  return routines.has(object);
}
