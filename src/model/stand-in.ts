/** Part of every name that stands for one that only the server knows: of a statement that a body puts together. */
export const standIn = "lockwise_unknown";

/** Whether a name, or a text that holds names, is not about the real one. */
export function isStandIn(name: string): boolean {
  return name.includes(standIn);
}
