import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, vi } from "vitest";

const root = join(import.meta.dirname, "../..");
let executable = "";

/** Builds the executable once for a test file: what is tested is what people run. Inside the project, to find packages. */
export function buildOnce(): void {
  // Each run of the executable is a process of its own; a busy machine takes its time.
  vi.setConfig({ testTimeout: 60_000 });
  beforeAll(() => {
    const folder = mkdtempSync(join(root, "node_modules/.lockwise-"));
    executable = join(folder, "lockwise.cjs");
    execFileSync(process.execPath, ["scripts/build.mjs", "--quiet", "--executable", "--out", folder], {
      cwd: root,
    });
  }, 60_000);
  afterAll(() => rmSync(dirname(executable), { recursive: true, force: true }));
}

/** The command line of the executable, for a shell. */
export function shellCommand(): string {
  return `"${process.execPath}" "${executable}"`;
}

/** A folder with these files, gone after the test file. */
export function createFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "lockwise-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, files);
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the executable as a person would; NO_COLOR and the like only where the test sets them. Nothing is left in their home. */
export function lockwise(
  cwd: string,
  args: readonly string[],
  more: { readonly input?: string | Uint8Array; readonly env?: Readonly<Record<string, string>> } = {},
): Outcome {
  const { PATH = "", HOME = "" } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [executable, ...args], {
    cwd,
    encoding: "utf8",
    // What hangs is killed: then the status is null.
    timeout: 50_000,
    // How much is printed up to a time limit depends on the machine.
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH, HOME, XDG_CACHE_HOME: dirname(executable), ...more.env },
    ...(more.input !== undefined && { input: more.input }),
  });
  return { status, stdout, stderr };
}
