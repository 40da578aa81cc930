/** Whether the input function of a type can read a literal, as far as a glance shows; what nobody looks at, it can. */
export function isLiteralOf(type: string, literal: string): boolean {
  return readers.get(type)?.(literal.trim()) ?? true;
}

const whole = (text: string) =>
  /^[+-]?(?:\d|0[xXoObB][\da-fA-F_])/.test(text) && !/[^\dxXoObBa-fA-F_+-]/.test(text);
const decimal = (text: string) => /^[+-]?(?:\.?\d|inf|nan)/i.test(text);
/** A year of four digits or more comes first in every DateStyle, then month and day; 2024-001 is the first day of a year. */
const time = (text: string) => {
  if (text === "" || text.startsWith("0000-")) return false;
  const [, year, month, day] = /^(\d{4,})-(\d{1,2})-(\d{1,2})(?!\d)/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return true;
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
};
/** The beginnings of true, false, yes, no, on and off, and 1 and 0. */
const truth = (text: string) => {
  const word = text.toLowerCase();
  const isBeginning = ["true", "false", "yes", "no"].some((one) => word !== "" && one.startsWith(word));
  return isBeginning || ["on", "off", "of", "1", "0"].includes(word);
};
const json = (text: string) => /^[[{"\d-]|^(?:true|false|null)$/.test(text);

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const readers: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ["bool", truth],
  ["int2", whole],
  ["int4", whole],
  ["int8", whole],
  ["numeric", decimal],
  ["float4", decimal],
  ["float8", decimal],
  ["date", time],
  ["timestamp", time],
  ["timestamptz", time],
  ["json", json],
  ["jsonb", json],
  ["uuid", (text: string) => /^\{?[\da-f]{4}/i.test(text)],
  // `[1:2]={a,b}` names its bounds first.
  ["array", (text: string) => /^(?:\{|\[\s*[+-]?\d+\s*(?::|\]))/.test(text)],
]);
