import type { InstantUs } from '@tollwire/core';
import type { Projection } from '@tollwire/event-store';
import type { ExchangeRateEvent } from '../domain/exchange-rate.ts';

export const exchangeRateStreamPrefix = 'exchangerate-';

/** The stream of all rates of one pair: `exchangerate-EUR-USD`. */
export function exchangeRateIdOf({ base, quote }: Pick<ExchangeRateEvent, 'base' | 'quote'>): string {
  return `${base}-${quote}`;
}

export interface ExchangeRateRow {
  readonly base: string;
  readonly quote: string;
  readonly revision: number;
  readonly numerator: bigint;
  readonly decimals: number;
  readonly validFrom: InstantUs;
  readonly source: string;
  readonly recordedBy: string;
  readonly recordedAt: InstantUs;
}

/** Every rate that was ever recorded, corrected ones too. */
export const exchangeRateList: Projection<ExchangeRateRow, ExchangeRateEvent> = {
  name: 'exchange-rate-list',
  table: 'exchange_rate',
  streamPrefix: exchangeRateStreamPrefix,
  columns: {
    base: 'base text',
    quote: 'quote text',
    revision: 'revision int',
    numerator: 'numerator bigint',
    decimals: 'decimals smallint',
    validFrom: 'valid_from instant_us',
    source: 'source text',
    recordedBy: 'recorded_by text',
    recordedAt: 'recorded_at instant_us',
  },
  key: ['base', 'quote', 'revision'],
  keyOf: ({ event }) => [event.base, event.quote, event.revision],
  evolve(_row, { event }) {
    const { base, quote, revision, numerator, decimals, validFrom, source, by, at } = event;
    return { base, quote, revision, numerator, decimals, validFrom, source, recordedBy: by, recordedAt: at };
  },
};
