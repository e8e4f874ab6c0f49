import { z } from 'zod';
import { carrierCode, currency, instant, prefix, price, rowId, text } from '../http/primitives.ts';

const providerRate = z
  .strictObject({ prefix, countryPrefixId: rowId.optional(), ratePerMin: price })
  .transform(({ prefix, countryPrefixId = 0, ratePerMin }) => ({ prefix, countryPrefixId, ratePerMinNanos: ratePerMin }));

/** The documented direct way to a buy price, apart from carrier decks. */
export const providerRates = z.strictObject({ carrierCode, currency, rates: z.array(providerRate).min(1).max(10_000) });
export type ProviderRates = z.output<typeof providerRates>;

const itemsMax = 10_000;

/** Takes back prefixes, and destinations with all that stands for them. */
export const withdrawnRates = z
  .strictObject({
    carrierCode,
    prefixes: z.array(prefix).max(itemsMax).default([]).meta({ description: 'Whose rates end.' }),
    countryPrefixIds: z.array(rowId).max(itemsMax).default([]).meta({ description: 'Destinations, by their countryprefixid, that end with every rate of theirs.' }),
  })
  .refine(({ prefixes, countryPrefixIds }) => prefixes.length + countryPrefixIds.length > 0, { path: ['prefixes'], message: 'is missing: say which prefixes or destinations are withdrawn' });
export type WithdrawnRates = z.output<typeof withdrawnRates>;

/** What stands at an instant; now, where none is given. */
export const standingRates = z.strictObject({
  carrierCode,
  at: instant.optional(),
  prefix: prefix.optional().meta({ description: 'What the prefixes of the rates begin with.', example: '43' }),
  pageToken: text(15).optional().meta({ description: 'The nextPageToken of the page before.' }),
});
export type StandingRates = z.output<typeof standingRates>;
