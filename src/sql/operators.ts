/** PostgreSQL refuses operators over 63 characters: a long run of signs is not worth reading to its end for each of them. */
export const LONGEST_OPERATOR = 128;

/** Whether `--` or a slash-star begins here: it ends an operator. */
export function startsComment(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const next = text.charCodeAt(at + 1);
  return (code === 45 && next === 45) || (code === 47 && next === 42);
}

/** An operator of several characters ends in + or - only if it holds one of ~ ! @ # % ^ & | ` ? */
export function trimOperator(text: string, start: number, end: number): number {
  if (end - start === 1) return end;
  for (let at = start; at < end; at++) if ("~!@#%^&|`?".includes(text[at] ?? "")) return end;
  let trimmed = end;
  while (trimmed > start + 1 && (text[trimmed - 1] === "+" || text[trimmed - 1] === "-")) trimmed--;
  return trimmed;
}
