import type { Diagnostic, Impact, Report, RewriteStep } from "../engine/report.ts";
import { feltLocks } from "./felt-locks.ts";

/** `1 error`, `2 errors`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** More relations than these are counted, not named. */
const namedRelations = 4;

/** What an impact means for others, in sentences: who waits, what the work is, what is not known. */
export function renderImpact(impact: Impact): string {
  const sentences = groupByMode(impact).map(({ lock, relations }) => {
    const named = relations.slice(0, namedRelations);
    const more = relations.length - named.length;
    const names = listOf(more > 0 ? [...named, `${more} more`] : named);
    const taker = lock.trigger === undefined ? "" : `, by the trigger ${lock.trigger}`;
    return `${lock.mode} on ${names}${taker}: ${waitsOf(lock)}.`;
  });
  if (impact.moreLocks !== undefined)
    sentences.push(
      `${countOf(impact.moreLocks, "more relation")} ${impact.moreLocks === 1 ? "is" : "are"} locked as well.`,
    );
  const isShort = impact.work === "" || impact.work.startsWith("none");
  if (!isShort) sentences.push(`Meanwhile: ${withoutPublic(impact.work)}; the work grows with the table.`);
  else if (sentences.length > 0 && impact.locks.some((lock) => lock.blocksWrites)) {
    sentences.push("The work is short, the wait for the lock may not be.");
  }
  if (impact.certainty === "depends") sentences.push(`It depends on ${impact.on ?? "what is not known"}.`);
  return sentences.join(" ");
}

type ImpactLock = Impact["locks"][number];

function groupByMode(impact: Impact): { lock: ImpactLock; relations: string[] }[] {
  const groups = new Map<string, { lock: ImpactLock; relations: string[] }>();
  for (const lock of feltLocks(impact.locks)) {
    if (lock.isNew) continue;
    const kind = lock.kind === "sequence" ? "of sequences" : "";
    const key = `${lock.mode} ${kind} ${lock.trigger ?? ""}`;
    const group = groups.get(key);
    const name = withoutPublic(lock.relation);
    if (group) group.relations.push(name);
    else groups.set(key, { lock, relations: [name] });
  }
  return [...groups.values()];
}

/** People leave out the schema that everybody is in. */
export function withoutPublic(text: string): string {
  return text.replaceAll(/(?<![\w.])public\./g, "");
}

function waitsOf(lock: ImpactLock): string {
  // Nobody updates a sequence: who inserts takes a number from it.
  if (lock.kind === "sequence" && lock.blocksWrites)
    return `${lock.blocksReads ? "reads, " : ""}nextval() and the inserts that call it wait`;
  if (lock.blocksReads) return "reads, inserts, updates and deletes wait";
  if (lock.blocksWrites) return "reads go on, inserts, updates and deletes wait";
  return "reads and writes go on";
}

/** The conditions of a step: `not in a transaction, after the deployment`; empty where there are none. */
export function conditionsOf(step: RewriteStep): string {
  const conditions: string[] = [];
  if (!step.transaction) {
    const isSaid = /transaction/i.test(step.title);
    if (step.outside === null) {
      if (!isSaid) conditions.push("not in a transaction");
    } else conditions.push(isSaid ? step.outside : `not in a transaction: ${step.outside}`);
  }
  if (step.after !== null) conditions.push(/^after /i.test(step.after) ? step.after : `after ${step.after}`);
  return conditions.join(", ");
}

/** `1 error and 2 warnings`; empty where there is neither. */
export function problemsOf(report: Report): string {
  const { errors, warnings } = report.summary;
  const words: string[] = [];
  if (errors > 0) words.push(countOf(errors, "error"));
  if (warnings > 0) words.push(countOf(warnings, "warning"));
  return listOf(words);
}

/** The files that have findings, in the order of the report, each with its own. */
export function groupByFile(diagnostics: readonly Diagnostic[]): Map<string, Diagnostic[]> {
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const group = groups.get(diagnostic.path);
    if (group) group.push(diagnostic);
    else groups.set(diagnostic.path, [diagnostic]);
  }
  return groups;
}

/** What stands in the place of a rule's id where a statement was not understood. */
export const notUnderstood = "not-understood";

/** The sentence for a statement that was not understood. */
export function notUnderstoodWords(reason: string): string {
  return `Not understood and not judged: ${reason}`;
}

/** The statements that were not understood, with their files: no format may show them as if they were clean. */
export function notUnderstoodOf(report: Report) {
  return report.files.flatMap((file) =>
    file.notUnderstood.map(({ line, reason }) => ({
      path: file.path,
      line,
      message: notUnderstoodWords(reason),
    })),
  );
}
