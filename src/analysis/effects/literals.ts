/** Whether the input function of a type can read a literal, as far as a glance shows; what nobody looks at, it can. */
export function isLiteralOf(type: string, literal: string): boolean {
  return readers.get(type)?.(literal.trim()) ?? true;
}

const whole = (text: string) =>
  /^[+-]?(?:\d|0[xXoObB][\da-fA-F_])/.test(text) && !/[^\dxXoObBa-fA-F_+-]/.test(text);
const decimal = (text: string) => /^[+-]?(?:\.?\d|inf|nan)/i.test(text);
/** Zeros where a year, month or day has to stand: what MySQL takes for no date. 2024-001 is the first day of a year. */
const time = (text: string) => text !== "" && !/^0000-|^\d{4,}-00-|^\d{4,}-\d\d-00/.test(text);
/** The beginnings of true, false, yes, no, on and off, and 1 and 0. */
const truth = (text: string) => {
  const word = text.toLowerCase();
  const isBeginning = ["true", "false", "yes", "no"].some((one) => word !== "" && one.startsWith(word));
  return isBeginning || ["on", "off", "of", "1", "0"].includes(word);
};
const json = (text: string) => /^[[{"\d-]|^(?:true|false|null)$/.test(text);

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
