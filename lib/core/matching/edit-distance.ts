/** Levenshtein distance of two texts given as code points: insertions, deletions and replacements cost 1 each. */
export function editDistance(a: readonly number[], b: readonly number[]): number {
  if (a.length < b.length) return editDistance(b, a);
  const row = Uint16Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0]!;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = diagonal + (a[i - 1] === b[j - 1] ? 0 : 1);
      diagonal = row[j]!;
      row[j] = Math.min(replaced, diagonal + 1, row[j - 1]! + 1);
    }
  }
  return row[b.length]!;
}
