import type { StatementText } from "./split.ts";

/** The statements of a text in their order. Two numbers are kept of most of them: a large text has a million. */
export interface StatementList {
  readonly length: number;
  /** The statement of that index, made anew each time. Throws where there is none. */
  at(index: number): StatementText;
}

interface StatementListBuilder extends StatementList {
  add(statement: StatementText): void;
}

/** An empty list; offsets are kept in bare arrays, since files have millions of statements. */
export function newStatementList(): StatementListBuilder {
  const starts: number[] = [];
  const ends: number[] = [];
  /** Those of which there is more to know than where they begin and end. */
  const unusual = new Map<number, StatementText>();
  return {
    get length() {
      return starts.length;
    },
    at(index) {
      const start = starts[index];
      const end = ends[index];
      if (start === undefined || end === undefined) throw new Error("no statement at this index");
      return unusual.get(index) ?? { kind: "sql", start, end, terminated: true, metas: [], data: null };
    },
    add(statement) {
      if (!isUsual(statement)) unusual.set(starts.length, statement);
      starts.push(statement.start);
      ends.push(statement.end);
    },
  };
}

function isUsual({ kind, terminated, metas, data }: StatementText): boolean {
  return kind === "sql" && terminated && metas.length === 0 && data === null;
}
