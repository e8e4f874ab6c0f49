import { instantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { PortabilityForm } from '@tollwire/telecom';
import type { CallerIdRule } from '../domain/caller-id.ts';
import type { QualityLock } from '../domain/carrier-quality.ts';
import type { Gateway, NamedGateway } from '../domain/provider.ts';
import type { ProviderLimits } from '../domain/provider-limits.ts';
import { policyOf } from '../domain/plan-policy.ts';
import type { RoutingPolicy } from '../domain/routing-policy.ts';
import { loadPolicyHistory } from './load-policies.ts';
import type { Carrier } from '../domain/carriers.ts';
import type { SourceDeck } from '../domain/source.ts';

interface ProviderRecord {
  providerid: number; carriercode: string; providertech: string; providerip: string; providername: string;
  strip_digits: number; add_prefix: string; timeout_sec: number; portability: PortabilityForm; caller_id: CallerIdRule | null; priority: number; active: boolean;
  limits: ProviderLimits | null; locks: QualityLock[]; gateways: NamedGateway[];
  balance_nanos: bigint | null; balance_currency: string | null; balance_since_us: bigint | null;
}

/** A policy from the instant on at which it was set. */
export interface PolicySince {
  readonly fromUs: number;
  readonly policy: RoutingPolicy;
}

/** Where the router looks up whom it may route to. */
export interface CarrierBook {
  /** Every provider, numbered in the order of its code. */
  carriers(): Promise<Carrier[]>;
  /** The direct rates of every provider, as one source for each carrier and currency. */
  directRates(): Promise<SourceDeck[]>;
  /** How the calls of plans were and are routed, oldest first, by `tariff:3` or `voip_plan:7`; before the first, and where there is none, it is least cost. */
  policies(): Promise<ReadonlyMap<string, readonly PolicySince[]>>;
}

/** The carriers and direct rates as their tables have them. */
export function carrierBook(sql: Sql): CarrierBook {
  return { carriers: () => loadCarriers(sql), directRates: () => loadDirectRates(sql), policies: () => routingPolicies(sql) };
}

async function routingPolicies(sql: Sql): Promise<ReadonlyMap<string, readonly PolicySince[]>> {
  const all = (await loadPolicyHistory(sql)).map(({ planKey, terms, setAtUs }) => ({ planKey, fromUs: Number(setAtUs), policy: policyOf(terms) }));
  return Map.groupBy(all, ({ planKey }) => planKey);
}

/** Every provider, numbered in the order of its code. */
export async function loadCarriers(sql: Sql): Promise<Carrier[]> {
  const rows = await sql.query<ProviderRecord>('select *, to_us(balance_since) as balance_since_us from provider order by carriercode collate "C"');
  return rows.map((row, number) => ({
    number,
    carrierCode: row.carriercode,
    name: row.providername,
    gateway: gatewayOf(row),
    priority: row.priority,
    active: row.active,
    ...(row.limits === null ? {} : { limits: row.limits }),
    ...(row.locks.length === 0 ? {} : { locks: row.locks }),
    ...balanceOf(row),
    ...(row.gateways.length === 0 ? {} : { gateways: row.gateways }),
  }));
}

function gatewayOf({ providerip: address, providertech: tech, portability, caller_id: callerId, ...row }: ProviderRecord): Gateway {
  const dialled = { stripDigits: row.strip_digits, addPrefix: row.add_prefix, timeoutSec: row.timeout_sec };
  return { address, tech, ...dialled, ...(portability === '' ? {} : { portability }), ...(callerId === null ? {} : { callerId }) };
}

function balanceOf({ balance_nanos: leftNanos, balance_currency: currency, balance_since_us: sinceUs }: ProviderRecord): Pick<Carrier, 'balance'> {
  return leftNanos === null || currency === null || sinceUs === null ? {} : { balance: { leftNanos, currency, sinceUs: instantUs(Number(sinceUs)) } };
}

interface RateRecord {
  carriercode: string; currency: string; prefix: string; nanos: bigint; from_us: bigint; until_us: bigint | null;
}

const selectRates = `
  select p.carriercode, r.currency, r.prefix, (r.rate * 10000000)::bigint as nanos, to_us(r.valid_from) as from_us, to_us(r.valid_until) as until_us
  from providerrate r join provider p using (providerid)
  order by r.prefix collate "C"`;

async function loadDirectRates(sql: Sql): Promise<SourceDeck[]> {
  const rows = await sql.query<RateRecord>(selectRates);
  const bySource = Map.groupBy(rows, ({ carriercode, currency }) => `${carriercode} ${currency}`);
  return [...bySource.values()].flatMap((rates) => {
    const [first] = rates;
    if (first === undefined) return [];
    return [{
      source: {
        carrierCode: first.carriercode, carrierPlanId: undefined, digest: `direct:${first.carriercode}`, currency: first.currency,
        validFromUs: 0, validUntilUs: Infinity,
      },
      columns: {
        prefix: rates.map(({ prefix }) => prefix),
        ratePerMinNanos: rates.map(({ nanos }) => Number(nanos)),
        validFromUs: rates.map(({ from_us }) => Number(from_us)),
        validUntilUs: rates.map(({ until_us }) => (until_us === null ? Infinity : Number(until_us))),
        blocked: [],
        timing: [],
        timings: [],
        charge: [],
        charges: [],
      },
    }];
  });
}
