// Finding the name that somebody meant.

/** How many letters to insert, delete, replace or exchange with their neighbour to turn one text into the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const exchanged =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity;
      current.push(Math.min(replaced, exchanged, previous[j]! + 1, current[j - 1]! + 1));
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/** The candidate closest to a name, capitals aside; null if all of them differ in more than half of the letters. */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  const wanted = name.trim().slice(0, 200).toLowerCase();
  let best: string | null = null;
  let least = Math.floor(wanted.length / 2) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.trim().length - wanted.length) >= least) continue;
    const distance = editDistance(wanted, candidate.trim().toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Compares by UTF-16 code unit, the same on every machine and in every language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
