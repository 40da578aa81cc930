import type { Connection } from "vscode-languageserver/node";

/** Shows a message that asks for no answer: 1 is an error, 2 a warning. */
export function tell(connection: Connection, type: 1 | 2, message: string): void {
  void connection.sendNotification("window/showMessage", { type, message: `lockwise: ${message}` });
}
