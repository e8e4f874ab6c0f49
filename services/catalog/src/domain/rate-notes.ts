import { ANY_TIME, profileKey, type RateProfile, type TimeWindow } from '@tollwire/telecom';
import { Interned } from './interned.ts';

/** What a file calls the place of a prefix; empty where it says nothing. */
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

/** What `notesText` writes: what is undefined is left out of it. */
interface WrittenNotes {
  readonly profiles: readonly (Omit<RateProfile, 'window'> & { readonly window?: TimeWindow })[];
  readonly names: readonly PlaceName[];
}

/** Notes as text; empty where there are none. */
export function notesText({ profiles, names }: RateNotes): string {
  if (profiles.size + names.size === 0) return '';
  return JSON.stringify({ profiles: profiles.items, names: names.items }, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

/** Adds the notes that `notesText` wrote, with the numbers that they had, to none. Every amount is of a field whose name ends in nanos. */
export function fillNotes({ profiles, names }: RateNotes, text: string): void {
  if (text === '') return;
  const read: WrittenNotes = JSON.parse(text, (key, value: unknown) => (typeof value === 'string' && /nanos$/i.test(key) ? BigInt(value) : value));
  for (const { window, ...profile } of read.profiles) profiles.numberOf({ window, ...profile });
  for (const name of read.names) names.numberOf(name);
}
