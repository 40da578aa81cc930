/** What is asked of the parameters of a request before anything is done with them: a client may be wrong as well. */
export type Expected = (params: unknown) => boolean;

/** A place in a document. */
export const atPosition: Expected = (params) =>
  isOfDocument(params) && isPosition(memberOf(params, "position"));

/** A stretch of a document, with what was said of it. */
export const atRange: Expected = (params) => {
  const range = memberOf(params, "range");
  return (
    isOfDocument(params) &&
    isPosition(memberOf(range, "start")) &&
    isPosition(memberOf(range, "end")) &&
    Array.isArray(memberOf(memberOf(params, "context"), "diagnostics"))
  );
};

/** Anything with members. */
export const anObject: Expected = (params) => typeof params === "object" && params !== null;

function isOfDocument(params: unknown): boolean {
  return typeof memberOf(memberOf(params, "textDocument"), "uri") === "string";
}

function isPosition(value: unknown): boolean {
  return isCount(memberOf(value, "line")) && isCount(memberOf(value, "character"));
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
