import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  AllowanceTermsSchema, CardsIssuedSchema, DeckKind, DefineBundleRequestSchema, GrantAllowanceRequestSchema, ListGrantsRequestSchema, publicEvents, QuoteReplySchema,
  QuoteRequestSchema, RecordedActivationSchema, ReleaseHoldsRequestSchema, ShowAllowancesRequestSchema,
} from '@tollwire/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runReaction } from '@tollwire/event-store';
import { allowanceAnswers } from '../answers/allowance-answers.ts';
import { ratingAnswers } from '../answers/rating-answers.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { rate } from '../reactions/rate.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { endedEvent } from '../spec/calls.ts';
import { activated, deckOf, termsOf } from '../spec/decks.ts';
import { ratedEvents, received } from '../spec/events.ts';
import { granted } from '../spec/grants.ts';
import { enrolSubscribers } from '../subscribers/enrol.ts';
import { expireHolds } from './keep.ts';

const tariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix  rate   connect  increments
  34      0.06   0        1/1
`);
const about = { method: '', correlationId: '' };
const us = (iso: string) => BigInt(Date.parse(iso)) * 1000n;

describe('allowances as they are asked for', () => {
  let bed: RatingBed;
  let deps: RatingDeps;
  let other: RatingDeps;

  beforeAll(async () => {
    bed = await openRating('rating_holds');
    bed.catalog.decks = [tariff];
    bed.catalog.activeDecks = [activated(tariff)];
    bed.catalog.sellTerms = [termsOf({ tariffId: 1 })];
    [deps, other] = [bed.instance(), bed.instance()];
    await Promise.all([deps.replica.start(), other.replica.start()]);
    const cardIds = ['par', 'exp', 'rel', 'late', 'look', 'race', 'cmd'];
    await runReaction(bed.database, enrolSubscribers, [
      received(publicEvents.CardsIssued, create(CardsIssuedSchema, { batchId: 'b', cardIds, plan: { plan: { case: 'tariffId', value: 1 } } })),
    ]);
    for (const card of cardIds.slice(0, -1)) await granted(deps, `${card}-100`, { card }, { sec: 100 });
    await Promise.all([deps.allowances.refresh(bed.database), other.allowances.refresh(bed.database)]);
  });

  afterAll(() => bed.close());

  const call = (callId: string) => ({ switchId: 'fs1', callId, leg: 0 });
  const itemOf = (card: string, more: object) => ({
    plan: { plan: { case: 'tariffId' as const, value: 1 } }, e164: '34650123456', atUs: us('2026-06-01T12:00:00Z'),
    charged: { party: { case: 'cardId' as const, value: card } }, ...more,
  });
  const holding = (card: string, callId: string, durationSec: number, until = '2026-06-02T02:00:00Z') =>
    itemOf(card, { hold: { call: call(callId), durationSec, untilUs: us(until) } });
  const ask = async (items: MessageInitShape<typeof QuoteRequestSchema>['items'] & object, by = deps) => {
    const answer = await ratingAnswers(by).quote(create(QuoteRequestSchema, { items }), about);
    if (!answer.ok) throw new Error(answer.refusal.code);
    return create(QuoteReplySchema, answer.value).results.map(({ result }) => (result.case === 'quoted' ? result.value.allowanceSec : result.value?.code));
  };
  const end = (card: string, callId: string, durationSec: number, more = {}) => runReaction(bed.database, rate(deps), [endedEvent({ card, callId, durationSec, ...more })]);
  const freeOf = async (callId: string) => (await ratedEvents(bed.database)).find(({ rated }) => rated.call?.callId === callId)?.rated.sell?.freeSec;
  const answers = () => allowanceAnswers(deps);

  it('are held for one call, and two at once never count the same seconds', async () => {
    expect(await ask([holding('par', 'par-a', 60), holding('par', 'par-b', 60), holding('par', 'par-c', 60)])).toEqual([60, 40, 0]);
    expect(await ask([holding('par', 'par-a', 60), holding('par', 'par-b', 60), holding('par', 'par-b', 60)], other)).toEqual([60, 40, 40]);
    await end('par', 'par-c', 30);
    await end('par', 'par-b', 30);
    await end('par', 'par-a', 60);
    expect(await Promise.all(['par-a', 'par-b', 'par-c'].map(freeOf))).toEqual([60, 30, 0]);
    expect(await ask([holding('par', 'par-d', 60)])).toEqual([10]);
  });

  it('are free again when the hold is over, and the call that held them takes what is left', async () => {
    expect(await ask([holding('exp', 'exp-a', 90, '2026-06-02T00:00:01Z'), holding('exp', 'exp-b', 90)])).toEqual([90, 10]);
    const now = bed.clock.nowUs();
    bed.clock.advanceSec(2);
    expect(await ask([holding('exp', 'exp-c', 50)])).toEqual([50]);
    await expireHolds(bed.database, bed.clock.nowUs());
    expect((await bed.database.query("select 1 from allowance_hold where call_key = 'fs1/exp-a/0'")).length).toBe(0);
    await end('exp', 'exp-a', 90);
    expect([await freeOf('exp-a'), bed.clock.nowUs() > now]).toEqual([40, true]);
  });

  it('are free again when the hold is given up, or the call was not answered', async () => {
    await ask([holding('rel', 'rel-a', 100)]);
    expect(await answers().releaseHolds(create(ReleaseHoldsRequestSchema, { calls: [call('rel-a'), call('never')] }), about)).toMatchObject({ ok: true });
    expect(await ask([holding('rel', 'rel-b', 100)])).toEqual([100]);
    await end('rel', 'rel-b', 0, { answeredAfterSec: undefined });
    expect(await ask([holding('rel', 'rel-c', 100)])).toEqual([100]);
  });

  it('are not held for a call that is rated already', async () => {
    await end('late', 'late-a', 10);
    expect(await ask([holding('late', 'late-a', 50)])).toEqual([0]);
    expect(await ask([itemOf('late', {})])).toEqual([90]);
  });

  it('lower the price of a quote that only looks, and stay as they are', async () => {
    const answer = await ratingAnswers(deps).quote(create(QuoteRequestSchema, { items: [itemOf('look', { durationSec: 130 })] }), about);
    expect(answer).toMatchObject({ value: { results: [{ result: { value: { sell: { amount: { nanos: 30_000_000n }, freeSec: 100 }, allowanceSec: 100 } } }] } });
    expect(await ask([itemOf('look', { durationSec: 30 }), itemOf('look', {}), itemOf('nobody', {})])).toEqual([30, 100, 0]);
  });

  it('lower the price of a quote by who pays alone, but not of one by rates as they were known', async () => {
    const quoted = async (more: object) => {
      const answer = await ratingAnswers(deps).quote(create(QuoteRequestSchema, { items: [itemOf('look', { plan: undefined, durationSec: 130, ...more })] }), about);
      const result = answer.ok ? create(QuoteReplySchema, answer.value).results[0]?.result : undefined;
      return result?.case === 'quoted' ? [result.value.allowanceSec, result.value.sell?.billedSec, result.value.sell?.freeSec] : [result?.value?.code];
    };
    expect(await quoted({})).toEqual(await quoted(itemOf('look', { durationSec: 130 })));
    expect(await quoted({})).toEqual([100, 130, 100]);
    bed.catalog.history = [create(RecordedActivationSchema, { activated: activated(tariff), recordedAtUs: us('2026-05-01T00:00:00Z') })];
    expect(await quoted({ knownAtUs: us('2026-06-01T00:00:00Z') })).toEqual([0, 130, 0]);
  });

  it('are held once where instances are asked at the same time', async () => {
    const told = await Promise.all(Array.from({ length: 20 }, (_, at) => ask([holding('race', `race-${at}`, 7)], at % 2 === 0 ? deps : other)));
    expect(told.flat().reduce((sum: number, sec) => sum + Number(sec), 0)).toBe(100);
  });

  it('refuse a hold without its call or payer', async () => {
    expect(await ask([itemOf('look', { hold: {} }), itemOf('look', { charged: undefined, hold: { call: call('x') } })])).toEqual(['field_missing', 'field_missing']);
  });

  const terms = create(AllowanceTermsSchema, { sec: 300, period: 'month', timeZone: 'Europe/Madrid', prefixes: ['34', '34'], covers: 'connect' });
  const define = (name: string, over: Partial<MessageInitShape<typeof AllowanceTermsSchema>> = {}) =>
    answers().defineBundle(create(DefineBundleRequestSchema, { name, terms: { ...terms, ...over }, by: 'ops' }), about);
  const toCard = (value: string) => ({ case: 'party' as const, value: { party: { case: 'cardId' as const, value } } });
  const grant = (grantId: string, over: Omit<MessageInitShape<typeof GrantAllowanceRequestSchema>, '$typeName'> = {}) =>
    answers().grantAllowance(create(GrantAllowanceRequestSchema, { grantId, to: toCard('cmd'), what: { case: 'bundle', value: 'gold' }, by: 'ops', ...over }), about);

  it('are defined once, and never change', async () => {
    expect(await define('gold')).toMatchObject({ ok: true, value: { name: 'gold', terms: { sec: 300, prefixes: ['34'], anchorDay: '2001-01-01' }, definedBy: 'ops' } });
    expect(await define('gold')).toMatchObject({ ok: true });
    expect(await define('gold', { sec: 301 })).toMatchObject({ refusal: { code: 'idempotency_mismatch' } });
    expect(await answers().listBundles({ $typeName: 'tollwire.rating.v1.ListBundlesRequest', afterName: '' }, about)).toMatchObject({ value: { bundles: [{ name: 'gold' }], more: false } });
  });

  it.each([
    [{ sec: 0 }, 'terms.sec'], [{ period: 'year' }, 'terms.period'], [{ timeZone: 'Mars/Base' }, 'terms.timeZone'], [{ anchorDay: '2026-02-30' }, 'terms.anchorDay'],
    [{ prefixes: ['034'] }, 'terms.prefixes'], [{ covers: 'some' }, 'terms.covers'], [{ weight: 1_000_001 }, 'terms.weight'],
    [{ validFromUs: us('2026-06-01T00:00:00Z'), validUntilUs: us('2026-06-01T00:00:00Z') }, 'terms.validUntilUs'],
  ])('refuse %p, naming %s', async (over, field) => {
    expect(await define('bad', over)).toMatchObject({ refusal: { field } });
  });

  it('are granted once, within the validity of their bundle, to whom there is', async () => {
    await define('june', { validUntilUs: us('2026-07-01T00:00:00Z') });
    const june = { what: { case: 'bundle' as const, value: 'june' }, validUntilUs: us('2027-01-01T00:00:00Z') };
    const told = await Promise.all([grant('c1', june), grant('c1', june), grant('c1', june)]);
    const within = { validFromUs: BigInt(bed.clock.nowUs()), validUntilUs: us('2026-07-01T00:00:00Z') };
    expect(told).toMatchObject([0, 1, 2].map(() => ({ ok: true, value: { grantId: 'c1', bundle: 'june', terms: within } })));
    expect(await grant('c1')).toMatchObject({ refusal: { code: 'idempotency_mismatch' } });
    expect(await grant('c2', { to: toCard('nobody') })).toMatchObject({ refusal: { code: 'unknown_card' } });
    expect(await grant('c3', { what: { case: 'bundle', value: 'silver' } })).toMatchObject({ refusal: { code: 'unknown_bundle' } });
    expect(await grant('c4', { to: { case: 'plan', value: { plan: { case: 'voipPlanId', value: 9 } } } })).toMatchObject({ refusal: { code: 'unknown_plan' } });
    expect(await grant('c5', { ...june, validFromUs: us('2026-08-01T00:00:00Z') })).toMatchObject({ refusal: { code: 'field_out_of_range', field: 'validUntilUs' } });
    const list = create(ListGrantsRequestSchema, { to: toCard('cmd') });
    expect(await answers().listGrants(list, about)).toMatchObject({ value: { grants: [{ grantId: 'c1', to: toCard('cmd') }], more: false } });
  });

  it('are shown with what is used, held and left', async () => {
    await ask([holding('par', 'par-e', 4)]);
    const show = create(ShowAllowancesRequestSchema, { party: { party: { case: 'cardId', value: 'par' } } });
    expect(await answers().showAllowances(show, about)).toMatchObject({ value: { balances: [{ grant: { grantId: 'par-100' }, grantedSec: 100, usedSec: 90, heldSec: 10, availableSec: 0 }] } });
    const nobody = create(ShowAllowancesRequestSchema, { party: { party: { case: 'accountCode', value: 'nobody' } } });
    expect(await answers().showAllowances(nobody, about)).toMatchObject({ refusal: { code: 'unknown_account' } });
  });
});
