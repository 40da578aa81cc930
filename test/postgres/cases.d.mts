import type { Case, Result } from "./measure.mjs";

export interface Results {
  readonly servers: Readonly<Record<string, string>>;
  readonly cases: Readonly<Record<string, Readonly<Record<string, Result>>>>;
}

export const MAJORS: readonly string[];
export function readCases(): Case[];
export function readResults(): Results;
export function resultFor(
  versions: Readonly<Record<string, Result>> | undefined,
  major: string | number,
): Result | undefined;
export function expandRange(range: string): string[];
