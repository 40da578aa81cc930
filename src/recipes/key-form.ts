import type { Index } from "../analysis/entities.ts";
import { quoteName } from "../sql/names.ts";
import { isWord, tokensIn } from "../sql/tokens.ts";

/** What a key says besides its kind and its columns, as SQL with a space before it, or nothing. */
interface KeyForm {
  /** `(a, b) INCLUDE (c) NULLS NOT DISTINCT`: what CREATE UNIQUE INDEX says behind the table. */
  readonly index: string;
  /** ` DEFERRABLE INITIALLY DEFERRED`. */
  readonly timing: string;
}

/**
 * How to make a key again, over columns that may be called otherwise. Null where there is more to it than is told here: storage
 * parameters, another tablespace, an index that was taken over.
 */
export function keyForm(
  definition: string,
  index: Index,
  rename: (column: string) => string = (column) => column,
): KeyForm | null {
  if (index.method !== "btree") return null;
  const tokens = tokensIn(definition);
  const has = (word: string) => tokens.some((token) => isWord(definition, token, word));
  if (has("with") || has("using") || has("without") || has("tablespace")) return null;
  const list = (names: readonly (string | null)[]) =>
    names.map((name) => quoteName(rename(name ?? ""))).join(", ");
  const including = index.including.length === 0 ? "" : ` INCLUDE (${list(index.including)})`;
  const nulls = has("distinct") && has("not") && has("nulls") ? " NULLS NOT DISTINCT" : "";
  const isDeferrable = tokens.some(
    (token, k) => isWord(definition, token, "deferrable") && !isWord(definition, tokens[k - 1], "not"),
  );
  return {
    index: `(${list(index.keys)})${including}${nulls}`,
    timing: `${isDeferrable ? " DEFERRABLE" : ""}${has("deferred") ? " INITIALLY DEFERRED" : ""}`,
  };
}
