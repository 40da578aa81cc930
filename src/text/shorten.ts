/** The text for a message: where it is long, its beginning. */
export function shorten(text: string, length = 40): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}
