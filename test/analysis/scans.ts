import { explain } from "../../src/index.ts";

/** Whether a statement reads all rows of the table `t`, after a history. @throws Error where the history does not tell. */
export async function scansTable(history: string, statement: string): Promise<boolean> {
  const { statements } = await explain(
    [
      { path: "1.sql", text: history, role: "history" },
      { path: "2.sql", text: statement },
    ],
    { postgresVersion: 18 },
  );
  const [one, ...others] = statements;
  if (one === undefined || others.length > 0 || one.fails !== null || one.certainty !== undefined)
    throw new Error(`not sure: ${JSON.stringify(statements)}`);
  return one.scans.includes("public.t");
}
