import type { StepFiles } from "../fix/files.ts";
import type { Plan } from "../fix/plan-types.ts";
import type { Layout } from "../layout/index.ts";
import { baseName } from "../layout/paths.ts";
import { type StatementText, splitStatements } from "../sql/split.ts";

/** The statements of a text that run forwards, or those that take it back. */
function statementsOf(
  text: string,
  { path }: Plan,
  { profile, folder }: Layout,
  isDown: boolean,
): StatementText[] {
  const units = profile.parse(text, path, folder.project);
  return units
    .filter(({ direction }) => (direction === "down") === isDown)
    .flatMap(({ start, end }) => splitStatements(text, start, end).statements);
}

/** Whether no statement is left of what runs forwards. */
export function holdsNothing(plan: Plan, layout: Layout): boolean {
  return statementsOf(plan.rest, plan, layout, false).length === 0;
}

/**
 * The migration, of which nothing is left that runs forwards, without what its down part takes back: each step has a down part of
 * its own, and what that has dropped cannot be dropped once more. Null where the down part has to stay, since a step is in no file.
 */
export function withoutDown(
  text: string,
  plan: Plan,
  files: readonly StepFiles[],
  layout: Layout,
): string | null {
  const down = statementsOf(text, plan, layout, true);
  if (down.length === 0) return text;
  const isWhole = files.every(({ step, files: own }) => own.length > 0 || step.phase === "check");
  if (!isWhole || !holdsNothing(plan, layout)) return null;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const names = files.flatMap(({ files: own }) => own.slice(0, 1)).map(({ path }) => baseName(path));
  const [first = ""] = names;
  const note = `-- Undone by ${names.length > 1 ? `${names.at(-1)} to ${first}` : first}`;
  const stands = layout.profile.needsStatement === true ? `${newline}SELECT 1;` : "";
  let result = "";
  let done = 0;
  for (const [k, { start, end, terminated }] of down.entries()) {
    result += text.slice(done, start);
    done = terminated ? text.indexOf(";", end) + 1 : end;
    if (k === 0) result += note + stands;
    // What is left of its line is not worth an empty one.
    else if (/(?:^|\n)[ \t]*$/.test(result)) done += /^[ \t]*\r?\n?/.exec(text.slice(done))?.[0].length ?? 0;
  }
  return result + text.slice(done);
}
