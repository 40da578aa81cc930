import type { Baseline } from "../engine/baseline.ts";
import type { EngineOptions } from "../engine/engine-options.ts";
import type { Source } from "../engine/options.ts";
import type { Layout } from "../layout/index.ts";

/** What the editor's own settings say; they beat the configuration file. */
export interface EditorSettings {
  /** When a document is checked: while it is edited, or only when it is saved. */
  readonly run: "type" | "save";
  readonly postgresVersion: number | null;
  readonly runner: string | null;
  /** Path of the configuration to use instead of the one that is found. */
  readonly config: string | null;
}

export const defaultSettings: EditorSettings = {
  run: "type",
  postgresVersion: null,
  runner: null,
  config: null,
};

/** A document of the editor, as the workspace needs to know it. */
export interface OpenText {
  /** Absolute, with "/"; null for a document that was never saved. */
  readonly path: string | null;
  readonly text: string;
}

/** A document with all that runs before it. */
export interface PlannedDocument {
  /** What the document is called in reports. */
  readonly path: string;
  readonly sources: readonly Source[];
  readonly options: EngineOptions;
  readonly baseline: Baseline | null;
  /** Where migrations that follow belong; null where nobody can tell. */
  readonly layout: Layout | null;
  /** The absolute folder that the paths of sources and layout are relative to. */
  readonly base: string;
}

/** Why a document is not checked. */
export interface SkippedDocument {
  readonly skipped: string;
}

/** Everything around a document that lies on the disk: the command line's own search for files and configurations. */
export interface Workspace {
  /**
   * Plans a document; `open` are the other documents of the editor, which count instead of what is on the disk.
   * Rejects with a usage error where the configuration is wrong.
   */
  plan(
    document: OpenText,
    open: readonly OpenText[],
    folders: readonly string[],
    settings: EditorSettings,
  ): Promise<PlannedDocument | SkippedDocument>;
  /** Forgets what was read from the disk. */
  forget(): void;
  /** Forgets a document that was closed. */
  close(path: string): void;
}
