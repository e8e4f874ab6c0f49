import { create } from '@bufbuild/protobuf';
import { type ExchangeRateSet, ExchangeRateSetSchema } from '@tollwire/contracts';
import type { PriceDocument } from './document.schema.ts';
import { usOfWritten } from './local-instant.ts';

/** The exchange rates of a document, as the catalog tells them. */
export function exchangeRatesOf({ exchangeRates }: Pick<PriceDocument, 'exchangeRates'>): ExchangeRateSet[] {
  return exchangeRates.map(({ base, quote, rate, from, source }, at) => create(ExchangeRateSetSchema, {
    base, quote, ...rate, revision: at + 1, source, validFromUs: from === undefined ? 0n : BigInt(usOfWritten(from, 'UTC')),
  }));
}
