import type { Format, PieceReporter, Reporter } from "./reporter.ts";

/** Loads the one reporter that is asked for, in pieces where what it makes may be large. */
export async function loadPieces(format: Format): Promise<PieceReporter> {
  if (format === "json") return (await import("./json.ts")).jsonPieces;
  if (format === "pretty") return (await import("./pretty.ts")).prettyPieces;
  const render = await loadReporter(format);
  return (report, options) => [render(report, options)];
}

/** Loads the one reporter that is asked for. */
export async function loadReporter(format: Format): Promise<Reporter> {
  switch (format) {
    case "pretty":
      return (await import("./pretty.ts")).renderPretty;
    case "compact":
      return (await import("./compact.ts")).renderCompact;
    case "json":
      return (await import("./json.ts")).renderJson;
    case "sarif":
      return (await import("./sarif.ts")).renderSarif;
    case "github":
      return (await import("./github.ts")).renderGithub;
    case "gitlab":
      return (await import("./gitlab.ts")).renderGitlab;
    case "junit":
      return (await import("./junit.ts")).renderJunit;
    case "markdown":
      return (await import("./markdown.ts")).renderMarkdown;
  }
}
