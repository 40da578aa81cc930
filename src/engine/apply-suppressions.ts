import { indexCover, type Suppressible } from "./suppression-index.ts";
import type { SuppressedName, Suppression, SuppressionProblem } from "./suppressions.ts";

/**
 * Takes away what is suppressed, and tells which suppressions hid nothing. Those that name only rules which did not
 * run (`isActive`) are not called unused, nor are those of other linters.
 */
export function applySuppressions<F extends Suppressible>(
  findings: readonly F[],
  suppressions: readonly Suppression[],
  isActive: (rule: string) => boolean = () => true,
): { kept: F[]; suppressed: F[]; problems: SuppressionProblem[] } {
  if (suppressions.length === 0) return { kept: [...findings], suppressed: [], problems: [] };
  const cover = indexCover(suppressions);
  const used = new Set<SuppressedName | Suppression>();
  const kept: F[] = [];
  const suppressed: F[] = [];
  for (const finding of findings) {
    const name = cover(finding);
    if (name !== null) used.add(name);
    (name === null ? kept : suppressed).push(finding);
  }
  const problems: SuppressionProblem[] = [];
  for (const { names, isForeign, covers } of suppressions) {
    if (isForeign || names === null) continue;
    for (const name of names) {
      if (used.has(name) || !name.rules.some(isActive)) continue;
      const why = covers === null ? "no statement follows it" : `${name.written} finds nothing here`;
      problems.push({
        rule: "unused-suppression",
        severity: "warning",
        at: { start: name.start, end: name.end },
        message: `This suppression hides nothing: ${why}`,
      });
    }
  }
  return { kept, suppressed, problems };
}
