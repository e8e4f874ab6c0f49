const rowsPerPiece = 20_000;
const digits = 7;

/**
 * A rate deck of `count` different prefixes of seven digits as CSV, in pieces, sorted as carriers send it, so that no
 * more than a piece of it is ever in memory. Every prefix lies under one of `known`, because the catalog takes no rate
 * for a country that there is not. Throws where so many do not fit there.
 */
export function* deckCsv(count: number, known: readonly string[]): Generator<string> {
  const roots = shortestOf(known).filter((root) => root.length < digits);
  const room = roots.reduce((sum, root) => sum + roomUnder(root), 0);
  if (count > room) throw new RangeError(`there are only ${room} prefixes of ${digits} digits in the number plan`);
  yield 'prefix,rate,increments,connect_fee,blocked\n';
  const gap = Math.floor(room / count);
  let lines: string[] = [];
  let row = 0;
  let passed = 0;
  for (const root of roots) {
    const first = Number(root) * roomUnder(root);
    for (; row < count && row * gap < passed + roomUnder(root); row += 1) {
      lines.push(lineOf(first + row * gap - passed, row));
      if (lines.length === rowsPerPiece) {
        yield lines.join('');
        lines = [];
      }
    }
    passed += roomUnder(root);
  }
  if (lines.length > 0) yield lines.join('');
}

function roomUnder(root: string): number {
  return 10 ** (digits - root.length);
}

/** Those that lie under no other, sorted. */
function shortestOf(prefixes: readonly string[]): string[] {
  const roots: string[] = [];
  for (const prefix of [...prefixes].sort()) {
    const last = roots.at(-1);
    if (last === undefined || !prefix.startsWith(last)) roots.push(prefix);
  }
  return roots;
}

function lineOf(prefix: number, row: number): string {
  const micros = String(1_000 + ((row * 7919) % 90_000)).padStart(6, '0');
  return `${prefix},0.${micros},${row % 3 === 0 ? '30/6' : '60/60'},${row % 10 === 0 ? '0.010000' : '0'},\n`;
}
