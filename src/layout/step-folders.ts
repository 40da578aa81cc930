/** Folders of tools that read scripts from several, one after the other, below the folder that they are given. */

/** Those of grate, in the order in which it goes through them; only what is in `up` runs once. */
export const grateSteps = [
  "beforemigration",
  "alterdatabase",
  "runaftercreatedatabase",
  "runbeforeup",
  "up",
  "runfirstafterup",
  "functions",
  "views",
  "sprocs",
  "triggers",
  "indexes",
  "runafterotheranytimescripts",
  "permissions",
  "aftermigration",
];

/** Whether a folder is called like a version of Yuniql's, as `v0.01` and `v2.03-rebuild-index` are, and no other tool's. */
export function isYuniqlVersion(name: string): boolean {
  return /^v\d+\.\d\d(?!\d)/.test(name);
}
