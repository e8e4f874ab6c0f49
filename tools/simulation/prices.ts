import { create } from '@bufbuild/protobuf';
import { DeckChunkSchema, DeckKind, RoundingMode, SellTermsSetSchema, VoipPlanComposedSchema } from '@tollwire/contracts';
import type { DeckInForce } from '@tollwire/rate-decks';
import { CurrentTables } from '../../services/rating/src/spread/current-tables.ts';
import type { Carrier } from '../../services/routing/src/domain/carriers.ts';
import { LiveRouter } from '../../services/routing/src/live/live-router.ts';

/** The tariff of cards, and the plan of accounts. */
export const tariffId = 1;
export const voipPlanId = 7;

/** What the catalog has in force, as rating and routing have taken it in: two states each, the older one first. */
export interface Prices {
  readonly tables: readonly [CurrentTables, CurrentTables];
  readonly routers: readonly [LiveRouter, LiveRouter];
}

/** Rates per minute in nanos by prefix, with a fee and increments. */
type Rates = readonly (readonly [prefix: string, perMin: bigint, fee: bigint, increments: readonly [number, number]])[];

const sell = (factor: bigint): Rates => [
  ['34', 300_000_000n * factor, 50_000_000n, [60, 60]],
  ['43', 100_000_000n * factor, 0n, [6, 6]],
  ['4367', 210_000_000n * factor, 0n, [30, 6]],
];
const buy: Rates = [['34', 20_000_000n, 0n, [1, 1]], ['43', 10_000_000n, 0n, [1, 1]]];

let made: Promise<Prices> | undefined;

/** The prices of all simulations; compiled once, since nothing changes them. */
export function prices(): Promise<Prices> {
  made ??= make();
  return made;
}

async function make(): Promise<Prices> {
  return {
    tables: [await tablesOf(1n), await tablesOf(2n)],
    routers: [await routerOf({ alpha: true }), await routerOf({ alpha: false })],
  };
}

async function tablesOf(factor: bigint): Promise<CurrentTables> {
  const tables = new CurrentTables(fail);
  await tables.take(stateOf(factor));
  return tables;
}

async function routerOf(active: { readonly alpha: boolean }): Promise<LiveRouter> {
  const carriers = ['alpha', 'beta'].map((carrierCode, number): Carrier => ({
    number, carrierCode, name: carrierCode, priority: number, active: carrierCode !== 'alpha' || active.alpha,
    gateway: { address: `${carrierCode}.example`, tech: 'SIP', stripDigits: 0, addPrefix: '', timeoutSec: 30 },
  }));
  const router = new LiveRouter({ carriers: async () => carriers, directRates: async () => [], policies: async () => new Map() });
  const state = stateOf(1n);
  await router.apply({ ...state, ...state.planHistory, decks: state.decks.filter(({ kind }) => kind === DeckKind.CARRIER) });
  return router;
}

function stateOf(factor: bigint) {
  const content = new Map<string, Rates>([[`tariff ${factor}`, sell(factor)], [`retail ${factor}`, sell(factor)], ['alpha', buy], ['beta', buy]]);
  const deck = (kind: DeckKind, ownerId: number, digest: string, carrierCode = ''): DeckInForce => ({
    kind, ownerId, digest, carrierCode, activation: 1, version: 1, currency: 'EUR', chunkCount: 1, rateCount: content.get(digest)?.length ?? 0,
    validFromUs: 0, validUntilUs: Infinity, withdrawnAtUs: undefined,
  });
  const terms = (plan: { case: 'tariffId' | 'voipPlanId'; value: number }) =>
    create(SellTermsSetSchema, { plan: { plan }, revision: 1, currency: 'EUR', roundingDecimals: 4, roundingMode: RoundingMode.HALF_UP, terms: { taxPpm: 200_000 } });
  return {
    decks: [
      deck(DeckKind.TARIFF, tariffId, `tariff ${factor}`), deck(DeckKind.RETAIL, 5, `retail ${factor}`),
      deck(DeckKind.CARRIER, 8, 'alpha', 'alpha'), deck(DeckKind.CARRIER, 9, 'beta', 'beta'),
    ],
    voipPlans: [{ voipPlanId, carrierPlanIds: [8, 9], banPrefixes: [] }],
    sellTerms: [terms({ case: 'tariffId', value: tariffId }), terms({ case: 'voipPlanId', value: voipPlanId })],
    planHistory: {
      voipPlans: [create(VoipPlanComposedSchema, { voipPlanId, retailPlanIds: [5], carrierPlanIds: [8, 9] })],
      sellTerms: [terms({ case: 'tariffId', value: tariffId }), terms({ case: 'voipPlanId', value: voipPlanId })],
    },
    exchangeRates: [],
    async *chunks({ digest }: Pick<DeckInForce, 'digest'>) {
      const rates = content.get(digest) ?? [];
      const none = rates.map(() => 0n);
      yield create(DeckChunkSchema, {
        prefix: rates.map(([prefix]) => prefix), ratePerMinNanos: rates.map(([, perMin]) => perMin), connectFeeNanos: rates.map(([, , fee]) => fee),
        initialIncrementSec: rates.map(([, , , [initial]]) => initial), incrementSec: rates.map(([, , , [, increment]]) => increment),
        validFromUs: none, validUntilUs: none, blocked: rates.map(() => false), countryPrefixId: [],
      });
    },
  };
}

function fail(error: unknown): never {
  throw error instanceof Error ? error : new Error(String(error));
}
