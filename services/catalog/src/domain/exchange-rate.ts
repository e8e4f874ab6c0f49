import { accept, type Decider, type InstantUs } from '@tollwire/core';
import type { Currency, Decimal } from '@tollwire/telecom';
import type { Said } from './sell-terms.ts';

/** What one unit of `base` is worth in `quote` from an instant (inclusive) until the next rate of the pair begins. */
export interface DatedRate extends Decimal {
  readonly base: Currency;
  readonly quote: Currency;
  readonly validFrom: InstantUs;
  /** Who says so: a central bank, a bank, a contract. */
  readonly source: string;
}

export type ExchangeRateCommand = { readonly type: 'SetExchangeRate' } & DatedRate & Said<InstantUs>;

/** `revision` counts the rates of the pair in the order in which they were recorded, from 1. */
export type ExchangeRateEvent = { readonly type: 'ExchangeRateSet'; readonly revision: number } & DatedRate & Said<InstantUs>;

/** All rates of one pair, as they were recorded. They are never changed: a correction is a further one for the same instant. */
export const exchangeRate: Decider<readonly ExchangeRateEvent[], ExchangeRateCommand, ExchangeRateEvent, never> = {
  name: 'exchange-rate',
  initial: [],

  /** Said again just as it counts already, a rate stands as it was recorded. */
  decide(command, recorded) {
    const counting = recorded.findLast(({ validFrom }) => validFrom === command.validFrom);
    const isSaid = counting?.numerator === command.numerator && counting.decimals === command.decimals && counting.source === command.source;
    return isSaid ? accept() : accept({ ...command, type: 'ExchangeRateSet', revision: recorded.length + 1 });
  },

  evolve(recorded, event) {
    return [...recorded, event];
  },
};
