import type { Session } from "../analysis/session.ts";
import { hasBody, wrapBodies } from "../layout/following.ts";
import { isSeen, leavingWords } from "../layout/leaving.ts";
import type { Leaving } from "../layout/types.ts";
import type { Finding, Migration, Runner } from "../rule.ts";
import { splitStatements } from "../sql/split.ts";

/** Who runs the statement of a finding, and how. */
interface Asker {
  readonly runner: Runner;
  readonly session: Session;
  readonly isInBody: boolean;
}

/** How the migrations of a finding are told. */
export type Form = (finding: Finding, asker: Asker) => Finding;

/** As the rules write them: for who makes files of them, each in the form of its tool. */
export const asWritten: Form = (finding) => finding;

/**
 * As the runner takes them: with its marks around bodies and, where they must not run in a transaction, the line with which it is
 * left, and in words how. What means nothing one without the other stands in a transaction of its own where no other is.
 */
export const inRunnersForm: Form = (finding, asker) =>
  finding.rewrite === undefined
    ? finding
    : { ...finding, rewrite: finding.rewrite.map((step) => stepInForm(step, asker)) };

function stepInForm(step: Migration, { runner, session, isInBody }: Asker): Migration {
  const { leaving, bodyMarks } = runner;
  const isAlone =
    !runner.wraps && (session.transaction === "autocommit" || (isInBody && runner.mode === "none"));
  const whole = step.transaction && step.whole === true && isAlone ? inTransaction(step.sql) : step.sql;
  const sql = bodyMarks === null ? whole : wrapBodies(whole, bodyMarks);
  // Nobody has to be told how to leave what is not there.
  const isOutside =
    runner.mode === "none" &&
    session.transaction !== "explicit" &&
    leaving.by === "itself" &&
    isSeen(leaving, sql);
  if (step.transaction) return { ...step, sql };
  if (isOutside) return { ...step, sql };
  const outside = leavingWords(leaving, step.sql);
  return { ...step, sql: leaving.by === "line" ? `${lineOf(leaving, step.sql)}${sql}` : sql, outside };
}

function inTransaction(sql: string): string {
  return splitStatements(sql).statements.length < 2 ? sql : `BEGIN;\n${sql}\nCOMMIT;`;
}

function lineOf({ text, forBody = text }: Leaving, sql: string): string {
  const line = forBody !== text && hasBody(sql) ? forBody : text;
  return line.endsWith("\n") ? line : `${line}\n`;
}
