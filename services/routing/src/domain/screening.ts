import type { E164 } from '@tollwire/telecom';
import { ByPrefix } from './by-prefix.ts';

/** A prefix of a list; an entry for a country stands for all of the country's prefixes. */
export interface ListedPrefix {
  readonly prefix: string;
  /** The country that the entry was made for; undefined: for the prefix itself. */
  readonly country?: string;
}

/** What the lists say of a number. A mark goes on with the call, a stop refuses it. */
export type Screened =
  | { readonly list: 'none' }
  | { readonly list: 'whitelist' | 'blacklist'; readonly entry: ListedPrefix; readonly stops: boolean };

/** The lists of an account. The whitelist goes first: what is on it passes, whatever the blacklist says. */
export class Screening {
  readonly #white: ByPrefix<ListedPrefix>;
  readonly #black: ByPrefix<ListedPrefix>;
  readonly #blacklisted: 'stop' | 'mark';

  constructor(lists: { readonly white: readonly ListedPrefix[]; readonly black: readonly ListedPrefix[]; readonly blacklisted: 'stop' | 'mark' }) {
    this.#white = new ByPrefix(lists.white);
    this.#black = new ByPrefix(lists.black);
    this.#blacklisted = lists.blacklisted;
  }

  screen(e164: E164): Screened {
    const white = this.#white.longest(e164);
    if (white !== undefined) return { list: 'whitelist', entry: white, stops: false };
    const black = this.#black.longest(e164);
    return black === undefined ? { list: 'none' } : { list: 'blacklist', entry: black, stops: this.#blacklisted === 'stop' };
  }
}
