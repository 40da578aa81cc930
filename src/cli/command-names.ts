/** The first word of a command line that is a command. A list of its own: commander is loaded only where it is needed. */
export const commandNames = ["lint", "explain", "plan", "rules", "init", "lsp"] as const;

export type CommandName = (typeof commandNames)[number];
