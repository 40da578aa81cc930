import type { Plan } from "./plan-types.ts";
import { wrap } from "./wrap.ts";

export const nothingToPlan = "Nothing to plan: no statement of it is dangerous";

/** Whether no line of the migration is left for people to look at. */
export function isAllPlanned({ open, notUnderstood }: Plan): boolean {
  return open.length === 0 && notUnderstood.length === 0;
}

/** What people have to look at themselves: findings for which there is no series, and what could not be read. */
export function linesWithoutSeries({ open, notUnderstood }: Plan): string[] {
  return [
    ...open.flatMap(({ line, message, advice }) => [
      `Line ${line} has no series: ${message}.`,
      ...(advice === null ? [] : wrap(advice, "  ")),
      "",
    ]),
    ...notUnderstood.flatMap(({ line, reason }) => [
      ...wrap(`Line ${line} was not understood, and nothing is planned for it: ${reason}.`, ""),
      "",
    ]),
  ];
}
