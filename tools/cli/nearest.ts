/** The known word that a mistyped one most likely means; undefined where none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const near = known.map((each) => ({ each, steps: distance(word, each) })).filter(({ each, steps }) => steps <= Math.ceil(each.length / 3));
  return near.toSorted((a, b) => a.steps - b.steps)[0]?.each;
}

/** Letters to put in, take out or change until one word is the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [at, letter] of Array.from(from).entries()) {
    const next = [at + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
