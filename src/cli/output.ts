import { writeFileSync } from "node:fs";
import { plain } from "../reporters/plain.ts";
import { usageError } from "./failure.ts";

/** Findings: to stdout, or to the file that --output names. */
export function writeResult(text: string, output: string | undefined): void {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(output, text);
  } catch (error) {
    throw usageError(`${output}: cannot be written (${codeOf(error)})`);
  }
}

/** Complaints go to stderr, one line each; whatever a file name holds, it steers no terminal. */
export function complain(message: string): void {
  process.stderr.write(`lockwise: ${message.split("\n").map(plain).join("\n")}\n`);
}

export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

/** Whoever reads our output may have read enough: `lockwise | head` is no error. */
export function survivePipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit(process.exitCode ?? 0);
    });
  }
}

/** Whether stdout takes colour: NO_COLOR, then FORCE_COLOR, then whether it is a terminal. */
export function hasColour(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if ((environment.NO_COLOR ?? "") !== "") return false;
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isTerminal && environment.TERM !== "dumb";
}
