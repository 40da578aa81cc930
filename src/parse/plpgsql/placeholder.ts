/** Part of every name that stands for something that only the server knows. */
export const UNKNOWN = "lockwise_unknown";

/** Whether a name of a dynamic statement is not the real one. */
export function isUnknownName(name: string): boolean {
  return name.includes(UNKNOWN);
}
