import { baseName, folderOf, hasPath, joinPath, stemOf } from "./paths.ts";
import type { Direction, ProjectView } from "./types.ts";
import { directionOf } from "./units.ts";

const forwards = ["up", "upgrade"];
const backwards = ["down", "downgrade", "rollback", "undo", "revert"];

/** `1_rollback_users`: the word stands behind the number. */
const inside = /^(\d+[._-])(?:down|downgrade|rollback|undo|revert)[._-]/;

const words = [...forwards, ...backwards].join("|");
const around = new RegExp(`^(?:${words})[._-]|[._-](?:${words})$`);

/** The path of a script without the words that tell its direction. */
export function pairedName(path: string): string {
  const stem = stemOf(path).replace(around, "").replace(inside, "$1");
  return joinPath(folderOf(path), /^(?:up|down)$/.test(stem) ? "" : stem);
}

/**
 * The direction of a script whose name says so only beside its other half: `1_users-down.sql` with `1_users-up.sql`,
 * `1_users_rollback.sql` with `1_users_upgrade.sql`, `1_users.rollback.sql`, `1_rollback_users.sql` or `rollback_1_users.sql`
 * with `1_users.sql`. Alone, `3_clean_up.sql` is a name like any other.
 */
export function pairedDirection(path: string, project: ProjectView): Direction {
  const plain = directionOf(path);
  if (plain !== "up") return plain;
  const stem = stemOf(path);
  const suffix = baseName(path).slice(stem.length);
  const isThere = (name: string) => hasPath(project, joinPath(folderOf(path), `${name}${suffix}`));
  if (inside.test(stem) && isThere(stem.replace(inside, "$1"))) return "down";
  for (const word of backwards) {
    for (const joint of [".", "-", "_"]) {
      if (stem.endsWith(joint + word)) {
        const rest = stem.slice(0, -word.length - 1);
        if (isThere(rest) || forwards.some((up) => isThere(`${rest}${joint}${up}`))) return "down";
      }
      if (stem.startsWith(word + joint)) {
        const rest = stem.slice(word.length + 1);
        if (isThere(rest) || forwards.some((up) => isThere(`${up}${joint}${rest}`))) return "down";
      }
    }
  }
  return "up";
}
