import { exchangeDecimalOf } from '@tollwire/telecom';
import { z } from 'zod';
import { currency, instant, text } from '../http/primitives.ts';

/** Decimal text of a rate, as it is sent on; the catalog reads it again. */
const rate = z
  .string()
  .refine((value) => exchangeDecimalOf(value).ok, 'must be decimal text above 0 of at most 18 digits')
  .meta({ description: 'Units of quote for one unit of base, exactly.', example: '1.0842' });

/** A rate counts from `validFrom` until the next one of the pair begins; one more for the same instant corrects it. */
export const exchangeRate = z
  .strictObject({
    base: currency,
    quote: currency,
    rate,
    validFrom: instant.optional().meta({ description: 'Since when it counts; now, where nothing is said.' }),
    source: text(100).meta({ description: 'Who says so: a central bank, a bank, a contract.', example: 'ECB' }),
  })
  .refine(({ base, quote }) => base !== quote, { path: ['quote'], message: 'must be another currency than base' });
export type ExchangeRate = z.output<typeof exchangeRate>;

/** Rates of all pairs, of those with one currency on either side, or of one pair; 500 at a time. */
export const exchangeRatePage = z
  .strictObject({ base: currency.optional(), quote: currency.optional(), pageToken: text(64).default('') })
  .refine(({ base, quote }) => quote === undefined || base !== undefined, { path: ['base'], message: 'is missing: quote stands beside it' });
export type ExchangeRatePage = z.output<typeof exchangeRatePage>;
