/** Of a run, what is looked at here. */
interface Texts {
  readonly sources: readonly { readonly text: string }[];
}

const makes =
  /\bcreate\s+(?:or\s+replace\s+)?(?:unlogged\s+)?(?:table|type|view)\s+(?:if\s+not\s+exists\s+)?([\w."]+)/gi;
const alters = /\balter\s+(?:table|type)\s+(?:if\s+exists\s+)?(?:only\s+)?([\w."]+)/gi;

/**
 * The runs of a project that share a database: one alters what only the other makes. Nobody knows which of them runs first, so
 * that neither proves what is there. A quick look at the texts is enough: what it sees too much of proves less, and is told.
 */
export function sharingRuns<Run extends Texts>(runs: readonly Run[]): ReadonlySet<Run> {
  const sharing = new Set<Run>();
  if (runs.length < 2) return sharing;
  const made = new Map(runs.map((run) => [run, namesIn(run, makes)]));
  for (const run of runs) {
    const own = made.get(run);
    for (const name of namesIn(run, alters)) {
      if (own?.has(name) === true) continue;
      const other = runs.find((one) => one !== run && made.get(one)?.has(name) === true);
      if (other !== undefined) sharing.add(run).add(other);
    }
  }
  return sharing;
}

/** What the names say behind the last dot, as the server folds them. */
function namesIn({ sources }: Texts, form: RegExp): Set<string> {
  const names = new Set<string>();
  for (const { text } of sources)
    for (const [, name = ""] of text.matchAll(form)) {
      const last = name.slice(name.lastIndexOf(".") + 1);
      names.add(last.startsWith('"') ? last.replaceAll('"', "") : last.toLowerCase());
    }
  return names;
}
