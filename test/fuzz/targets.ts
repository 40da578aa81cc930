import { checkKeystrokes, checkPlan, checkSettling } from "./change-targets.ts";
import { checkEngine, checkExplain, checkFolds } from "./engine-targets.ts";
import {
  checkEditor,
  checkExplainedBehind,
  checkForeign,
  checkKeptFile,
  checkKeptHistory,
  checkKeptReport,
} from "./kept-targets.ts";
import type { Random } from "./random.ts";
import { checkConfiguration, checkLayout, checkReporters, checkSuppressions } from "./room-targets.ts";
import { checkBodies, checkCommonStatements, checkParser, checkSplitter } from "./sql-targets.ts";
import { checkEffort, checkHeldLocks, checkPolicies, checkRowTypes } from "./state-targets.ts";

/** What the fuzzer runs: it throws where the text shows a defect. */
export interface Target {
  readonly name: string;
  /** How many inputs it gets for each of the others', by its speed. */
  readonly share: number;
  check(text: string, random: Random): void | Promise<void>;
}

export const targets: readonly Target[] = [
  { name: "splitter", share: 2000, check: checkSplitter },
  { name: "suppressions", share: 200, check: checkSuppressions },
  { name: "bodies", share: 100, check: checkBodies },
  { name: "parser", share: 60, check: (text) => checkParser(text, "postgres") },
  { name: "common statements", share: 100, check: checkCommonStatements },
  { name: "second parser", share: 3, check: (text) => checkParser(text, "pgsql-ast-parser") },
  { name: "layout", share: 12, check: checkLayout },
  { name: "configuration", share: 40, check: checkConfiguration },
  { name: "folds", share: 20, check: checkFolds },
  { name: "policies", share: 20, check: checkPolicies },
  { name: "row types", share: 20, check: checkRowTypes },
  { name: "held locks", share: 10, check: checkHeldLocks },
  { name: "effort", share: 3, check: checkEffort },
  { name: "lint", share: 20, check: checkEngine },
  { name: "explain", share: 6, check: checkExplain },
  { name: "reporters", share: 5, check: checkReporters },
  { name: "fixes", share: 5, check: checkSettling },
  { name: "plan", share: 3, check: checkPlan },
  { name: "keystrokes", share: 3, check: checkKeystrokes },
  { name: "foreign files", share: 20, check: checkForeign },
  { name: "kept history", share: 3, check: checkKeptHistory },
  { name: "kept file", share: 3, check: checkKeptFile },
  { name: "kept report", share: 3, check: checkKeptReport },
  { name: "explained behind", share: 3, check: checkExplainedBehind },
  { name: "editor", share: 3, check: checkEditor },
];
