import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  realpathSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import { plain } from "../reporters/plain.ts";
import { withoutCommands } from "../reporters/workflow-commands.ts";
import { isUsageError, usageError } from "./failure.ts";

/** Findings: to stdout, or to the file that --output names. */
export function writeResult(text: string, output: string | undefined): void {
  writePieces([text], output);
}

/**
 * The same for a text that comes in pieces, each of whole lines. What goes to stdout may stand in the log of a job: only what is
 * made to command it does.
 */
export function writePieces(pieces: Iterable<string>, output: string | undefined, commands = false): void {
  if (output === undefined) {
    for (const piece of pieces) write(1, commands ? piece : withoutCommands(piece));
    return;
  }
  try {
    if (isLinkOut(output)) throw usageError(`${output}: is a link out of this folder, and is left alone`);
    if (isSql(output)) throw usageError(`${output}: is an SQL file, and no report is written over it`);
    const file = openSync(output, "w");
    for (const piece of pieces) writeFileSync(file, piece);
    closeSync(file);
  } catch (error) {
    throw isUsageError(error) ? error : usageError(`${output}: cannot be written (${codeOf(error)})`);
  }
}

/** Who names a migration here expects --fix to write it: nothing would be left of it. */
function isSql(output: string): boolean {
  return /\.sql$/i.test(output) && (statSync(output, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** A pull request may bring a link where a job writes its report: it leads to no file elsewhere. Links of the system go on. */
function isLinkOut(output: string): boolean {
  const path = resolve(output);
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  const target = statSync(path, { throwIfNoEntry: false });
  if (target === undefined) return true;
  const seen = relative(realpathSync("."), realpathSync(path));
  return target.isFile() && (isAbsolute(seen) || /^\.\.(?:[\\/]|$)/.test(seen));
}

/** Complaints go to stderr, one line each; whatever a file name holds, it steers no terminal. */
export function complain(message: string): void {
  write(2, withoutCommands(`lockwise: ${message.split("\n").map(plain).join("\n")}\n`));
}

/** The short word for what the system refused (`ENOENT`), else the error's message. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

/** stdout, stderr. */
type Descriptor = 1 | 2;

/** Those that are written to as a stream, and stay so: else what waits there would be overtaken. */
const streams = new Map<Descriptor, NodeJS.WriteStream>();

/** Node's streams take as long to load as a small file to lint: what is no terminal is written to without. */
function write(descriptor: Descriptor, text: string): void {
  let rest = Buffer.from(text, "utf8");
  if (!streams.has(descriptor) && kindOf(descriptor) !== "terminal") {
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
      return;
    } catch (error) {
      const code = codeOf(error);
      // A pipe that is full and does not wait: the stream does.
      if (code !== "EAGAIN") {
        giveUp(descriptor, code);
        return;
      }
    }
  }
  if (rest.length > 0) streamOf(descriptor).write(rest);
}

function streamOf(descriptor: Descriptor): NodeJS.WriteStream {
  const known = streams.get(descriptor);
  if (known !== undefined) return known;
  const stream = descriptor === 1 ? process.stdout : process.stderr;
  stream.on("error", (error) => giveUp(descriptor, codeOf(error)));
  streams.set(descriptor, stream);
  return stream;
}

/** What cannot be printed ends the run, and says so where anybody can read it: a full disk is no success. */
function giveUp(descriptor: Descriptor, code: string): void {
  if (isClosed(code)) process.exit(process.exitCode ?? 0);
  // Complaints that cannot be told keep nobody from the findings.
  if (descriptor === 2) return;
  complain(`stdout cannot be written (${code})`);
  process.exit(2);
}

/** Resolves when all that was written has left the process. */
export async function flushOutput(): Promise<void> {
  for (const stream of streams.values()) await new Promise((resolve) => stream.write("", resolve));
}

/** Whoever reads our output may have read enough: `lockwise | head` is no error. Windows calls it by another name. */
function isClosed(code: string | undefined): boolean {
  return code === "EPIPE" || code === "EOF";
}

const kinds = new Map<Descriptor, "terminal" | "other">();

function kindOf(descriptor: Descriptor): "terminal" | "other" {
  const known = kinds.get(descriptor);
  if (known !== undefined) return known;
  const kind = lookAt(descriptor);
  kinds.set(descriptor, kind);
  return kind;
}

/** What stands behind a descriptor. Where that cannot be told, or is none of the usual, the stream knows how to write. */
function lookAt(descriptor: Descriptor): "terminal" | "other" {
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFile() || stats.isFIFO() || stats.isSocket()) return "other";
    return stats.rdev === statSync("/dev/null").rdev ? "other" : "terminal";
  } catch {
    return "terminal";
  }
}

/** Whether stdout is a terminal. */
export function isTerminal(): boolean {
  return kindOf(1) === "terminal" && process.stdout.isTTY === true;
}

/** The columns of the terminal that stdout is; undefined where it is none, or does not tell. */
export function terminalWidth(): number | undefined {
  return isTerminal() && process.stdout.columns > 0 ? process.stdout.columns : undefined;
}

/** Whether stdout takes colour: NO_COLOR, then FORCE_COLOR, then whether it is a terminal. */
export function hasColour(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if ((environment.NO_COLOR ?? "") !== "") return false;
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isTerminal && environment.TERM !== "dumb";
}
