import { create } from '@bufbuild/protobuf';
import { DeckKind, DeckWithdrawnSchema, publicEvents } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import { formatNanos } from '@tollwire/telecom';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { quote } from '../domain/quote.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { activated, deckOf, instant, plainChunk, specDeck, termsOf } from '../spec/decks.ts';
import { received } from '../spec/events.ts';

const version = (number: number, rate: string) => deckOf({ kind: DeckKind.TARIFF, ownerId: 1, version: number }, `
  prefix  rate
  34      ${rate}
  44      0.50
  49      0.50
`);
const first = version(1, '0.10');
const second = version(2, '0.20');

describe('the spread of decks to rating', () => {
  let bed: RatingBed;

  beforeEach(async () => {
    bed = await openRating('rating_spread');
    bed.catalog.decks = [first, second];
    bed.catalog.activeDecks = [activated(first)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
  });

  afterEach(() => bed.close());

  const price = ({ tables }: RatingDeps, at = '2026-06-01T12:00:00'): string => {
    const subscriber = { plan: { kind: 'tariff', id: 1 }, pulses: undefined } as const;
    const answer = quote({ subscriber, number: '34650123456', at: instantUs(Number(instant(at))), durationSec: 60 }, tables.now);
    return answer.ok ? formatNanos(answer.value.side.amount.nanos) : answer.refusal.code;
  };
  const started = async (): Promise<RatingDeps> => {
    const deps = bed.instance();
    await deps.replica.start();
    return deps;
  };
  const told = (deps: RatingDeps, ...events: ReturnType<typeof received>[]) => runReaction(bed.database, deps.replica.reaction(), events);

  it('starts with what the catalog has in force', async () => {
    const deps = await started();
    expect(deps.tables.loaded).toBe(true);
    expect(deps.tables.describe()).toMatchObject({ deckCount: 1, rateCount: 3 });
    expect(price(deps)).toBe('0.10');
  });

  it('starts again without the catalog, from its own copy', async () => {
    await started();
    bed.catalog.away = true;
    const again = await started();
    expect(again.tables.loaded).toBe(true);
    expect(price(again)).toBe('0.10');
  });

  it('starts empty where there is nothing, and asks the catalog again', async () => {
    bed.catalog.away = true;
    const deps = await started();
    expect(deps.tables.loaded).toBe(true);
    expect(price(deps)).toBe('unknown_plan');
    bed.catalog.away = false;
    await deps.replica.refresh();
    expect(price(deps)).toBe('0.10');
  });

  it('prices calls from the instant of a new version on, and past calls as the rates stood', async () => {
    const deps = await started();
    await told(deps, received(publicEvents.DeckActivated, activated(second, 2, '2026-07-01T00:00:00')));
    await deps.replica.refresh();
    expect([price(deps, '2026-06-30T23:59:59.999'), price(deps, '2026-07-01T00:00:00'), price(deps, '2030-01-01T00:00:00')]).toEqual(['0.10', '0.20', '0.20']);
  });

  it('takes news in any order, and repeated', async () => {
    bed.catalog.activeDecks = [];
    const deps = await started();
    const later = received(publicEvents.DeckActivated, activated(second, 2, '2026-07-01T00:00:00'));
    const earlier = received(publicEvents.DeckActivated, activated(first, 1));
    await told(deps, later);
    await told(deps, earlier, later);
    await deps.replica.refresh();
    expect([price(deps, '2026-06-01T00:00:00'), price(deps, '2026-07-01T00:00:00')]).toEqual(['0.10', '0.20']);
  });

  it('rolls back to a version by activating it again, and keeps both histories', async () => {
    const deps = await started();
    await told(
      deps,
      received(publicEvents.DeckActivated, activated(second, 2, '2026-07-01T00:00:00')),
      received(publicEvents.DeckActivated, activated(first, 3, '2026-08-01T00:00:00')),
    );
    await deps.replica.refresh();
    expect([price(deps, '2026-06-01T00:00:00'), price(deps, '2026-07-15T00:00:00'), price(deps, '2026-08-15T00:00:00')]).toEqual(['0.10', '0.20', '0.10']);
  });

  it('has no price after a withdrawal, even one that arrives before its activation', async () => {
    const deps = await started();
    const withdrawn = create(DeckWithdrawnSchema, { deck: second.version, activation: 2, withdrawnAtUs: instant('2026-07-10T00:00:00') });
    await told(deps, received(publicEvents.DeckWithdrawn, withdrawn));
    await deps.replica.refresh();
    expect(price(deps, '2026-07-05T00:00:00')).toBe('0.10');
    await told(deps, received(publicEvents.DeckActivated, activated(second, 2, '2026-07-01T00:00:00')));
    await deps.replica.refresh();
    expect([price(deps, '2026-06-30T00:00:00'), price(deps, '2026-07-05T00:00:00'), price(deps, '2026-07-10T00:00:00')]).toEqual(['0.10', '0.20', 'no_sell_rate']);
  });

  it('goes on with the version before while the content of the new one cannot be fetched', async () => {
    const deps = await started();
    bed.catalog.away = true;
    await told(deps, received(publicEvents.DeckActivated, activated(second, 2, '2026-05-01T00:00:00')));
    await deps.replica.refresh();
    expect(price(deps)).toBe('0.10');
    expect(bed.errors).not.toEqual([]);
    bed.catalog.away = false;
    await deps.replica.refresh();
    expect(price(deps)).toBe('0.20');
  });

  it('leaves out a deck that is none, and prices all others', async () => {
    const malformed = specDeck({ kind: DeckKind.TARIFF, ownerId: 2 }, [plainChunk(['44', '34'], 1n)]);
    bed.catalog.decks = [first, malformed];
    bed.catalog.activeDecks = [activated(first), activated(malformed)];
    const deps = await started();
    expect(price(deps)).toBe('0.10');
    expect(String(bed.errors[0])).toContain('out of order');
  });

  it('lets instances on one database learn of each other\'s news', async () => {
    const [one, other] = [await started(), await started()];
    await told(one, received(publicEvents.DeckActivated, activated(second, 2, '2026-05-01T00:00:00')));
    await other.replica.refresh();
    expect(price(other)).toBe('0.20');
  });

  it('goes on pricing while a large deck is compiled beside the one in use, and then swaps at once', async () => {
    const deps = await started();
    const prefixes = ['34', ...Array.from({ length: 59_999 }, (_, at) => String(3_400_000_000 + at * 10))];
    const chunks = [0, 20_000, 40_000].map((from) => plainChunk(prefixes.slice(from, from + 20_000), 300_000_000n));
    const large = specDeck({ kind: DeckKind.TARIFF, ownerId: 1, version: 2 }, chunks);
    bed.catalog.decks = [first, large];
    await told(deps, received(publicEvents.DeckActivated, activated(large, 2, '2026-05-01T00:00:00')));
    const prices: string[] = [];
    const asking = setInterval(() => prices.push(price(deps)), 1);
    await deps.replica.refresh();
    clearInterval(asking);
    expect(prices.length).toBeGreaterThan(5);
    expect(new Set(prices.slice(0, -1))).toEqual(new Set(['0.10']));
    expect(price(deps)).toBe('0.30');
  });
});
