import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, ListProviderRatesReplySchema, ListProviderRatesRequest, LoadProviderRatesRequest, WithdrawProviderRatesRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { EventMeta, Sql } from '@tollwire/event-store';
import { currencyOf } from '@tollwire/telecom';
import type { RoutingDeps } from '../routing.deps.ts';
import { handled } from './provider-answers.ts';

const prefixForm = /^[1-9]\d{0,14}$/;
const prefixDetail = 'A prefix is 1 to 15 digits that do not start with 0';
const rateNanosMax = 2n ** 53n;
const rowIdMax = 2 ** 31 - 1;
/** What one withdrawal may name, and one page may hold. */
const namedMax = 10_000;
const pageRates = 1_000;

type Answered<T> = Promise<Result<T, CodedRefusal>>;

/** Loads the direct rates of a provider; they are valid from now on. */
export async function loadProviderRates(deps: RoutingDeps, request: LoadProviderRatesRequest, meta: EventMeta): Answered<{ rateCount: number }> {
  const { carrierCode, rates, by } = request;
  const currency = currencyOf(request.currency);
  if (!currency.ok) return refuse({ code: 'currency_malformed', field: 'currency' });
  for (const [at, { prefix, countryPrefixId, ratePerMinNanos }] of rates.entries()) {
    const field = `rates[${at}]`;
    if (!prefixForm.test(prefix)) return refuse({ code: 'field_malformed', field: `${field}.prefix`, detail: prefixDetail });
    if (countryPrefixId > rowIdMax) return refuse({ code: 'field_out_of_range', field: `${field}.countryPrefixId` });
    if (ratePerMinNanos < 0n || ratePerMinNanos >= rateNanosMax) return refuse({ code: 'field_out_of_range', field: `${field}.ratePerMinNanos` });
  }
  const direct = rates.map(({ prefix, countryPrefixId, ratePerMinNanos }) => ({ prefix, countryPrefixId, ratePerMinNanos }));
  const done = await handled(deps, carrierCode, { type: 'LoadRates', currency: currency.value, rates: direct, by, at: deps.clock.nowUs() }, meta);
  return done.ok ? ok({ rateCount: rates.length }) : done;
}

/** Takes back direct rates of a provider; they end now, and stand for what was called before. */
export async function withdrawProviderRates(deps: RoutingDeps, request: WithdrawProviderRatesRequest, meta: EventMeta): Answered<{ rateCount: number }> {
  const { carrierCode, prefixes, countryPrefixIds, by } = request;
  if (prefixes.length + countryPrefixIds.length === 0) return refuse({ code: 'field_missing', field: 'prefixes', detail: 'Say which prefixes or destinations are withdrawn' });
  if (prefixes.length + countryPrefixIds.length > namedMax) return refuse({ code: 'too_many_items', field: 'prefixes', facts: { itemsMax: String(namedMax) } });
  const malformed = prefixes.findIndex((prefix) => !prefixForm.test(prefix));
  if (malformed >= 0) return refuse({ code: 'field_malformed', field: `prefixes[${malformed}]`, detail: prefixDetail });
  const outside = countryPrefixIds.findIndex((id) => id === 0 || id > rowIdMax);
  if (outside >= 0) return refuse({ code: 'field_out_of_range', field: `countryPrefixIds[${outside}]` });
  const done = await handled(deps, carrierCode, { type: 'WithdrawRates', prefixes, countryPrefixIds, by, at: deps.clock.nowUs() }, meta);
  if (!done.ok) return done;
  return ok({ rateCount: done.value.events.reduce((count, event) => count + (event.type === 'ProviderRatesWithdrawn' ? event.prefixes.length : 0), 0) });
}

interface StandingRecord {
  prefix: string; countryprefixid: number; nanos: bigint; currency: string; from_us: bigint; until_us: bigint | null;
}

const selectStanding = `
  select r.prefix, r.countryprefixid, (r.rate * 10000000)::bigint as nanos, r.currency, to_us(r.valid_from) as from_us, to_us(r.valid_until) as until_us
  from providerrate r join provider p using (providerid)
  where p.carriercode = $1 and r.valid_from <= from_us($2) and (r.valid_until is null or r.valid_until > from_us($2))
    and r.prefix collate "C" > $3 and starts_with(r.prefix, $4)
  order by r.prefix collate "C" limit ${pageRates + 1}`;

/** The direct rates of a provider that stand at an instant, by prefix. */
export async function listProviderRates({ database }: RoutingDeps, request: ListProviderRatesRequest): Answered<MessageInitShape<typeof ListProviderRatesReplySchema>> {
  const { carrierCode, atUs, prefix, pageToken } = request;
  if (!(await isRegistered(database, carrierCode))) return refuse({ code: 'unknown_carrier', field: 'carrierCode', detail: 'There is no provider with this code' });
  const rows = await database.query<StandingRecord>(selectStanding, [carrierCode, atUs, pageToken, prefix]);
  const rates = rows.slice(0, pageRates).map(({ countryprefixid: countryPrefixId, nanos: ratePerMinNanos, from_us: validFromUs, until_us: validUntilUs, ...row }) =>
    ({ prefix: row.prefix, countryPrefixId, ratePerMinNanos, currency: row.currency, validFromUs, validUntilUs: validUntilUs ?? 0n }));
  return ok({ rates, nextPageToken: rows.length > pageRates ? (rates.at(-1)?.prefix ?? '') : '' });
}

async function isRegistered(sql: Sql, carrierCode: string): Promise<boolean> {
  return (await sql.query('select from provider where carriercode = $1', [carrierCode])).length > 0;
}
