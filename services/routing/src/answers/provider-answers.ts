import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  CodedRefusal, RegisterProviderRequest, SetProviderLimitsReplySchema, SetProviderLimitsRequest, StateProviderBalanceReplySchema, StateProviderBalanceRequest,
} from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import type { EventMeta, Handled } from '@tollwire/event-store';
import { currencyOf } from '@tollwire/telecom';
import type { ProviderCommand, ProviderEvent, ProviderRefusal, ProviderState } from '../domain/provider.ts';
import { loadCarriers } from '../live/load-carriers.ts';
import type { RoutingDeps } from '../routing.deps.ts';
import { directRateRefusal } from './direct-rate-refusal.ts';
import { gatewayGroups, gatewayMessage } from './gateway-listing.ts';
import { gatewayFields, providerFields } from '../wire/fields.ts';
import { limitFields, limitsMessage } from '../wire/limit-fields.ts';

type Answered<T> = Promise<Result<T, CodedRefusal>>;

/** Registers a provider, or agrees on new terms with one that is registered. */
export async function registerProvider(deps: RoutingDeps, request: RegisterProviderRequest, meta: EventMeta): Answered<{ providerId: number }> {
  const named = providerFields(request);
  if (!named.ok) return named;
  const gateway = gatewayFields(request.gateway);
  if (!gateway.ok) return gateway;
  const { carrierCode, name } = named.value;
  const [sequence] = await deps.database.query<{ id: number }>(`select nextval(pg_get_serial_sequence('provider', 'providerid'))::int as id`);
  const providerId = present(sequence, 'the next provider id').id;
  const terms = { carrierCode, name, gateway: gateway.value, priority: request.priority };
  return await carryOut(deps, carrierCode, { type: 'Register', providerId, terms, by: request.by, at: deps.clock.nowUs() }, meta);
}

/** Agrees on the limits of a provider as a whole. */
export async function setProviderLimits(
  deps: RoutingDeps, { carrierCode, limits, by }: SetProviderLimitsRequest, meta: EventMeta,
): Answered<MessageInitShape<typeof SetProviderLimitsReplySchema>> {
  if (limits === undefined) return refuse({ code: 'field_missing', field: 'limits', detail: 'Say which limits; empty ones are none' });
  const read = limitFields(limits);
  if (!read.ok) return read;
  const done = await carryOut(deps, carrierCode, { type: 'AgreeLimits', limits: read.value, by, at: deps.clock.nowUs() }, meta);
  return done.ok ? ok({ limits: limitsMessage(read.value) }) : done;
}

/** States what is left to be used up with a provider, from now on; nothing: any amount. */
export async function stateProviderBalance(
  deps: RoutingDeps, { carrierCode, left, by }: StateProviderBalanceRequest, meta: EventMeta,
): Answered<MessageInitShape<typeof StateProviderBalanceReplySchema>> {
  const currency = left === undefined ? undefined : currencyOf(left.currency);
  if (currency?.ok === false) return refuse({ code: 'currency_malformed', field: 'left.currency' });
  const stated = left === undefined || currency === undefined ? null : { leftNanos: left.nanos, currency: currency.value };
  const done = await carryOut(deps, carrierCode, { type: 'StateBalance', left: stated, by, at: deps.clock.nowUs() }, meta);
  return done.ok ? ok(left === undefined ? {} : { left }) : done;
}

/** Every provider, in the order of its code. */
export async function listProviders({ database }: RoutingDeps) {
  const ids = await database.query<{ providerid: number; carriercode: string }>('select providerid, carriercode from provider');
  const idOf = new Map(ids.map(({ providerid, carriercode }) => [carriercode, providerid]));
  const carriers = await loadCarriers(database);
  const groups = await gatewayGroups(database);
  return ok({ providers: carriers.map(({ carrierCode, name, gateway, active, priority, limits, gateways = [] }) => ({
    providerId: idOf.get(carrierCode) ?? 0, carrierCode, name, gateway, active, priority, ...(limits === undefined ? {} : { limits: limitsMessage(limits) }),
    gateways: gateways.map((each) => gatewayMessage(each, groups)),
  })) });
}

/** Carries a command out, and says whose it was. */
export async function carryOut(deps: RoutingDeps, carrierCode: string, command: ProviderCommand, meta: EventMeta): Answered<{ providerId: number }> {
  const done = await handled(deps, carrierCode, command, meta);
  if (!done.ok) return done;
  const { state } = done.value;
  return ok({ providerId: state.status === 'unknown' ? 0 : state.providerId });
}

/** Carries a command out. Answers when this instance routes by the change; the others follow within their polling time. */
export async function handled(deps: RoutingDeps, carrierCode: string, command: ProviderCommand, meta: EventMeta): Answered<Handled<ProviderState, ProviderEvent>> {
  const answer = await deps.providers.handle(carrierCode, command, meta);
  if (!answer.ok) return refuse(coded(answer.refusal));
  await deps.replica.refresh();
  return answer;
}

function coded(refusal: ProviderRefusal): CodedRefusal {
  return refusal.code === 'unknown_carrier' ? { code: 'unknown_carrier', detail: 'Register the provider first', field: 'carrierCode' } : directRateRefusal(refusal);
}
