import type { DeckColumn } from './deck-columns.ts';

/** The increments of a row, in seconds from 1 to 3600, or the column whose cell is none. */
export type IncrementCells = { readonly initialSec: number; readonly nextSec: number } | { readonly column: DeckColumn };

const INCREMENT_SEC_MAX = 3600;
/** A file of bad cells has as many different ones as rows. */
const KNOWN_MAX = 10_000;

/**
 * Makes the reader of a row's increments: `30/6` (the first 30 s, then steps of 6 s), `60` for both, `30/30/6` as carriers
 * write minimum, first and next, in either column, or each in a column of its own, which wins. Billed by the second where nothing is said.
 * A minimum is the first increment where it is longer and whole next steps lie between; else it cannot be said by two.
 */
export function incrementReader(): (cell: (column: DeckColumn) => string) => IncrementCells {
  const known = new Map<string, IncrementCells>();
  return (cell) => {
    const [all, next] = sorted(cell('increments'), cell('increment'));
    const initial = cell('initial_increment');
    const minimum = cell('minimum');
    if (next === '' && initial === '' && minimum === '') {
      const before = known.get(all);
      if (before !== undefined) return before;
      const parts = incrementsOf(all);
      const read = (parts === undefined ? undefined : combined(...parts)) ?? { column: 'increments' };
      if (known.size < KNOWN_MAX) known.set(all, read);
      return read;
    }
    const parts = incrementsOf(all);
    if (parts === undefined) return { column: 'increments' };
    const nextSec = next === '' ? parts[2] : secondsOf(next);
    if (nextSec === undefined) return { column: 'increment' };
    const initialSec = initial === '' ? (all === '' ? nextSec : parts[1]) : secondsOf(initial);
    if (initialSec === undefined) return { column: 'initial_increment' };
    const minimumSec = minimum === '' ? parts[0] : secondsOf(minimum, 0);
    return (minimumSec === undefined ? undefined : combined(minimumSec, initialSec, nextSec)) ?? { column: minimum === '' ? 'increments' : 'minimum' };
  };
}

/** A column called interval holds seconds in some files, and `30/6` in others. */
function sorted(all: string, next: string): readonly [all: string, next: string] {
  return all === '' && /[/+]/.test(next) ? [next, ''] : [all, next];
}

function combined(minimumSec: number, firstSec: number, nextSec: number): IncrementCells | undefined {
  if (minimumSec <= firstSec) return { initialSec: firstSec, nextSec };
  return (minimumSec - firstSec) % nextSec === 0 ? { initialSec: minimumSec, nextSec } : undefined;
}

/** Minimum, first and next. */
function incrementsOf(text: string): readonly [number, number, number] | undefined {
  if (text === '') return [0, 1, 1];
  const parts = text.split(/\s*[/+]\s*/);
  if (parts.length > 3) return undefined;
  const [first = '', next = first] = parts.slice(parts.length === 3 ? 1 : 0);
  const [minimumSec, firstSec, nextSec] = [parts.length === 3 ? secondsOf(parts[0] ?? '', 0) : 0, secondsOf(first), secondsOf(next)];
  return minimumSec === undefined || firstSec === undefined || nextSec === undefined ? undefined : [minimumSec, firstSec, nextSec];
}

function secondsOf(text: string, secondsMin = 1): number | undefined {
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const seconds = Number(text);
  return seconds >= secondsMin && seconds <= INCREMENT_SEC_MAX ? seconds : undefined;
}
