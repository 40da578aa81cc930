type Paint = (text: string) => string;

/** What people's reports are painted with. */
export interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly underline: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/** Paints with a terminal's sequences, or does nothing: whether there is a terminal at all is for others to know. */
export function createColours(isWanted: boolean): Colours {
  const paint = (on: number, off: number) => (isWanted ? painter(on, off) : asItIs);
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    underline: paint(4, 24),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}

function painter(on: number, off: number): Paint {
  const start = `\x1b[${on}m`;
  const end = `\x1b[${off}m`;
  // What is painted within may end with the same: then this one begins again. Bold and dim share their end.
  const again = off === 22 ? end + start : start;
  return (text) => `${start}${text.replaceAll(end, again)}${end}`;
}

function asItIs(text: string): string {
  return text;
}
