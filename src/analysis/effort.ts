/**
 * How much the folds and effects have looked at and made so far: relations that are listed because others depend on them, locks,
 * relations that are put. A thousand statements that reach a thousand relations each are a million of it: who reads files watches it,
 * the same on every machine.
 */
export const effort = { spent: 0 };
