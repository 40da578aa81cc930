/** Whether a text may hold a comment that ignores a rule, ours or another linter's: most hold none, and need no closer look. */
export function mayHoldDirective(text: string): boolean {
  return /lockwise|squawk-ignore|atlas:nolint|pgls-ignore/.test(text);
}
