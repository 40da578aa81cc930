import { foldBodyCommit } from "../analysis/session.ts";
import type { World } from "../analysis/world.ts";
import { leaveUnread } from "./doubt.ts";
import type { Place } from "./place.ts";
import { noteRefused } from "./refused.ts";
import type { UnitRun } from "./run-state.ts";
import type { RunningBody } from "./running-body.ts";

/** COMMIT and ROLLBACK of a body. */
export function endTransaction(
  unitRun: UnitRun,
  body: RunningBody,
  world: World,
  kind: "commit" | "rollback",
  place: Place,
): World {
  const isAllowed = body.mayCommit && world.session.transaction === "body" && place.handled === null;
  if (!isAllowed) unitRun.visitor?.commitRefused?.(place);
  // In a subtransaction the server refuses it.
  if (place.handled !== null) {
    noteRefused(place, "2D000", true);
    return world;
  }
  const ended = { ...world, session: foldBodyCommit(world.session) };
  if (!isAllowed) return ended;
  if (kind === "commit") return { ...ended, rolledBack: world.schema };
  return place.mayBeSkipped ? leaveUnread(ended) : { ...ended, schema: world.rolledBack };
}
