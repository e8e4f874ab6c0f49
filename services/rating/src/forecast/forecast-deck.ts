import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, DestinationForecastSchema, ForecastDeckReplySchema, ForecastDeckRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { grantsNamed } from '../allowances/grant-rows.ts';
import { bucketOf, type Grant } from '../domain/allowance.ts';
import type { RatedSide } from '../domain/price-at.ts';
import { rateCall, type Subscriber } from '../domain/rate-call.ts';
import { endedCallOf, type RatedRecord } from '../domain/rated-record.ts';
import type { RatedDeck, RatingTables } from '../domain/tables.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { candidateOf, withCandidate } from './candidate-tables.ts';
import { ratedPages } from './rated-pages.ts';

/** As long as rates are kept for calls that come late. */
const PERIOD_MAX_US = 35n * 86_400n * 1_000_000n;
/** What one reply holds; further destinations are summed as unknown. */
const DESTINATIONS_MAX = 5_000;

export interface ForecastLimits {
  readonly lookedAtMax: number;
  readonly rowsPerPage: number;
  /** Calls that are priced between two yields to the event loop: about a millisecond. */
  readonly slice: number;
}

const limitsOfService: ForecastLimits = { lookedAtMax: 2_000_000, rowsPerPage: 5_000, slice: 200 };

/**
 * What the calls of a period would come to by another version of a deck: each priced as when it was rated, through the live
 * engine, with the candidate in place of what its owner had in force, beside the free seconds that it used. Exact; reads in batches of its own and prices in
 * slices, so that calls go on being rated. Changes nothing.
 */
export async function forecastDeck(
  deps: Pick<RatingDeps, 'database' | 'tables' | 'subscribers' | 'catalog'>,
  { deck, sinceUs, untilUs }: ForecastDeckRequest,
  limits = limitsOfService,
): Promise<Result<MessageInitShape<typeof ForecastDeckReplySchema>, CodedRefusal>> {
  if (deck === undefined) return refuse({ code: 'field_missing', field: 'deck' });
  if (untilUs <= sinceUs || untilUs - sinceUs > PERIOD_MAX_US) return refuse({ code: 'field_out_of_range', field: 'untilUs', detail: 'Give a period of at most 35 days.' });
  if (!deps.tables.loaded) return refuse({ code: 'rates_not_loaded' });
  const candidate = await candidateOf(deps.catalog, deck);
  if (!candidate.ok) return candidate;
  const tables = withCandidate(deps.tables.now, candidate.value);
  const sums = new Sums(candidate.value.kind);
  let lookedAt = 0;
  for await (const page of ratedPages(deps.database, tables, candidate.value, { sinceUs, untilUs, ...limits })) {
    if (lookedAt >= limits.lookedAtMax) return ok(sums.reply(lookedAt, true));
    lookedAt += page.lookedAt;
    const subscribers = await deps.subscribers.of(deps.database, page.records.map(({ partyKey }) => partyKey));
    const grants = await usedGrants(deps.database, page.records);
    for (const [at, record] of page.records.entries()) {
      sums.add(record, priced(record, subscribers.get(record.partyKey), grants, tables));
      if (at % limits.slice === limits.slice - 1) await new Promise(setImmediate);
    }
  }
  return ok(sums.reply(lookedAt, false));
}

/** The grants whose free seconds these calls have used. */
function usedGrants(sql: Sql, records: readonly RatedRecord[]): Promise<Map<string, Grant>> {
  const used = records.flatMap(({ rated }) => rated.sell.derivation?.allowances ?? []);
  return grantsNamed(sql, [...new Set(used.map(({ grantId }) => grantId))]);
}

/** The call rated anew by the plan that it was rated by, beside the free seconds that it used; undefined where the version has no price for it. */
function priced(record: RatedRecord, subscriber: Subscriber | undefined, grants: ReadonlyMap<string, Grant>, tables: RatingTables) {
  const payer = record.plan === undefined ? undefined : { plan: record.plan, pulses: subscriber?.pulses };
  const draws = (record.rated.sell.derivation?.allowances ?? []).flatMap(({ grantId, period, sec }) => {
    const grant = grants.get(grantId);
    return grant === undefined ? [] : [{ bucket: bucketOf(grant, period), sec }];
  });
  const rated = rateCall(endedCallOf(record, true), payer, tables, draws);
  return rated.ok ? rated.value : undefined;
}

type Destination = MessageInitShape<typeof DestinationForecastSchema> & {
  callCount: bigint; durationSec: bigint; unpricedCount: bigint; readonly countryPrefixId: number;
  readonly sellBefore: Amount; readonly sellAfter: Amount; readonly buyBefore: Amount; readonly buyAfter: Amount;
};

interface Amount {
  nanos: bigint;
  readonly currency: string;
}

/** What the four sums of a destination are in. */
interface Currencies {
  readonly sellBefore: string;
  readonly sellAfter: string;
  readonly buyBefore: string;
  readonly buyAfter: string;
}

/** Sums by destination and currencies. The side that the deck is not of stays as it was rated. */
class Sums {
  readonly #kind: RatedDeck['kind'];
  readonly #destinations = new Map<string, Destination>();
  #callCount = 0n;

  constructor(kind: RatedDeck['kind']) {
    this.#kind = kind;
  }

  add({ rated: before }: RatedRecord, after: RatedRecord['rated'] | undefined): void {
    const isBuy = this.#kind === 'carrier';
    const side = isBuy ? after?.buy : after?.sell;
    const into = this.#destinationOf(before, this.#currenciesOf(before, side));
    this.#callCount += 1n;
    into.callCount += 1n;
    into.durationSec += BigInt(before.durationSec);
    if (side === undefined) into.unpricedCount += 1n;
    into.sellBefore.nanos += before.sell.amount.nanos;
    into.sellAfter.nanos += isBuy ? before.sell.amount.nanos : (side?.amount.nanos ?? 0n);
    into.buyBefore.nanos += before.buy?.amount.nanos ?? 0n;
    into.buyAfter.nanos += isBuy ? (side?.amount.nanos ?? 0n) : (before.buy?.amount.nanos ?? 0n);
  }

  /** What is missing on one side of the comparison is in the currency of the other; without a carrier's price at all, in that of the sale. */
  #currenciesOf({ sell, buy }: RatedRecord['rated'], after: RatedSide | undefined): Currencies {
    const isBuy = this.#kind === 'carrier';
    const sellBefore = sell.amount.currency;
    const buyBefore = buy?.amount.currency ?? (isBuy ? after?.amount.currency : undefined) ?? sellBefore;
    const now = after?.amount.currency;
    return { sellBefore, sellAfter: isBuy ? sellBefore : (now ?? sellBefore), buyBefore, buyAfter: isBuy ? (now ?? buyBefore) : buyBefore };
  }

  #destinationOf({ sell, buy }: RatedRecord['rated'], { sellBefore, sellAfter, buyBefore, buyAfter }: Currencies): Destination {
    const known = sell.derivation?.countryPrefixId || buy?.derivation?.countryPrefixId || 0;
    const keyOf = (id: number) => [id, sellBefore, sellAfter, buyBefore, buyAfter].join(' ');
    const id = this.#destinations.size < DESTINATIONS_MAX || this.#destinations.has(keyOf(known)) ? known : 0;
    const found = this.#destinations.get(keyOf(id));
    if (found !== undefined) return found;
    const amount = (currency: string): Amount => ({ nanos: 0n, currency });
    const made: Destination = {
      countryPrefixId: id, callCount: 0n, durationSec: 0n, unpricedCount: 0n,
      sellBefore: amount(sellBefore), sellAfter: amount(sellAfter), buyBefore: amount(buyBefore), buyAfter: amount(buyAfter),
    };
    this.#destinations.set(keyOf(id), made);
    return made;
  }

  reply(lookedAt: number, isPartial: boolean): MessageInitShape<typeof ForecastDeckReplySchema> {
    const destinations = [...this.#destinations.values()].sort((a, b) => Number(b.durationSec - a.durationSec) || a.countryPrefixId - b.countryPrefixId);
    return { destinations, callCount: this.#callCount, lookedAtCount: BigInt(lookedAt), isPartial };
  }
}
