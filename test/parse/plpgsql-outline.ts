import { type BodyStep, parseBody } from "../../src/parse/plpgsql.ts";
import type { Span } from "../../src/text/span.ts";

/** Where the text between the first pair of the marks lies. */
export function between(text: string, open: string, close = open): Span {
  const start = text.indexOf(open) + open.length;
  return { start, end: text.lastIndexOf(close) };
}

/** The steps of a body in `$$`, one line a step, indented by depth. */
export function outline(text: string, language = "plpgsql", body = between(text, "$$")): string[] {
  const lines: string[] = [];
  write(text, parseBody(text, body, language), "", lines);
  return lines;
}

function write(text: string, steps: readonly BodyStep[], indent: string, lines: string[]): void {
  for (const step of steps) {
    lines.push(indent + lineOf(text, step));
    const inner = `${indent}  `;
    if (step.kind === "branch") {
      for (const [k, arm] of step.arms.entries()) {
        lines.push(`${indent}arm ${step.conditions[k]?.sql ?? "else"}`);
        write(text, arm, inner, lines);
      }
    } else if (step.kind === "loop") {
      if (step.source !== null) lines.push(`${indent}over ${lineOf(text, step.source)}`);
      write(text, step.body, inner, lines);
    } else if (step.kind === "block") {
      write(text, step.body, inner, lines);
      for (const handler of step.handlers) {
        lines.push(`${indent}when ${handler.conditions.join(", ")}`);
        write(text, handler.body, inner, lines);
      }
    }
  }
}

function lineOf(text: string, step: BodyStep): string {
  switch (step.kind) {
    case "sql":
      return `sql${step.into ? " into" : ""}: ${step.sql.sql}`;
    case "perform":
    case "call":
    case "expression":
    case "return":
      return `${step.kind}: ${step.sql?.sql ?? ""}`;
    case "execute":
      return `execute${step.into ? " into" : ""}${step.isCertain ? "" : " uncertain"}: ${step.sql?.sql ?? "?"}`;
    case "commit":
    case "rollback":
      return step.kind + (step.chain ? " and chain" : "");
    case "raise":
      return `raise ${step.level}`;
    case "opaque":
      return `opaque: ${step.reason}, from ${JSON.stringify(text.slice(step.span.start, step.span.start + 12))}`;
    default:
      return step.kind;
  }
}
