import { ANY_TIME, profileKey, profileOfText, profileText, type RateProfile, type TimeWindow } from '@tollwire/telecom';
import { Interned } from './interned.ts';

/** What a file calls the place of a prefix, each in one line without tabs; empty where it says nothing. */
export interface PlaceName {
  readonly destination: string;
  readonly country: string;
}

/** What rates say beyond their columns, each content once. */
export interface RateNotes {
  readonly profiles: Interned<RateProfile>;
  readonly names: Interned<PlaceName>;
}

export function noNotes(): RateNotes {
  return { profiles: new Interned(profileKey), names: new Interned(({ destination, country }) => JSON.stringify([destination, country])) };
}

/** When a rate counts, as a key: of a prefix, rates with the same key take each other's place. What the window is called is no part of it. */
export function windowKey(window: TimeWindow | undefined): string {
  if (window === undefined) return ANY_TIME_KEY;
  const known = keys.get(window);
  if (known !== undefined) return known;
  const key = keyOf(window);
  keys.set(window, key);
  return key;
}

const keys = new WeakMap<TimeWindow, string>();
const ANY_TIME_KEY = keyOf(ANY_TIME);

function keyOf({ weekdays, monthDays, months, years, fromSec, untilSec, weight }: TimeWindow): string {
  const key = JSON.stringify([weekdays, monthDays, months, years, fromSec, untilSec, weight]);
  // In the order of keys, what counts at any time comes first: of rates that nothing else tells apart the last one counts.
  return key === '[[],[],[],[],0,86400,0]' ? '' : key;
}

/** Notes as text, a line each; empty where there are none. Names are of one line, without tabs. */
export function notesText({ profiles, names }: RateNotes): string {
  return [...profiles.items.map(profileText), ...names.items.map(({ destination, country }) => `${destination}\t${country}`)].join('\n');
}

/** Adds the notes that `notesText` wrote, with the numbers that they had, to none. */
export function fillNotes({ profiles, names }: RateNotes, text: string): void {
  for (const line of text === '' ? [] : text.split('\n')) {
    const [destination = '', country] = line.split('\t');
    if (country === undefined) profiles.numberOf(profileOfText(line));
    else names.numberOf({ destination, country });
  }
}
