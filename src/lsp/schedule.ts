/** Work on documents, one after the other: what is asked for again before it began is done once. */
interface Schedule {
  /** Has a document worked on after a while; each call begins the while anew. */
  later(uri: string, milliseconds: number): void;
  /** Has it worked on as soon as what runs now is over; resolves when it is done. */
  now(uri: string): Promise<void>;
  forget(uri: string): void;
  stop(): void;
}

/** `work` must not reject. Between two documents the server reads what the editor has sent meanwhile. */
export function createSchedule(work: (uri: string) => Promise<void>): Schedule {
  const timers = new Map<string, NodeJS.Timeout>();
  const waiting = new Map<string, Promise<void>>();
  let last: Promise<void> = Promise.resolve();
  const forget = (uri: string) => {
    clearTimeout(timers.get(uri));
    timers.delete(uri);
  };
  const now = (uri: string): Promise<void> => {
    forget(uri);
    const known = waiting.get(uri);
    if (known !== undefined) return known;
    const done = last.then(nextTurn).then(() => {
      waiting.delete(uri);
      return work(uri);
    });
    waiting.set(uri, done);
    last = done;
    return done;
  };
  return {
    later(uri, milliseconds) {
      forget(uri);
      const timer = setTimeout(() => void now(uri), milliseconds);
      timers.set(uri, timer);
    },
    now,
    forget,
    stop() {
      for (const uri of [...timers.keys()]) forget(uri);
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
