import { describe, expect, it } from '@jest/globals';
import { NO_EXCHANGE_RATES } from '@tollwire/telecom';
import fc from 'fast-check';
import { buildIndex } from './build-index.ts';
import type { CarrierIndex } from './carrier-index.ts';
import { carrier, e164, noonUs } from './route.fixture.ts';
import { RoutingPlan } from './routing-plan.ts';
import type { SourceDeck } from './source.ts';

const carriers = [carrier(0, 'A'), carrier(1, 'B')];
const number = e164('34650123456');

interface Row {
  readonly prefix: string;
  readonly rate?: number;
  readonly fromUs?: number;
  readonly untilUs?: number;
  readonly blocked?: boolean;
}

function deckOf(carrierCode: string, rows: readonly Row[], source: Partial<SourceDeck['source']> = {}): SourceDeck {
  return {
    source: { carrierCode, carrierPlanId: undefined, digest: `deck of ${carrierCode}`, currency: 'EUR', validFromUs: 0, validUntilUs: Infinity, ...source },
    columns: {
      prefix: rows.map(({ prefix }) => prefix),
      ratePerMinNanos: rows.map(({ rate }) => rate ?? 1),
      validFromUs: rows.map(({ fromUs }) => fromUs ?? 0),
      validUntilUs: rows.map(({ untilUs }) => untilUs ?? Infinity),
      blocked: rows.map(({ blocked }) => blocked ?? false),
      timing: [],
      timings: [],
      charge: [],
      charges: [],
    },
  };
}

function drained(slices: Generator<void, CarrierIndex>): { index: CarrierIndex; yields: number } {
  for (let yields = 0; ; yields += 1) {
    const slice = slices.next();
    if (slice.done === true) return { index: slice.value, yields };
  }
}
const built = (decks: readonly SourceDeck[], known = carriers) => drained(buildIndex(known, decks)).index;

/** What the best offer of carrier A costs, by its prefix and deck; `none` where it has no offer. */
function bestOfA(index: CarrierIndex, atUs = noonUs as number): string {
  const offer = index.bestOffers(number, atUs, RoutingPlan.ofTariff, NO_EXCHANGE_RATES)[0] ?? -1;
  return offer < 0 ? 'none' : `${index.prefixOf(offer, number)}@${index.rateOf(offer)} of ${index.sourceOf(offer).digest}`;
}

describe('building the index', () => {
  it('of nothing is an index of nothing', () => {
    const index = built([]);
    expect([index.rateCount, bestOfA(index)]).toEqual([0, 'none']);
    expect(built([deckOf('A', [])]).rateCount).toBe(0);
  });

  it('merges decks of any number into one order, each rate still its own deck\'s', () => {
    const prefixes = fc.uniqueArray(fc.stringMatching(/^[1-9]{1,4}$/), { maxLength: 12 }).map((list) => list.toSorted());
    fc.assert(
      fc.property(fc.array(prefixes, { maxLength: 9 }), (lists) => {
        const decks = lists.map((list, at) => deckOf('A', list.map((prefix) => ({ prefix, rate: at + 1 })), { digest: String(at + 1) }));
        const index = built(decks);
        expect(index.rateCount).toBe(lists.reduce((sum, { length }) => sum + length, 0));
        const offers = Array.from({ length: index.rateCount }, (_, offer) => offer);
        expect(offers.map((offer) => index.sourceOf(offer).digest)).toEqual(offers.map((offer) => String(index.rateOf(offer))));
        const prefixesGiven = [...new Set(lists.flat())];
        const best = prefixesGiven.map((digits) => {
          const asked = e164(`${digits}00000`);
          const offer = index.bestOffers(asked, noonUs, RoutingPlan.ofTariff, NO_EXCHANGE_RATES)[0] ?? -1;
          return [index.prefixOf(offer, asked), index.rateOf(offer)];
        });
        expect(best).toEqual(prefixesGiven.map((digits) => [digits, lists.findIndex((list) => list.includes(digits)) + 1]));
      }),
      { numRuns: 60 },
    );
  });

  it('lets a rate count where both it and its deck are in force', () => {
    const row = { prefix: '34', fromUs: noonUs - 5, untilUs: noonUs + 5 };
    const index = built([deckOf('A', [row], { validFromUs: noonUs - 2, validUntilUs: noonUs + 2 })]);
    const counts = [-6, -5, -3, -2, 0, 1, 2, 4, 5].map((us) => (bestOfA(index, noonUs + us) === 'none' ? '-' : us));
    expect(counts).toEqual(['-', '-', '-', -2, 0, 1, '-', '-', '-']);
  });

  it('keeps a blocked destination as one that no price beats', () => {
    expect(bestOfA(built([deckOf('A', [{ prefix: '34', rate: 0, blocked: true }])]))).toBe('34@Infinity of deck of A');
  });

  it('takes the cheaper of two decks for the same prefix, and the longer prefix whatever it costs', () => {
    const cheap = deckOf('A', [{ prefix: '34', rate: 3 }], { digest: 'cheap' });
    const dear = deckOf('A', [{ prefix: '34', rate: 5 }], { digest: 'dear' });
    const longer = deckOf('A', [{ prefix: '3465', rate: 9 }], { digest: 'longer' });
    expect([bestOfA(built([dear, cheap])), bestOfA(built([cheap, dear]))]).toEqual(['34@3 of cheap', '34@3 of cheap']);
    expect(bestOfA(built([cheap, longer, dear]))).toBe('3465@9 of longer');
  });

  it('numbers the decks that are left when one of nobody is left out', () => {
    const index = built([deckOf('Z', [{ prefix: '34', rate: 1 }]), deckOf('B', [{ prefix: '34', rate: 2 }]), deckOf('A', [{ prefix: '34', rate: 3 }])]);
    expect([index.rateCount, index.sources.map(({ carrierCode }) => carrierCode), bestOfA(index)]).toEqual([2, ['B', 'A'], '34@3 of deck of A']);
  });

  it('stops in between, so that a build of many rates holds nobody up', () => {
    const rows = Array.from({ length: 100_000 }, (_, at) => ({ prefix: String(100_000 + at) }));
    expect(drained(buildIndex(carriers, [deckOf('A', rows)])).yields).toBe(50);
  });

  it('refuses more decks than their numbers can tell apart', () => {
    expect(() => built(Array.from({ length: 65_537 }, () => deckOf('A', [])))).toThrow('65536');
  });

  it('gives the same offers to carriers whose terms are other', () => {
    const index = built([deckOf('A', [{ prefix: '34', rate: 3 }])]);
    const again = index.withCarriers([carrier(0, 'A', { priority: 9 }), carrier(1, 'B')]);
    expect([bestOfA(again), again.carriers[0]?.priority, index.carriers[0]?.priority]).toEqual([bestOfA(index), 9, 0]);
  });
});
