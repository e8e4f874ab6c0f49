import { instantUs } from '@tollwire/core';
import { ANY_TIME, type E164, normalizeE164, UTC } from '@tollwire/telecom';
import { buildIndex } from './build-index.ts';
import type { CarrierIndex } from './carrier-index.ts';
import type { Carrier } from './carriers.ts';
import { BY_THE_SECOND, type OfferCharges, type SourceDeck, type Timing } from './source.ts';

/** An offer as a test tells it: carrier A takes `prefix` at a rate per minute, or blocks it. */
export interface ToldOffer {
  readonly carrier: string;
  readonly prefix: string;
  readonly rate: number | 'blocked';
  readonly carrierPlanId?: number;
  readonly currency?: string;
  readonly fromUs?: number;
  readonly untilUs?: number;
  readonly timing?: Timing;
  readonly charges?: Partial<OfferCharges>;
}

export const noonUs = instantUs(1_700_000_000_000_000);

/** A number that is in E.164 form already. */
export function e164(digits: string): E164 {
  const parsed = normalizeE164(digits);
  if (!parsed.ok) throw new Error(`${digits} is no number`);
  return parsed.value;
}

/** A carrier by its code; priority 0 and active where nothing else is said. */
export function carrier(number: number, carrierCode: string, change: Partial<Carrier> = {}): Carrier {
  const gateway = { address: `${carrierCode.toLowerCase()}.example`, tech: 'SIP', stripDigits: 0, addPrefix: '', timeoutSec: 30 };
  return { number, carrierCode, name: carrierCode, gateway, priority: 0, active: true, ...change };
}

/** An index over told offers: each carrier and carrier plan has one source. */
export function indexOf(carriers: readonly Carrier[], offers: readonly ToldOffer[]): CarrierIndex {
  const bySource = Map.groupBy(offers, (offer) => `${offer.carrier} ${offer.carrierPlanId ?? 'direct'} ${offer.currency ?? 'EUR'}`);
  const build = buildIndex(carriers, [...bySource.values()].map(deckOf));
  for (;;) {
    const step = build.next();
    if (step.done === true) return step.value;
  }
}

function deckOf(offers: readonly ToldOffer[]): SourceDeck {
  const sorted = offers.toSorted((left, right) => (left.prefix < right.prefix ? -1 : left.prefix > right.prefix ? 1 : 0));
  const [first] = sorted;
  return {
    source: {
      carrierCode: first?.carrier ?? '',
      carrierPlanId: first?.carrierPlanId,
      digest: `deck-${first?.carrier}`,
      currency: first?.currency ?? 'EUR',
      validFromUs: 0,
      validUntilUs: Infinity,
    },
    columns: {
      prefix: sorted.map(({ prefix }) => prefix),
      ratePerMinNanos: sorted.map(({ rate }) => (rate === 'blocked' ? 0 : Math.round(rate * 1e9))),
      validFromUs: sorted.map(({ fromUs }) => fromUs ?? 0),
      validUntilUs: sorted.map(({ untilUs }) => untilUs ?? Infinity),
      blocked: sorted.map(({ rate }) => rate === 'blocked'),
      timing: sorted.map(({ timing }, at) => (timing === undefined ? 0 : at + 1)),
      timings: sorted.map(({ timing }) => timing ?? { window: ANY_TIME, zone: UTC }),
      charge: sorted.map((_, at) => at + 1),
      charges: sorted.map(({ charges }) => ({ ...BY_THE_SECOND, ...charges })),
    },
  };
}
