import type { Connection } from "vscode-languageserver/node";
import { type Checked, unchecked } from "./check.ts";
import { noteAtTop } from "./convert.ts";

/** Tells of configurations that cannot be used: in the configuration, in the document, and once in a message. */
interface ConfigurationNotes {
  /** A document that could not be checked, with the reason. */
  explain(uri: string, version: number, text: string, error: unknown): Checked;
  /** The document is checked again, or gone. */
  clear(uri: string): void;
}

/** Tells what is wrong with configurations: in the configuration's own document, and once as a message. */
export function createConfigurationNotes(
  connection: Connection,
  uriOf: (path: string) => string,
  tell: (message: string) => void,
): ConfigurationNotes {
  /** Configurations with something wrong, by the document that needs them. */
  const marked = new Map<string, readonly string[]>();
  const told = new Set<string>();
  const clear = (uri: string) => {
    const files = marked.get(uri);
    if (files === undefined) return;
    marked.delete(uri);
    told.clear();
    const still = new Set([...marked.values()].flat());
    for (const file of files) {
      if (!still.has(file)) void connection.sendDiagnostics({ uri: file, diagnostics: [] });
    }
  };
  return {
    explain(uri, version, text, error) {
      const message = error instanceof Error ? error.message : String(error);
      const places = message.split("\n").flatMap(parsePlace);
      clear(uri);
      const byFile = new Map<string, ReturnType<typeof noteAtTop>[]>();
      for (const { path, line, words } of places) {
        const file = uriOf(path);
        byFile.set(file, [...(byFile.get(file) ?? []), noteAtTop(words, "error", line)]);
      }
      for (const [file, diagnostics] of byFile) void connection.sendDiagnostics({ uri: file, diagnostics });
      marked.set(uri, [...byFile.keys()]);
      const words = `Not checked: ${message}`;
      if (!told.has(words)) tell(message);
      told.add(words);
      return unchecked(version, text, words, [noteAtTop(words, "error")]);
    },
    clear,
  };
}

/** `/a/lockwise.config.json:2:3: words`, as the loader of configurations says it. */
function parsePlace(line: string): { path: string; line: number; words: string }[] {
  const match = /^(.+?):(\d+):(\d+): (.*)$/.exec(line);
  if (match === null) return [];
  const [, path = "", row = "1", , words = ""] = match;
  return [{ path, line: Number(row), words }];
}
