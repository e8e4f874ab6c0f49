import type { E164 } from '@tollwire/telecom';
import { type ListedPrefix, Screening, type Screened } from './screening.ts';

/** An entry of a list with what it stands for. */
export interface KeptEntry {
  readonly list: 'blacklist' | 'whitelist';
  /** The prefix or the country that it was made for. */
  readonly subject: string;
  readonly isCountry: boolean;
  readonly prefixes: readonly string[];
}

/** What becomes of a call to a number on the blacklist. */
export type Blacklisted = 'stop' | 'mark';

/** The lists as they stand, ready to be asked of any number. */
export class KeptLists {
  readonly entryCount: number;
  readonly #by: Readonly<Record<Blacklisted, Screening>>;

  constructor(entries: readonly KeptEntry[]) {
    // A prefix that stands for itself counts before a country that has it, too: of equal prefixes the last one is found.
    const sorted = entries.toSorted((one, other) => Number(other.isCountry) - Number(one.isCountry));
    const of = (list: KeptEntry['list']) => sorted.filter((entry) => entry.list === list).flatMap(listedOf);
    const lists = { white: of('whitelist'), black: of('blacklist') };
    this.entryCount = entries.length;
    this.#by = { stop: new Screening({ ...lists, blacklisted: 'stop' }), mark: new Screening({ ...lists, blacklisted: 'mark' }) };
  }

  screen(e164: E164, blacklisted: Blacklisted): Screened {
    return this.#by[blacklisted].screen(e164);
  }
}

function listedOf({ subject, isCountry, prefixes }: KeptEntry): ListedPrefix[] {
  return prefixes.map((prefix) => (isCountry ? { prefix, country: subject } : { prefix }));
}
