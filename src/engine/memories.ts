import type { Statement } from "../model/statement.ts";
import type { Memory } from "../rule.ts";
import type { UnitFacts } from "./facts.ts";

/** What rules know of the nodes that came before. */
export interface RuleMemories {
  /** What a rule has noted over the files that are deployed together. */
  notesOf(id: string, release: number): Map<string, string>;
  /** What a memory keeps of a unit so far. */
  recall<Kept>(memory: Memory<Kept>, facts: UnitFacts): Kept;
  /** Lets the memories of a unit's rules see a statement. */
  note(memories: readonly Memory<unknown>[], statement: Statement, facts: UnitFacts): void;
}

/** What rules remember from statement to statement, apart for each unit. */
export function createMemories(): RuleMemories {
  const notes = new Map<string, Map<string, string>>();
  const units = new WeakMap<UnitFacts, Map<Memory<unknown>, unknown>>();
  const keptOf = (facts: UnitFacts) => {
    const known = units.get(facts) ?? new Map<Memory<unknown>, unknown>();
    units.set(facts, known);
    return known;
  };
  const startIn = (kept: Map<Memory<unknown>, unknown>, memory: Memory<unknown>) => {
    if (!kept.has(memory)) kept.set(memory, memory.start());
    return kept.get(memory);
  };
  return {
    notesOf(id, release) {
      const key = `${id}\n${release}`;
      const known = notes.get(key) ?? new Map<string, string>();
      notes.set(key, known);
      return known;
    },
    recall(memory, facts) {
      return startIn(keptOf(facts), memory) as never;
    },
    note(memories, statement, facts) {
      if (memories.length === 0) return;
      const kept = keptOf(facts);
      for (const memory of memories) memory.note(startIn(kept, memory), statement);
    },
  };
}
