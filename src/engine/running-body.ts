import type { OwnSetting } from "../model/statement.ts";
import type { BodyStep } from "../parse/plpgsql.ts";
import type { Place } from "./place.ts";

/** A body that a statement runs: its steps, and how its places map to the file. */
export interface RunningBody {
  readonly steps: readonly BodyStep[];
  /** Whether it is told at the call, since its own text is not in the file. */
  readonly isElsewhere: boolean;
  /** Whether its strings are put together from the values of one call, which may lead past some branches. */
  readonly isOfCall: boolean;
  /** What its parameters, declarations and loops call their values. */
  readonly variables: ReadonlySet<string>;
  /** Settings that hold while it runs. */
  readonly settings: readonly OwnSetting[];
  /** Not in a function, nor in a procedure with settings or rights of its own. */
  readonly mayCommit: boolean;
  toFile(offset: number): number;
}

export const unknownString = "EXECUTE of a string that only the server knows";

/** Why a string that is no SQL may not be what runs; null where it surely is. */
export function whyUnsure(
  { isCertain }: BodyStep & { readonly kind: "execute" },
  { isOfCall }: RunningBody,
  { mayBeSkipped }: Place,
): string | null {
  if (!isCertain) return unknownString;
  return isOfCall && mayBeSkipped ? "EXECUTE in a branch that this call may not reach" : null;
}
