const names =
  "add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|internal-set-repo-path|notice|remove-matcher|save-state|set-env|set-output|stop-commands|warning";

/**
 * What GitHub takes for a command where a line of a job's log begins with it, blanks aside: a name in quotes may hold a line break
 * and then one of these.
 */
const atLineStart = new RegExp(`^([^\\S\\n]*):(?=:(?:${names})\\b)`, "gim");

/**
 * The older form, which GitHub obeys wherever in a line it stands, with what its log shows as headings; and those of Azure Pipelines
 * and TeamCity.
 */
const anywhere = new RegExp(
  `#(?=#(?:vso|teamcity)?\\[)(?=#\\[(?:${names}|command|section)[ \\]]|#[a-z])`,
  "gi",
);

/** The text with such lines spoilt, so that they show and command nothing. */
export function withoutCommands(text: string): string {
  const spoilt = text.includes("::") ? text.replace(atLineStart, "$1\ufffd") : text;
  return spoilt.includes("##") ? spoilt.replace(anywhere, "\ufffd") : spoilt;
}

/** The same for JSON, in which the form that may stand anywhere can be written so that a parser gets the text as it was. */
export function escapeCommands(json: string): string {
  return json.includes("##") ? json.replace(anywhere, "\\u0023") : json;
}
