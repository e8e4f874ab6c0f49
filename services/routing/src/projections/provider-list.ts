import type { InstantUs } from '@tollwire/core';
import { stateRow } from '@tollwire/event-store';
import type { PortabilityForm } from '@tollwire/telecom';
import type { CallerIdRule } from '../domain/caller-id.ts';
import type { QualityLock } from '../domain/carrier-quality.ts';
import { NO_DIRECT_OFFERS } from '../domain/direct-rates.ts';
import { NO_LIMITS, type ProviderLimits } from '../domain/provider-limits.ts';
import { type NamedGateway, provider, type ProviderBalance, type ProviderEvent, type ProviderState } from '../domain/provider.ts';

/** The documented row of a provider, with what its gateway needs. */
export interface ProviderRow {
  readonly providerId: number;
  readonly carrierCode: string;
  readonly tech: string;
  readonly address: string;
  readonly name: string;
  readonly stripDigits: number;
  readonly addPrefix: string;
  readonly timeoutSec: number;
  /** How its gateway wants number portability told. */
  readonly portability: PortabilityForm;
  /** Which caller id its gateway wants; null: the caller's, as it is. */
  readonly callerId: CallerIdRule | null;
  readonly priority: number;
  readonly active: boolean;
  /** Null where none were ever agreed. */
  readonly limits: ProviderLimits | null;
  readonly locks: readonly QualityLock[];
  readonly gateways: readonly NamedGateway[];
  readonly balanceNanos: bigint | null;
  readonly balanceCurrency: string | null;
  readonly balanceSince: InstantUs | null;
}

/** Every provider as it stands: the documented table `provider`. */
export const providerList = stateRow<ProviderState, ProviderEvent, ProviderRow>({
  decider: provider,
  name: 'provider-list',
  table: 'provider',
  streamPrefix: 'provider-',
  columns: {
    providerId: 'providerid int',
    carrierCode: 'carriercode text',
    tech: 'providertech text',
    address: 'providerip text',
    name: 'providername text',
    stripDigits: 'strip_digits int',
    addPrefix: 'add_prefix text',
    timeoutSec: 'timeout_sec int',
    portability: 'portability text',
    callerId: 'caller_id jsonb',
    priority: 'priority int',
    active: 'active boolean',
    limits: 'limits jsonb',
    locks: 'locks jsonb',
    gateways: 'gateways jsonb',
    balanceNanos: 'balance_nanos bigint',
    balanceCurrency: 'balance_currency text',
    balanceSince: 'balance_since instant_us',
  },
  key: ['carrierCode'],
  rowOf(state) {
    if (state.status === 'unknown') return undefined;
    const { providerId, terms: { carrierCode, name, gateway, priority }, limits, locks, gateways, balance } = state;
    return {
      providerId, carrierCode, name, portability: '', callerId: null, ...gateway, priority, active: state.status === 'active',
      limits: limits === NO_LIMITS ? null : limits, locks, gateways, ...balanceColumns(balance),
    };
  },
  // What is offered directly has tables of its own; no column of this one follows from it.
  stateOf({ providerId, carrierCode, name, priority, active, tech, address, stripDigits, addPrefix, timeoutSec, portability, callerId, limits, locks, gateways, ...stated }) {
    const { balanceNanos, balanceCurrency, balanceSince } = stated;
    const balance = balanceNanos === null || balanceCurrency === null || balanceSince === null ? null : { leftNanos: balanceNanos, currency: balanceCurrency, sinceUs: balanceSince };
    const gateway = { address, tech, stripDigits, addPrefix, timeoutSec, ...(portability === '' ? {} : { portability }), ...(callerId === null ? {} : { callerId }) };
    return { status: active ? 'active' : 'suspended', providerId, terms: { carrierCode, name, gateway, priority }, limits: limits ?? NO_LIMITS, locks, gateways, balance, direct: NO_DIRECT_OFFERS };
  },
});

function balanceColumns(balance: ProviderBalance | null) {
  return { balanceNanos: balance?.leftNanos ?? null, balanceCurrency: balance?.currency ?? null, balanceSince: balance?.sinceUs ?? null };
}
