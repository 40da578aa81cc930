import type { ResponseError } from "vscode-languageserver/node";

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

/** A handler that answers only while the session is open. */
export function whileOpen<Params, Result>(
  editor: { readonly phase: Phase },
  protocol: Protocol,
  answer: (params: Params) => Promise<Result>,
): (params: Params) => Promise<Result> | ResponseError<never> {
  return (params) => refusalIn(editor.phase, false, protocol) ?? answer(params);
}
