import type { CodedRefusal, LoadProviderRatesRequest, RegisterProviderRequest } from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import { currencyOf } from '@tollwire/telecom';
import type { ProviderCommand, ProviderRefusal } from '../domain/provider.ts';
import { loadCarriers } from '../live/load-carriers.ts';
import type { RoutingDeps } from '../routing.deps.ts';

const prefixForm = /^[1-9]\d{0,14}$/;
const rateNanosMax = 2n ** 53n;

/** Registers a provider, or agrees on new terms with one that is registered. */
export async function registerProvider(deps: RoutingDeps, request: RegisterProviderRequest): Promise<Result<{ providerId: number }, CodedRefusal>> {
  const { carrierCode, name, gateway, priority, by } = request;
  if (gateway === undefined || gateway.address === '') return missing('gateway.address');
  if (carrierCode === '') return missing('carrier_code');
  const [sequence] = await deps.database.query<{ id: number }>(`select nextval(pg_get_serial_sequence('provider', 'providerid'))::int as id`);
  const providerId = present(sequence, 'the next provider id').id;
  const { address, tech, stripDigits, addPrefix, timeoutSec } = gateway;
  const terms = { carrierCode, name: name || carrierCode, gateway: { address, tech: tech || 'SIP', stripDigits, addPrefix, timeoutSec: timeoutSec || 30 }, priority };
  return await carryOut(deps, carrierCode, { type: 'Register', providerId, terms, atUs: deps.nowUs(), by });
}

/** Loads the direct rates of a provider; they are valid from now on. */
export async function loadProviderRates(deps: RoutingDeps, request: LoadProviderRatesRequest): Promise<Result<{ rateCount: number }, CodedRefusal>> {
  const { carrierCode, rates, by } = request;
  const currency = currencyOf(request.currency);
  if (!currency.ok) return refuse({ code: 'currency_malformed', field: 'currency' });
  for (const [at, { prefix, ratePerMinNanos }] of rates.entries()) {
    const field = `rates[${at}]`;
    if (!prefixForm.test(prefix)) return refuse({ code: 'field_malformed', field: `${field}.prefix`, detail: 'A prefix is 1 to 15 digits that do not start with 0' });
    if (ratePerMinNanos < 0n || ratePerMinNanos >= rateNanosMax) return refuse({ code: 'field_out_of_range', field: `${field}.rate_per_min_nanos` });
  }
  const direct = rates.map(({ prefix, countryPrefixId, ratePerMinNanos }) => ({ prefix, countryPrefixId, ratePerMinNanos }));
  const done = await carryOut(deps, carrierCode, { type: 'LoadRates', currency: currency.value, rates: direct, atUs: deps.nowUs(), by });
  return done.ok ? ok({ rateCount: rates.length }) : done;
}

/** Takes a carrier out of every route at once, or back in. */
export function switchProvider(deps: RoutingDeps, type: 'Suspend' | 'Resume', carrierCode: string, by: string) {
  return carryOut(deps, carrierCode, { type, by });
}

/** Every provider, in the order of its code. */
export async function listProviders({ database }: RoutingDeps) {
  const ids = await database.query<{ providerid: number; carriercode: string }>('select providerid, carriercode from provider');
  const idOf = new Map(ids.map(({ providerid, carriercode }) => [carriercode, providerid]));
  const carriers = await loadCarriers(database);
  return ok({ providers: carriers.map(({ carrierCode, name, gateway, active }) => ({ providerId: idOf.get(carrierCode) ?? 0, carrierCode, name, gateway, active })) });
}

/** Answers when this instance routes by the change; the others follow within their polling time. */
async function carryOut(deps: RoutingDeps, carrierCode: string, command: ProviderCommand): Promise<Result<{ providerId: number }, CodedRefusal>> {
  const handled = await deps.providers.handle(carrierCode, command, { by: command.by });
  if (!handled.ok) return refuse(coded(handled.refusal));
  await deps.replica.refresh();
  const { state } = handled.value;
  return ok({ providerId: state.status === 'unknown' ? 0 : state.providerId });
}

function coded(refusal: ProviderRefusal): CodedRefusal {
  switch (refusal.code) {
    case 'unknown_carrier':
      return { code: 'unknown_carrier', detail: 'Register the provider first', field: 'carrier_code' };
    case 'too_many_rates':
      return { code: 'too_many_items', detail: `At most ${refusal.ratesMax} rates at once; import a longer deck into a carrier plan`, field: 'rates' };
    case 'duplicate_prefix':
      return { code: 'conflict', detail: `Prefix ${refusal.prefix} is given twice`, field: 'rates', facts: { prefix: refusal.prefix } };
  }
}

function missing(field: string) {
  return refuse({ code: 'field_missing' as const, field });
}
