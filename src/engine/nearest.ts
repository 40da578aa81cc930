/** The candidate that a mistyped word most likely means; null where none is near. `most`: the most slips that one may have. */
export function nearestWord(word: string, candidates: Iterable<string>, most = Infinity): string | null {
  // Longer words are nobody's slip, and would cost the square of their length.
  if (word.length === 0 || word.length > 64) return null;
  const wanted = word.toLowerCase();
  let best: string | null = null;
  // Two other letters make any word of a short one.
  let bestDistance = Math.min(most, Math.max(word.length > 4 ? 2 : 1, Math.floor(word.length / 3))) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = distanceBetween(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Edit distance in which two neighbours that changed places count once. */
function distanceBetween(first: string, second: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: second.length + 1 }, (_, k) => k);
  for (let i = 1; i <= first.length; i++) {
    const row = [i];
    for (let j = 1; j <= second.length; j++) {
      const isSame = first[i - 1] === second[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && first[i - 1] === second[j - 2] && first[i - 2] === second[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[second.length] ?? 0;
}
