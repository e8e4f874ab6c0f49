const rowsPerPiece = 20_000;

/** How many prefixes there can be: all of seven digits that begin with a digit of a country code. */
const prefixesMax = 9_000_000;

/**
 * A rate deck of `count` different prefixes as CSV, in pieces, sorted as carriers send it, so that no more than a piece
 * of it is ever in memory. Throws above nine million rates.
 */
export function* deckCsv(count: number): Generator<string> {
  if (count > prefixesMax) throw new RangeError(`there are only ${prefixesMax} prefixes of seven digits`);
  const gap = Math.floor(prefixesMax / count);
  yield 'prefix,rate,increments,connect_fee,blocked\n';
  for (let from = 0; from < count; from += rowsPerPiece) {
    const lines: string[] = [];
    for (let at = from; at < Math.min(count, from + rowsPerPiece); at += 1) lines.push(lineOf(1_000_000 + at * gap, at));
    yield lines.join('');
  }
}

function lineOf(prefix: number, at: number): string {
  const micros = String(1_000 + ((at * 7919) % 90_000)).padStart(6, '0');
  return `${prefix},0.${micros},${at % 3 === 0 ? '30/6' : '60/60'},${at % 10 === 0 ? '0.010000' : '0'},\n`;
}
