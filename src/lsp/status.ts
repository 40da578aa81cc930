import type { Checked } from "./check.ts";

/** What a status bar may want to say; sent as `lockwise/status` after each check. Clients that do not know it ignore it. */
export interface Status {
  readonly uri: string;
  readonly errors: number;
  readonly warnings: number;
  readonly runner: string | null;
  readonly postgresVersion: number | null;
  /** False where nobody said which version runs. */
  readonly isVersionConfigured: boolean;
  /** Migrations that were read as history. */
  readonly history: number;
  readonly milliseconds: number;
  /** Why the document was not checked; null where it was. */
  readonly skipped: string | null;
}

/** What the editor's status line shows of a document; `milliseconds` is what the check took. */
export function statusOf(uri: string, { report, skipped }: Checked, milliseconds: number): Status {
  const context = report?.context;
  return {
    uri,
    errors: report?.summary.errors ?? 0,
    warnings: report?.summary.warnings ?? 0,
    runner: context?.runner ?? null,
    postgresVersion: context?.postgresVersion ?? null,
    isVersionConfigured: context?.isVersionConfigured ?? false,
    history: context?.history ?? 0,
    milliseconds: Math.round(milliseconds),
    skipped,
  };
}
