import type { Expression } from "../../model/expression.ts";
import type { Clause } from "../../model/name.ts";
import type { DataChange, Query, Source } from "../../model/query.ts";
import { type Cursor, commaSegments, spanOfRest } from "./cursor.ts";

/**
 * What the tokens alone cannot tell. A parser's adapter hands it over, piece by piece, in the order in which
 * the pieces stand in the text; a reader asks for each piece when it comes to it.
 */
export interface Values {
  /** The next expression of the user. */
  expression(): Expression;
  /** The next query; `at` is where it stands. */
  query(at: Cursor): Query;
  /** The next query, or INSERT, UPDATE, DELETE, MERGE with RETURNING, of a WITH clause, COPY or the like. */
  change(at: Cursor): Query | DataChange;
  /** The next list of what stands in FROM or USING. */
  sources(): readonly Source[];
}

/** The next expression, which fills what is left of the stretch. */
export function readClause(values: Values, inside: Cursor): Clause<Expression> {
  return { value: values.expression(), span: spanOfRest(inside) };
}

/** The expressions between the commas of a stretch. */
export function readExpressions(values: Values, inside: Cursor): Expression[] {
  return commaSegments(inside).map(() => values.expression());
}

/** For statements that hold no expression and no query. */
export const noValues: Values = {
  expression: () => ({ kind: "special", name: "nothing", arguments: [] }),
  query: () => ({ kind: "values", rows: [], with: [] }),
  change: () => ({ kind: "values", rows: [], with: [] }),
  sources: () => [],
};
