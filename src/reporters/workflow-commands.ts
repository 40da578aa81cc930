/**
 * What GitHub takes for a command where a line of a job's log begins with it, blanks aside: a name in quotes may hold a line break
 * and then one of these.
 */
const commands =
  /^([^\S\n]*):(?=:(?:add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|internal-set-repo-path|notice|remove-matcher|save-state|set-env|set-output|stop-commands|warning)\b)/gim;

/** The text with such lines spoilt, so that they show and command nothing. */
export function withoutCommands(text: string): string {
  return text.includes("::") ? text.replace(commands, "$1\ufffd") : text;
}
