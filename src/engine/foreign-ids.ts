/**
 * Ids of other linters that we understand and have no rule for, with the reason. In a suppression or a configuration they
 * are known words that do nothing, instead of an error.
 */
export const foreignIds: ReadonlyMap<string, string> = new Map([
  [
    "require-statement-timeout",
    "a statement_timeout cancels a long build half-way: it is asked for nowhere; lock_timeout is what keeps others from waiting",
  ],
]);
