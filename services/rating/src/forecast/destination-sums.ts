import type { MessageInitShape } from '@bufbuild/protobuf';
import type { DestinationForecastSchema, ForecastDeckReplySchema } from '@tollwire/contracts';
import type { ExchangeRates } from '@tollwire/telecom';
import { netOf } from '../domain/margin.ts';
import type { Money, RatedSide } from '../domain/price-at.ts';
import { type Bought, marginBetween, type RatedCall } from '../domain/rate-call.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import type { RatedDeck } from '../domain/tables.ts';

/** What one reply holds; further destinations are summed as unknown. */
const DESTINATIONS_MAX = 5_000;

const sides = ['sellBefore', 'sellAfter', 'buyBefore', 'buyAfter'] as const;
type Side = (typeof sides)[number];

interface Amount {
  nanos: bigint;
  readonly currency: string;
}

type Destination = MessageInitShape<typeof DestinationForecastSchema> & Readonly<Record<Side | 'marginBefore' | 'marginAfter', Amount>> & {
  callCount: bigint; durationSec: bigint; unpricedCount: bigint; marginUnknownCount: bigint; readonly countryPrefixId: number;
};

/** What the four sums of a destination are in. */
type Currencies = Readonly<Record<Side, string>>;

/** Sums by destination and currencies. The side that the deck is not of stays as it was rated. */
export class DestinationSums {
  readonly #isBuy: boolean;
  readonly #exchangeRates: ExchangeRates;
  readonly #destinations = new Map<string, Destination>();
  #callCount = 0n;

  constructor(kind: RatedDeck['kind'], exchangeRates: ExchangeRates) {
    this.#isBuy = kind === 'carrier';
    this.#exchangeRates = exchangeRates;
  }

  /** A call as it was rated, and as the version would have rated it; undefined where the version has no price for it. */
  add(record: RatedRecord, after: RatedCall | undefined): void {
    const before = record.rated;
    const side = this.#isBuy ? after?.buy : after?.sell;
    const into = this.#destinationOf(before, this.#currenciesOf(before, side));
    this.#callCount += 1n;
    into.callCount += 1n;
    into.durationSec += BigInt(before.durationSec);
    if (side === undefined) into.unpricedCount += 1n;
    into.sellBefore.nanos += before.sell.amount.nanos;
    into.sellAfter.nanos += this.#isBuy ? before.sell.amount.nanos : (side?.amount.nanos ?? 0n);
    into.buyBefore.nanos += before.buy?.amount.nanos ?? 0n;
    into.buyAfter.nanos += this.#isBuy ? (side?.amount.nanos ?? 0n) : (before.buy?.amount.nanos ?? 0n);
    this.#addMargins(into, record, after);
  }

  /** Margins are compared like with like: a call of which either is not known is in neither sum. */
  #addMargins(into: Destination, record: RatedRecord, after: RatedCall | undefined): void {
    const before = record.rated;
    const sold = leftOf(record, before.sell, before, this.#exchangeRates);
    const would = after && (this.#isBuy ? leftOf(record, before.sell, after, this.#exchangeRates) : leftOf(record, after.sell, before, this.#exchangeRates));
    if (sold === undefined || would === undefined) {
      into.marginUnknownCount += 1n;
      return;
    }
    into.marginBefore.nanos += sold.nanos;
    into.marginAfter.nanos += would.nanos;
  }

  /** What is missing on one side of the comparison is in the currency of the other; without a carrier's price at all, in that of the sale. */
  #currenciesOf({ sell, buy }: RatedCall, after: RatedSide | undefined): Currencies {
    const sellBefore = sell.amount.currency;
    const buyBefore = buy?.amount.currency ?? (this.#isBuy ? after?.amount.currency : undefined) ?? sellBefore;
    const now = after?.amount.currency;
    return { sellBefore, sellAfter: this.#isBuy ? sellBefore : (now ?? sellBefore), buyBefore, buyAfter: this.#isBuy ? (now ?? buyBefore) : buyBefore };
  }

  #destinationOf({ sell, buy }: RatedCall, currencies: Currencies): Destination {
    const known = sell.derivation?.countryPrefixId || buy?.derivation?.countryPrefixId || 0;
    const keyOf = (id: number) => [id, ...sides.map((side) => currencies[side])].join(' ');
    const id = this.#destinations.size < DESTINATIONS_MAX || this.#destinations.has(keyOf(known)) ? known : 0;
    const found = this.#destinations.get(keyOf(id));
    if (found !== undefined) return found;
    const amount = (side: Side): Amount => ({ nanos: 0n, currency: currencies[side] });
    const made: Destination = {
      countryPrefixId: id, callCount: 0n, durationSec: 0n, unpricedCount: 0n, marginUnknownCount: 0n,
      sellBefore: amount('sellBefore'), sellAfter: amount('sellAfter'), buyBefore: amount('buyBefore'), buyAfter: amount('buyAfter'),
      marginBefore: amount('sellBefore'), marginAfter: amount('sellAfter'),
    };
    this.#destinations.set(keyOf(id), made);
    return made;
  }

  reply(lookedAt: number, isPartial: boolean): MessageInitShape<typeof ForecastDeckReplySchema> {
    const destinations = [...this.#destinations.values()].sort((a, b) => Number(b.durationSec - a.durationSec) || a.countryPrefixId - b.countryPrefixId);
    return { destinations, callCount: this.#callCount, lookedAtCount: BigInt(lookedAt), isPartial };
  }
}

/** What a sell price leaves before tax when carriers are paid: all of it where none took part, undefined where that is not known. */
function leftOf(record: RatedRecord, sell: RatedSide, bought: Bought, rates: ExchangeRates): Money | undefined {
  const { answeredAt, startedAt, rated } = record;
  const talk = { at: answeredAt ?? startedAt, answered: answeredAt !== undefined, durationSec: rated.durationSec };
  if (record.carrierCode === '' && bought.attempts === undefined) return { nanos: netOf(sell, talk), currency: sell.amount.currency };
  const margin = marginBetween(sell, bought, talk, rates);
  return typeof margin === 'object' ? margin.amount : undefined;
}
