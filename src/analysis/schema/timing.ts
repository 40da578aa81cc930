import type { TableConstraint } from "../entities.ts";
import type { Draft } from "./draft.ts";
import { changeTable } from "./tables.ts";

/** When the check of a constraint runs. */
export type Timing = Pick<TableConstraint, "deferrable" | "deferred">;

interface Written {
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
}

/** Most constraints are checked at once: nothing is kept of them. */
export function timingOf({ deferrable, initiallyDeferred }: Written): Timing {
  if (!deferrable) return {};
  return initiallyDeferred ? { deferrable, deferred: true } : { deferrable };
}

/** ALTER CONSTRAINT ... [NOT] DEFERRABLE. */
export function setTiming(draft: Draft, id: number, name: string, written: Written): void {
  const { deferrable, initiallyDeferred } = written;
  changeTable(draft, id, (table) => ({
    constraints: table.constraints.map((own) =>
      own.name === name ? { ...own, deferrable, deferred: initiallyDeferred } : own,
    ),
  }));
}
