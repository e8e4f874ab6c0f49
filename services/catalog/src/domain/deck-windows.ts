import { RateColumns } from './rate-columns.ts';

/** So many rates are copied between two pauses. */
const SLICE = 2_000;

/** A sorted content with the rates of each window of a prefix together, in the order of date; the content itself where there are no windows. */
export function* byWindow(rates: RateColumns): Generator<undefined, RateColumns> {
  if (!rates.hasWindows) return rates;
  const together = new RateColumns(rates.size, rates.notes);
  together.timeZone = rates.timeZone;
  for (let first = 0; first < rates.size; ) {
    const end = endOfPrefix(rates, first);
    const ats = Array.from({ length: end - first }, (_, at) => first + at);
    for (const group of Map.groupBy(ats, (at) => rates.windowKeyAt(at)).values()) {
      for (const at of group) together.copy(rates, at, rates.validUntilUs[at] ?? 0);
    }
    if (Math.floor(end / SLICE) > Math.floor(first / SLICE)) yield undefined;
    first = end;
  }
  return together;
}

/** Where the rates of the prefix at `first` end. */
export function endOfPrefix(rates: RateColumns, first: number): number {
  let at = first + 1;
  while (at < rates.size && rates.comparePrefix(at, rates, first) === 0) at += 1;
  return at;
}

type Range = readonly [first: number, end: number];

interface WindowRange {
  readonly key: string;
  readonly name: string;
  readonly range: Range;
}

/**
 * Which rates of a prefix are to be compared with each other: those of the same window; where a window has other hours than
 * before, those of the same name; the rest with nothing. Both contents are as `byWindow` puts them.
 */
export function pairedWindows(from: RateColumns, fromAt: number, fromEnd: number, to: RateColumns, toAt: number, toEnd: number): (readonly [Range, Range])[] {
  const before = windowsOf(from, fromAt, fromEnd);
  let after = windowsOf(to, toAt, toEnd);
  const pairs: (readonly [Range, Range])[] = [];
  const rest: WindowRange[] = [];
  const takeWhere = (window: WindowRange, is: (other: WindowRange) => boolean): boolean => {
    const found = after.find(is);
    if (found === undefined) return false;
    after = after.filter((other) => other !== found);
    pairs.push([window.range, found.range]);
    return true;
  };
  for (const window of before) if (!takeWhere(window, ({ key }) => key === window.key)) rest.push(window);
  for (const window of rest) {
    const isNamed = window.name !== '' && takeWhere(window, ({ name }) => name === window.name);
    if (!isNamed) pairs.push([window.range, [toEnd, toEnd]]);
  }
  for (const { range } of after) pairs.push([[fromEnd, fromEnd], range]);
  return pairs;
}

function windowsOf(rates: RateColumns, first: number, end: number): WindowRange[] {
  const windows: WindowRange[] = [];
  for (let at = first; at < end; ) {
    const [begin, key] = [at, rates.windowKeyAt(at)];
    while (at < end && rates.windowKeyAt(at) === key) at += 1;
    windows.push({ key, name: rates.profileAt(begin)?.window?.name ?? '', range: [begin, at] });
  }
  return windows;
}
