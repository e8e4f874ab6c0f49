import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ExchangeRate, UsedExchangeRate } from '@tollwire/telecom';
import type { ExchangeRateSet } from './gen/tollwire/catalog/v1/catalog_events_pb.ts';
import type { UsedExchangeRate as Message, UsedExchangeRateSchema } from './gen/tollwire/common/v1/pricing_pb.ts';

/** A rate that amounts were converted by, as messages tell it. */
export function usedRateMessageOf({ base, quote, numerator, decimals, validFromUs, source, isInverse }: UsedExchangeRate): MessageInitShape<typeof UsedExchangeRateSchema> {
  return { base, quote, numerator, decimals, validFromUs: BigInt(validFromUs), source, isInverse };
}

/** Rates that a message carries; undefined where one of them can be none, because it is not above 0 or has absurd decimals. */
export function usedRatesOf(messages: readonly Message[]): readonly UsedExchangeRate[] | undefined {
  if (messages.some(({ numerator, decimals }) => numerator <= 0n || decimals > 18)) return undefined;
  return messages.map(({ base, quote, numerator, decimals, validFromUs, source, isInverse }) => ({
    base, quote, numerator, decimals, validFromUs: Number(validFromUs), source, isInverse,
  }));
}

/** The exchange rate that an event sets; undefined where it is not above 0 or has absurd decimals, so that it converts nothing. */
export function exchangeRateOf({ base, quote, numerator, decimals, validFromUs, source }: ExchangeRateSet): ExchangeRate | undefined {
  return numerator > 0n && decimals <= 18 ? { base, quote, numerator, decimals, validFromUs: Number(validFromUs), source } : undefined;
}
