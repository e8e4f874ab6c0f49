import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CardsIssuedSchema, DeckKind, type ExplainCallReplySchema, ExplainCallRequestSchema, ListRoutedByRequestSchema, publicEvents, QuoteRequestSchema, ReleaseHoldsRequestSchema,
} from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { allowanceAnswers } from '../answers/allowance-answers.ts';
import { ratingAnswers } from '../answers/rating-answers.ts';
import { endedCallOf } from '../domain/rated-record.ts';
import { rateCall } from '../domain/rate-call.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { rate } from '../reactions/rate.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { callEnded, receivedEvent, type SpecCall } from '../spec/calls.ts';
import { activated, deckOf, termsOf } from '../spec/decks.ts';
import { ratedEvents, received } from '../spec/events.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';
import { expirePorted } from './ported-calls.ts';
import { readRatedCall } from './read.ts';

const tariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix  rate  increments
  34      0.10  1/1
`);
const alpha = deckOf({ kind: DeckKind.CARRIER, ownerId: 8, carrierCode: 'alpha' }, `
  prefix  rate   increments
  34      0.06   1/1
  34700   0.12   1/1
  34800   0.18   1/1
`);
const context = { method: 'spec', correlationId: 'spec', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
const dayUs = 86_400_000_000;

describe('what carriers take for a ported call', () => {
  let bed: RatingBed;
  let deps: RatingDeps;

  beforeAll(async () => {
    bed = await openRating('rating_ported');
    bed.catalog.decks = [tariff, alpha];
    bed.catalog.activeDecks = [activated(tariff), activated(alpha)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
    deps = bed.instance();
    await deps.replica.start();
    const issued = create(CardsIssuedSchema, { batchId: 'b', cardIds: ['0001'], plan: { plan: { case: 'tariffId', value: 1 } } });
    await runReaction(bed.database, enrolSubscribers, [received(publicEvents.CardsIssued, issued)]);
  });
  afterAll(() => bed.close());

  /** As card asks when it authorizes a call. */
  const authorize = async (callId: string, routingNumber: string) => {
    const call = { switchId: 'fs1', callId, leg: 0 };
    const item = {
      plan: { plan: { case: 'tariffId' as const, value: 1 } }, e164: '34650123456', atUs: BigInt(bed.clock.nowUs()), charged: { party: { case: 'cardId' as const, value: '0001' } },
      hold: { call, untilUs: BigInt(bed.clock.nowUs() + dayUs), durationSec: 600 }, routingNumber,
    };
    const answer = await ratingAnswers(deps).quote(create(QuoteRequestSchema, { items: [item] }), context);
    return answer.ok ? answer.value.results?.[0]?.result : undefined;
  };
  const end = async (call: SpecCall, routingNumber = '') => {
    await runReaction(bed.database, rate(deps), [receivedEvent({ ...callEnded({ durationSec: 60, carrier: 'alpha', ...call }), routingNumber })]);
    const told = (await ratedEvents(bed.database)).filter(({ rated }) => rated.call?.callId === call.callId);
    const [rated] = told.map((each) => each.rated);
    return `sell ${rated?.sell?.prefix} ${rated?.sell?.amount?.nanos} buy ${rated?.buy?.prefix} ${rated?.buy?.amount?.nanos} by ${rated?.routedBy || rated?.calledE164}`;
  };
  const kept = () => bed.database.query<{ call_key: string }>('select call_key from ported_call order by call_key');

  it('is looked up by the number that its end states, and what sells it by the called number', async () => {
    expect(await end({ callId: 'plain' })).toBe('sell 34 100000000 buy 34 60000000 by 34650123456');
    expect(await end({ callId: 'stated' }, '+34700111222')).toBe('sell 34 100000000 buy 34700 120000000 by 34700111222');
    expect(await end({ callId: 'same' }, '0034650123456')).toBe('sell 34 100000000 buy 34 60000000 by 34650123456');
    expect(await end({ callId: 'as SIP says it', number: '+34650123456;npdi;rn=+34-700-111222' })).toBe('sell 34 100000000 buy 34700 120000000 by 34700111222');
  });

  it('is looked up by the number that the call was authorized with where its end states none', async () => {
    expect(await authorize('authorized', '34700111222')).toMatchObject({ case: 'quoted' });
    expect(await authorize('restated', '34700111222')).toMatchObject({ case: 'quoted' });
    expect(await kept()).toHaveLength(2);
    expect(await end({ callId: 'authorized' })).toBe('sell 34 100000000 buy 34700 120000000 by 34700111222');
    expect(await end({ callId: 'restated' }, '34800111222')).toBe('sell 34 100000000 buy 34800 180000000 by 34800111222');
    expect(await kept()).toEqual([]);
  });

  it('is found for the attempts that failed as for the carrier that connected it', async () => {
    await end({ callId: 'tried', tried: ['alpha', 'alpha'] }, '34800111222');
    const record = await readRatedCall(bed.database, 'fs1/tried/0');
    expect(record?.rated.attempts).toMatchObject([{ carrierCode: 'alpha', cost: { prefix: '34800' } }]);
  });

  it('is not known where the number cannot be read, and the customer pays all the same', async () => {
    expect(await end({ callId: 'odd' }, 'D0123')).toBe('sell 34 100000000 buy undefined undefined by D0123');
    expect((await readRatedCall(bed.database, 'fs1/odd/0'))?.rated.buyRefusal).toBe('no_buy_rate');
  });

  it('is explained, and the same when the call is rated again', async () => {
    const explained = await ratingAnswers(deps).explainCall(create(ExplainCallRequestSchema, { call: { switchId: 'fs1', callId: 'authorized', leg: 0 } }), context);
    const steps: MessageInitShape<typeof ExplainCallReplySchema>['buySteps'] = explained.ok ? explained.value.buySteps : [];
    expect(steps).toEqual(expect.arrayContaining([
      'number portability led to 34700111222: what carriers take is looked up by that', expect.stringMatching(/^34700111222 matches prefix 34700 of deck /),
    ]));
    for (const callId of ['authorized', 'odd']) {
      const record = await readRatedCall(bed.database, `fs1/${callId}/0`);
      const again = record && rateCall(endedCallOf(record, true), { plan: { kind: 'tariff', id: 1 }, pulses: undefined }, deps.tables.now);
      expect(again).toEqual({ ok: true, value: record?.rated });
    }
  });

  it('is told of many calls at once, for those that were routed by another number', async () => {
    const calls = ['plain', 'same', 'stated', 'restated', 'nobody knows it'].map((callId) => ({ switchId: 'fs1', callId, leg: 0 }));
    const listed = await ratingAnswers(deps).listRoutedBy(create(ListRoutedByRequestSchema, { calls }), context);
    expect(listed.ok && listed.value.routed?.map(({ call, number }) => `${call?.callId} ${number}`)).toEqual(['stated 34700111222', 'restated 34800111222']);
    const tooMany = create(ListRoutedByRequestSchema, { calls: Array.from({ length: 1_001 }, () => ({ switchId: 'fs1', callId: 'stated', leg: 0 })) });
    expect(await ratingAnswers(deps).listRoutedBy(tooMany, context)).toMatchObject({ refusal: { code: 'too_many_items', field: 'calls' } });
  });

  it('forgets the number of a call that was refused or given up, and of one whose end never comes', async () => {
    await authorize('refused', '34700111222');
    await allowanceAnswers(deps).releaseHolds(create(ReleaseHoldsRequestSchema, { calls: [{ switchId: 'fs1', callId: 'refused', leg: 0 }] }), context);
    expect(await kept()).toEqual([]);
    await authorize('never ended', '34700111222');
    bed.clock.advanceSec(34 * 86_400);
    await expirePorted(bed.database, bed.clock.nowUs());
    expect(await kept()).toHaveLength(1);
    bed.clock.advanceSec(2 * 86_400);
    await expirePorted(bed.database, bed.clock.nowUs());
    expect(await kept()).toEqual([]);
  });

  it('refuses to authorize by a number that cannot be read', async () => {
    expect(await authorize('unreadable', '0700111222')).toMatchObject({ case: 'refusal', value: { code: 'number_not_international', field: 'routingNumber' } });
    expect(await kept()).toEqual([]);
  });
});
