import { type Caller, callersIn, callsAny, groupLeaving, type Leaving } from "../callers.ts";
import { isTable } from "../entities.ts";
import { homeOf } from "./bound-calls.ts";
import type { Draft } from "./draft.ts";
import { usersIn } from "./draft-edits.ts";
import { dropColumn, dropConstraint, dropRelation } from "./drop.ts";
import { dropPart } from "./parts.ts";
import { changeColumn, changeTable } from "./tables.ts";

/** DROP FUNCTION ... CASCADE: what called it goes along. Where another of its name may be the one that is called, nobody knows. */
export function dropCallers(
  draft: Draft,
  leaving: Leaving,
  goes: (caller: Caller) => boolean = () => true,
): void {
  const group = groupLeaving([leaving]);
  for (const relation of usersIn(draft, "calls", leaving.name)) {
    for (const caller of callersIn(relation).filter(goes)) {
      const answer = callsAny(caller, group, draft.path, (name) => homeOf(draft, name));
      if (answer === "no") continue;
      if (answer === "maybe" && isTable(relation))
        changeTable(draft, relation.id, () => ({ isComplete: false }));
      dropCaller(draft, relation.id, caller, answer === "surely");
    }
  }
}

function dropCaller(draft: Draft, id: number, { kind, name }: Caller, isSure: boolean): void {
  switch (kind) {
    case "index":
    case "view":
    case "partition key":
      dropRelation(draft, id, isSure);
      return;
    case "constraint":
      dropConstraint(draft, id, name, true);
      return;
    case "generated column":
      dropColumn(draft, id, name, true, isSure);
      return;
    case "default":
      if (isSure) changeColumn(draft, id, name, () => ({ default: null }));
      return;
    case "trigger":
    case "policy":
      dropPart(draft, id, kind, name);
  }
}
