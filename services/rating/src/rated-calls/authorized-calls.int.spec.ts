import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CardsIssuedSchema, DeckKind, ExplainCallRequestSchema, publicEvents, QuoteRequestSchema, RecordedActivationSchema, ReleaseHoldsRequestSchema, ReratingRefSchema,
  StartReratingRequestSchema,
} from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { allowanceAnswers } from '../answers/allowance-answers.ts';
import { ratingAnswers } from '../answers/rating-answers.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { rate } from '../reactions/rate.ts';
import { rerate } from '../rerate/rerate.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { callEnded, receivedEvent, type SpecCall } from '../spec/calls.ts';
import { activated, deckOf, instant, termsOf } from '../spec/decks.ts';
import { ratedEvents, received } from '../spec/events.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';
import { expireAuthorized } from './authorized-calls.ts';

const version = (number: number, rate: string) => deckOf({ kind: DeckKind.TARIFF, ownerId: 1, version: number }, `
  prefix  rate     increments
  34      ${rate}  60/60
`);
const [first, second] = [version(1, '0.10'), version(2, '0.90')];
const context = { method: 'spec', correlationId: 'spec', traceparent: '' };

/** The bed's clock stands at midnight of 2 June 2026. */
const at = (time: string) => `2026-06-02T${time}`;

describe('a version that comes into force while a call is authorized', () => {
  let bed: RatingBed;
  let deps: RatingDeps;

  beforeEach(async () => {
    bed = await openRating('rating_authorized');
    bed.catalog.decks = [first, second];
    bed.catalog.activeDecks = [activated(first)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
    deps = await started();
    const issued = create(CardsIssuedSchema, { batchId: 'b', cardIds: ['0001'], plan: { plan: { case: 'tariffId', value: 1 } } });
    await runReaction(bed.database, enrolSubscribers, [received(publicEvents.CardsIssued, issued)]);
  });
  afterEach(() => bed.close());

  const started = async (): Promise<RatingDeps> => {
    const instance = bed.instance();
    await instance.replica.start();
    await sweep(instance);
    return instance;
  };
  const sweep = ({ authorized, tables }: RatingDeps) => authorized.follow(bed.database, tables.now, bed.clock.nowUs());
  /** As card asks when it authorizes a call. */
  const authorize = async (callId: string, by = deps, atUs = BigInt(bed.clock.nowUs())) => {
    const nowUs = BigInt(bed.clock.nowUs());
    const item = {
      plan: { plan: { case: 'tariffId' as const, value: 1 } }, e164: '34650123456', atUs, charged: { party: { case: 'cardId' as const, value: '0001' } },
      hold: { call: { switchId: 'fs1', callId, leg: 0 }, untilUs: nowUs + 7_500_000_000n, durationSec: 600 }, withoutSteps: true,
    };
    await ratingAnswers(by).quote(create(QuoteRequestSchema, { items: [item] }), context);
  };
  const activate = async (deck: typeof second, activation: number, from: string, ...instances: RatingDeps[]) => {
    await runReaction(bed.database, deps.replica.reaction(), [received(publicEvents.DeckActivated, activated(deck, activation, from))]);
    for (const { replica } of instances) await replica.refresh();
  };
  /** The price of a call of a minute. */
  const end = async (callId: string, call: SpecCall, by = deps): Promise<string> => {
    await runReaction(bed.database, rate(by), [receivedEvent(callEnded({ callId, durationSec: 60, ...call }))]);
    const told = (await ratedEvents(bed.database)).filter(({ rated }) => rated.call?.callId === callId);
    return told.map(({ rated }) => Number(rated.sell?.amount?.nanos ?? 0n) / 1e9).join();
  };
  const kept = async () => (await bed.database.query<{ call_key: string }>('select call_key from authorized_call order by call_key')).map(({ call_key: key }) => key);

  it('prices calls that were authorized from then on, and those that nobody had asked for', async () => {
    await authorize('before');
    bed.clock.advanceSec(10);
    await activate(second, 2, at('00:00:10'), deps);
    await authorize('after');
    const answered = { startedAt: at('00:00:15'), answeredAfterSec: 5 };
    expect(await end('before', answered)).toBe('0.1');
    expect(await end('after', answered)).toBe('0.9');
    expect(await end('never asked', answered)).toBe('0.9');
  });

  it('changes nothing of them although it is put in force for the time before', async () => {
    await authorize('under way');
    bed.clock.advanceSec(30);
    await activate(second, 2, at('00:00:00'), deps);
    expect(await end('under way', { startedAt: at('00:00:01') })).toBe('0.1');
    expect(await end('late, and never asked', { startedAt: at('00:00:01') })).toBe('0.9');
  });

  it('is told from the one that priced the call', async () => {
    await authorize('explained');
    await activate(second, 2, at('00:00:10'), deps);
    await end('explained', { startedAt: at('00:00:15') });
    const explained = await ratingAnswers(deps).explainCall(create(ExplainCallRequestSchema, { call: { switchId: 'fs1', callId: 'explained', leg: 0 } }), context);
    expect(explained.ok && explained.value.sellSteps).toContain('authorized at 2026-06-02T00:00:00.000Z: by the versions of decks and plans of then');
  });

  it.each([['now', 0n], ['as they were known', 1n]])('rates them again by the versions of then: by the rates of %s', async (_when, known) => {
    await authorize('again');
    await activate(second, 2, at('00:00:10'), deps);
    const history = [activated(first), activated(second, 2, at('00:00:10'))];
    bed.catalog.history = history.map((each) => create(RecordedActivationSchema, { activated: each, recordedAtUs: each.validFromUs }));
    expect(await end('again', { startedAt: at('00:00:15') })).toBe('0.1');
    bed.clock.advanceSec(3_600);
    const order = create(StartReratingRequestSchema, { filter: { fromUs: instant(at('00:00:12')) }, knownAtUs: known * BigInt(bed.clock.nowUs()) });
    const started = await ratingAnswers(deps).startRerating(order, context);
    await rerate(deps);
    const done = await ratingAnswers(deps).getRerating(create(ReratingRefSchema, { reratingId: started.ok ? (started.value.reratingId ?? '') : '' }), context);
    expect(done).toMatchObject({ value: { callCount: 1n, changedCount: 0n, refusedCount: 0n } });
  });

  it('finds them written down by the instance that had authorized them, and strikes them off when they are rated', async () => {
    const other = await started();
    await authorize('elsewhere');
    await sweep(deps);
    expect(await kept()).toEqual([]);
    await activate(second, 2, at('00:00:10'), deps, other);
    await sweep(deps);
    expect(await kept()).toEqual(['fs1/elsewhere/0']);
    expect(await end('elsewhere', { startedAt: at('00:00:15') }, other)).toBe('0.1');
    expect(await kept()).toEqual([]);
  });

  it('was scheduled, and begins: calls that were authorized before are written down then', async () => {
    await activate(second, 2, at('00:01:00'), deps);
    await sweep(deps);
    await authorize('before');
    bed.clock.advanceSec(59);
    await sweep(deps);
    expect(await kept()).toEqual([]);
    bed.clock.advanceSec(1);
    await sweep(deps);
    expect(await kept()).toEqual(['fs1/before/0']);
    expect(await end('before', { startedAt: at('00:01:05') })).toBe('0.1');
    expect(await kept()).toEqual([]);
  });

  it('does not find those that were given up, nor those whose end never came', async () => {
    await authorize('given up');
    await authorize('never ended');
    await deps.authorized.keep(bed.database);
    await allowanceAnswers(deps).releaseHolds(create(ReleaseHoldsRequestSchema, { calls: [{ switchId: 'fs1', callId: 'given up', leg: 0 }] }), context);
    expect(await kept()).toEqual(['fs1/never ended/0']);
    bed.clock.advanceSec(7_500 + 86_400);
    await expireAuthorized(bed.database, bed.clock.nowUs());
    expect(await kept()).toEqual(['fs1/never ended/0']);
    bed.clock.advanceSec(1);
    await expireAuthorized(bed.database, bed.clock.nowUs());
    await sweep(deps);
    expect([await kept(), [...(await deps.authorized.of(bed.database, ['fs1/never ended/0']))]]).toEqual([[], []]);
  });

  it('keeps the tables of the last changes only, and the instant of every call', async () => {
    await authorize('long');
    for (let more = 0; more < 8; more += 1) {
      bed.clock.advanceSec(60);
      await activate(more % 2 === 0 ? second : first, more + 2, at(`00:0${more + 1}:00`), deps);
      await authorize(`up ${more}`);
      await sweep(deps);
    }
    const known = await deps.authorized.of(bed.database, ['fs1/long/0', 'fs1/up 0/0']);
    expect([...known].map(([key, { at: us, tables }]) => [key, us - bed.clock.nowUs(), tables !== undefined])).toEqual([['fs1/long/0', -480_000_000, false], ['fs1/up 0/0', -420_000_000, true]]);
    expect(await end('long', { startedAt: at('00:07:30') })).toBe('0.1');
  });

  it('keeps what a call was authorized by where it is extended, as of its beginning', async () => {
    const began = BigInt(bed.clock.nowUs());
    await authorize('extended');
    bed.clock.advanceSec(60);
    await activate(second, 2, at('00:00:30'), deps);
    await authorize('extended', deps, began);
    expect(await end('extended', { startedAt: at('00:00:40') })).toBe('0.1');
  });

  it('prices a call that was refused before, and is asked for again', async () => {
    await authorize('asked again');
    await deps.authorized.keep(bed.database);
    bed.clock.advanceSec(60);
    await activate(second, 2, at('00:00:30'), deps);
    await authorize('asked again');
    await deps.authorized.keep(bed.database);
    expect(await bed.database.query('select authorized_at_us from authorized_call')).toEqual([{ authorized_at_us: BigInt(bed.clock.nowUs()) }]);
    expect(await end('asked again', { startedAt: at('00:01:05') })).toBe('0.9');
  });
});
