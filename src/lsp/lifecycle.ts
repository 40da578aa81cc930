import type { ResponseError } from "vscode-languageserver/node";
import type { Expected } from "./params.ts";

/** Where a session stands. */
export type Phase = "new" | "open" | "shut down";

type Protocol = Pick<typeof import("./protocol.ts"), "ErrorCodes" | "ResponseError">;

/** Why a request is refused in this phase: nothing is answered before `initialize`, which comes once, nor after `shutdown`. */
export function refusalIn(
  phase: Phase,
  isGreeting: boolean,
  protocol: Protocol,
): ResponseError<never> | null {
  const { ErrorCodes, ResponseError: Refusal } = protocol;
  if (phase === "shut down") return new Refusal(ErrorCodes.InvalidRequest, "the server has been shut down");
  if (phase === "new" && !isGreeting)
    return new Refusal(ErrorCodes.ServerNotInitialized, "initialize has to come first");
  return phase === "open" && isGreeting
    ? new Refusal(ErrorCodes.InvalidRequest, "initialize has been sent already")
    : null;
}

/** A handler that answers only while the session is open, and what it can understand. */
export function whileOpen<Params, Result>(
  editor: { readonly phase: Phase },
  protocol: Protocol,
  isExpected: Expected,
  answer: (params: Params) => Promise<Result>,
): (params: Params) => Promise<Result> | ResponseError<never> {
  return (params) => {
    const refused = refusalIn(editor.phase, false, protocol);
    if (refused !== null) return refused;
    if (isExpected(params)) return answer(params);
    const { ErrorCodes, ResponseError: Refusal } = protocol;
    return new Refusal(ErrorCodes.InvalidParams, "the parameters are not those of this request");
  };
}
