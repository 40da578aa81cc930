/**
 * All values of the protocol's packages. Loaded only when the server starts, from a file of its own that the build puts
 * beside the executable: the plain command line must not wait for it. Everywhere else their types are enough.
 */
export {
  createConnection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  ProposedFeatures,
  ResponseError,
  TextDocuments,
} from "vscode-languageserver/node";
export { TextDocument } from "vscode-languageserver-textdocument";
