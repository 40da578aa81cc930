import type { Options, Source } from "../engine/options.ts";
import { findProfile } from "../layout/index.ts";
import { type PackedReport, packReport, unpackReport } from "./packed-report.ts";
import type { Run } from "./runs.ts";
import type { Settled } from "./settle.ts";

/** What the runs have in common. All of it is plain data. */
export interface TaskSettings {
  readonly options: Options;
  readonly isFixing: boolean;
  /** Whether histories, and the program's code, may be kept on the disk. */
  readonly isCached: boolean;
  /** The project's folder, and all paths in it. */
  readonly base: string;
  readonly paths: readonly string[];
}

/** All that workers are told: copied to each of them, but for the texts and the queue, which they share. */
export interface WorkerTask extends TaskSettings {
  readonly runs: readonly PackedRun[];
  /** UTF-8, one after the other. They are not read again from the disk, where they may have changed. */
  readonly texts: SharedArrayBuffer;
  readonly queue: Queue;
}

/** The runs' numbers in the order in which they are begun. The one cell of `taken` counts those that somebody has. */
interface Queue {
  readonly order: readonly number[];
  readonly taken: Int32Array;
}

interface PackedRun extends Pick<Run, "sealed"> {
  readonly runner: string | null;
  /** `start` and `end` are bytes of the texts. */
  readonly sources: readonly (Omit<Source, "text"> & { readonly start: number; readonly end: number })[];
}

/** What a worker sends for a run: only what the main thread has not got. */
export interface PackedOutcome {
  readonly index: number;
  readonly report: PackedReport;
  /** The sources that fixes have changed, by their number in the run. */
  readonly changed: ReadonlyMap<number, string>;
}

/** The number of the next run, for whoever asks first; null where none is left. */
export function takeNext({ order, taken }: Queue): number | null {
  return order[Atomics.add(taken, 0, 1)] ?? null;
}

/** Packs runs for workers. `order` holds the numbers of those that are to be done. */
export function packTask(runs: readonly Run[], order: readonly number[], settings: TaskSettings): WorkerTask {
  const asked = new Set(order);
  const packable = runs.map((run, index) => (asked.has(index) ? run : { profile: null, sources: [] }));
  const size = packable.reduce(
    (total, { sources }) => total + sources.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    0,
  );
  const texts = new SharedArrayBuffer(size);
  const bytes = Buffer.from(texts);
  let end = 0;
  const packed = packable.map(({ profile, sources, sealed }: Run) => ({
    runner: profile?.name ?? null,
    ...(sealed !== undefined && { sealed }),
    sources: sources.map(({ text, ...source }) => {
      const start = end;
      end += bytes.write(text, start);
      return { ...source, start, end };
    }),
  }));
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return { ...settings, runs: packed, texts, queue: { order, taken } };
}

/** One of a task's runs, its texts decoded. */
export function unpackRun({ runs, texts }: WorkerTask, index: number): Run {
  const { runner, sources, sealed }: PackedRun = runs[index] ?? { runner: null, sources: [] };
  const bytes = Buffer.from(texts);
  return {
    profile: runner === null ? null : findProfile(runner),
    ...(sealed !== undefined && { sealed }),
    sources: sources.map(({ start, end, ...source }) => ({
      ...source,
      text: bytes.toString("utf8", start, end),
    })),
  };
}

/** What a thread sends back: the report, and of the texts only those that fixes changed. */
export function packOutcome(index: number, run: Run, { report, sources }: Settled): PackedOutcome {
  const changed = new Map<number, string>();
  sources.forEach(({ text }, k) => {
    if (text !== run.sources[k]?.text) changed.set(k, text);
  });
  return { index, report: packReport(report), changed };
}

/** The outcome as {@link packOutcome} was given it, for the same run. */
export function unpackOutcome({ report, changed }: PackedOutcome, run: Run): Settled {
  const sources = run.sources.map((source, k) => {
    const text = changed.get(k);
    return text === undefined ? source : { ...source, text };
  });
  return { report: unpackReport(report, sources), sources };
}
