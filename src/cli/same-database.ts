/** Of a run, what is looked at here. */
interface Texts {
  readonly sources: readonly { readonly text: string }[];
}

const definitions =
  /\b(create|alter)\s+(?:or\s+replace\s+)?(?:unlogged\s+)?(table|type|view)\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?([\w."]+)/gi;

/**
 * The runs of a project that share a database: one alters what only the other makes. Nobody knows which of them runs first, so
 * that neither proves what is there. A quick look at the texts is enough: what it sees too much of proves less, and is told.
 */
export function sharingRuns<Run extends Texts>(runs: readonly Run[]): ReadonlySet<Run> {
  const sharing = new Set<Run>();
  if (runs.length < 2) return sharing;
  const names = new Map(runs.map((run) => [run, namesIn(run)]));
  for (const [run, { made, altered }] of names) {
    for (const name of altered) {
      if (made.has(name)) continue;
      const other = runs.find((one) => one !== run && names.get(one)?.made.has(name) === true);
      if (other !== undefined) sharing.add(run).add(other);
    }
  }
  return sharing;
}

/** What the names say behind the last dot, as the server folds them: of tables, types and views that are made, and altered. */
function namesIn({ sources }: Texts) {
  const made = new Set<string>();
  const altered = new Set<string>();
  for (const { text } of sources)
    for (const [, verb = "", kind = "", name = ""] of text.matchAll(definitions)) {
      const isMade = verb.toLowerCase() === "create";
      if (!isMade && kind.toLowerCase() === "view") continue;
      const last = name.slice(name.lastIndexOf(".") + 1);
      const folded = last.startsWith('"') ? last.replaceAll('"', "") : last.toLowerCase();
      (isMade ? made : altered).add(folded);
    }
  return { made, altered };
}
