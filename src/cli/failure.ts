/** Ends the command with status 2 and these words on stderr; a person can do something about it. */
export function usageError(message: string): Error {
  const error = new Error(message);
  error.name = "UsageError";
  return error;
}

/** Whether the user can mend it: it is told without a stack. */
export function isUsageError(error: unknown): error is Error {
  return error instanceof Error && error.name === "UsageError";
}
