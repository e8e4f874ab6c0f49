import { create } from '@bufbuild/protobuf';
import { CardsIssuedSchema, publicEvents } from '@tollwire/contracts';
import { runReaction, type Sql } from '@tollwire/event-store';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { received } from '../spec/events.ts';
import { enrolSubscribers } from './enrol.ts';
import { SubscriberPlans } from './subscriber-plans.ts';

const issued = (batchId: string, cardIds: string[], tariffId: number) =>
  received(publicEvents.CardsIssued, create(CardsIssuedSchema, { batchId, cardIds, ...(tariffId === 0 ? {} : { plan: { plan: { case: 'tariffId', value: tariffId } } }) }));

describe('SubscriberPlans', () => {
  let bed: RatingBed;
  let queryCount = 0;
  let counting: Sql;

  beforeAll(async () => {
    bed = await openRating('rating_subscribers');
    counting = {
      query: (text, params) => {
        queryCount += 1;
        return bed.database.query(text, params);
      },
    };
    await runReaction(bed.database, enrolSubscribers, [issued('b1', ['0001', '0002', '0003'], 1), issued('b2', ['0004'], 2)]);
  });

  afterAll(() => bed.close());

  const queriesOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = queryCount;
    await work();
    return queryCount - before;
  };

  it('asks for all parties of a batch at once, and for none that it knows', async () => {
    const plans = new SubscriberPlans();
    const keys = ['card:0001', 'card:0001', 'card:0004', 'card:9999'];
    expect(await queriesOf(() => plans.of(counting, keys))).toBe(1);
    expect(await queriesOf(() => plans.of(counting, ['card:0001', 'card:0004']))).toBe(0);
    const found = await plans.of(counting, keys);
    expect([...found].map(([key, { plan }]) => `${key} ${plan.kind}:${plan.id}`)).toEqual(['card:0001 tariff:1', 'card:0004 tariff:2']);
  });

  it('never remembers that somebody is not known', async () => {
    const plans = new SubscriberPlans();
    expect(await plans.of(counting, ['card:0005'])).toEqual(new Map());
    await runReaction(bed.database, enrolSubscribers, [issued('b3', ['0005'], 1)]);
    expect((await plans.of(counting, ['card:0005'])).get('card:0005')).toMatchObject({ plan: { id: 1 } });
  });

  it('keeps no more than its capacity, and drops who was not used for longest', async () => {
    const plans = new SubscriberPlans(2);
    await plans.of(counting, ['card:0001']);
    await plans.of(counting, ['card:0002']);
    await plans.of(counting, ['card:0001']);
    await plans.of(counting, ['card:0003']);
    expect(await queriesOf(() => plans.of(counting, ['card:0001', 'card:0003']))).toBe(0);
    expect(await queriesOf(() => plans.of(counting, ['card:0002']))).toBe(1);
  });

  it('answers what the table says, for any askings and however small the memory', async () => {
    const wanted = new Map(['card:0001', 'card:0002', 'card:0003', 'card:0004'].map((key) => [key, key === 'card:0004' ? 2 : 1]));
    const keys = fc.array(fc.constantFrom(...wanted.keys(), 'card:nobody', 'account:0001'), { maxLength: 12 });
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(keys, { maxLength: 10 }), async (capacity, askings) => {
      const plans = new SubscriberPlans(capacity);
      for (const asked of askings) {
        const found = await plans.of(counting, asked);
        const known = new Map([...new Set(asked)].flatMap((key): [string, number][] => (wanted.has(key) ? [[key, wanted.get(key) ?? 0]] : [])));
        expect(new Map([...found].map(([key, { plan }]) => [key, plan.id]))).toEqual(known);
      }
    }), { numRuns: 20, endOnFailure: true });
  }, 30_000);

  it('keeps one object for all who pay alike, and tells pulses apart', async () => {
    const pulsed = create(CardsIssuedSchema, { batchId: 'p', cardIds: ['0010'], plan: { plan: { case: 'tariffId', value: 1 } }, startpulseSec: 60, frequencySec: 30 });
    await runReaction(bed.database, enrolSubscribers, [received(publicEvents.CardsIssued, pulsed)]);
    const found = await new SubscriberPlans().of(counting, ['card:0001', 'card:0002', 'card:0010']);
    expect(found.get('card:0001')).toBe(found.get('card:0002'));
    expect(found.get('card:0001')?.pulses).toBeUndefined();
    expect(found.get('card:0010')).toEqual({ plan: { kind: 'tariff', id: 1 }, pulses: { policy: 'first_pulse', startpulseSec: 60, frequencySec: 30 } });
  });

  it('lets the first plan of a card stand, and parks a batch that names none', async () => {
    await runReaction(bed.database, enrolSubscribers, [issued('b4', ['0001'], 9), issued('b5', ['0006'], 0)]);
    expect((await new SubscriberPlans().of(counting, ['card:0001', 'card:0006']))).toEqual(new Map([['card:0001', expect.objectContaining({ plan: { kind: 'tariff', id: 1 } })]]));
    expect(await bed.database.query('select consumer, code from dead_letter')).toEqual([{ consumer: 'enrol-subscribers', code: 'unknown_plan' }]);
  });
});
