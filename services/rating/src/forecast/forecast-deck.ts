import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, ForecastDeckReplySchema, ForecastDeckRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { grantsNamed } from '../allowances/grant-rows.ts';
import { bucketOf, type Grant } from '../domain/allowance.ts';
import { rateCall, type Subscriber } from '../domain/rate-call.ts';
import { endedCallOf, type RatedRecord } from '../domain/rated-record.ts';
import type { RatingTables } from '../domain/tables.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { candidateOf, withCandidate } from './candidate-tables.ts';
import { DestinationSums } from './destination-sums.ts';
import { ratedPages } from './rated-pages.ts';

/** As long as rates are kept for calls that come late. */
const PERIOD_MAX_US = 35n * 86_400n * 1_000_000n;

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
  const sums = new DestinationSums(candidate.value.kind, tables.exchangeRates);
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
