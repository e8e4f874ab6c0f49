import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  MeasuredCarriersRequestSchema, type ProviderLimitsSchema, publicEventOf, publicEvents, type ReceivedEvent, RegisterProviderRequestSchema, RouteItemSchema,
  RouteRequestSchema, SetProviderLimitsRequestSchema, SetRoutingPolicyRequestSchema,
} from '@tollwire/contracts';
import { rebuild, runReaction } from '@tollwire/event-store';
import { routeBatch } from '../answers/route-answers.ts';
import { routingAnswers } from '../routing.answers.ts';
import type { RoutingDeps } from '../routing.deps.ts';
import { routingFlow } from '../routing.flow.ts';
import { carrierDeck, openRouting, received, type RoutingBed } from '../spec/bed.ts';
import { forgetQuality, judgeCarriers } from '../sweeps/judge-carriers.ts';
import { measureQuality } from './measure-quality.ts';

const context = { method: 'spec', correlationId: 'spec' };
const sec = 1_000_000n;

let bed: RoutingBed;
let deps: RoutingDeps;
let calls = 0;

const limit = (carrierCode: string, limits: MessageInitShape<typeof ProviderLimitsSchema>) =>
  routingAnswers(deps).setProviderLimits(create(SetProviderLimitsRequestSchema, { carrierCode, limits, by: 'ops' }), context);

beforeAll(async () => {
  bed = await openRouting();
  bed.catalog.decks = [carrierDeck('ALPHA', 1, { '34': '0.02', '44': '0.02' }), carrierDeck('BETA', 2, { '34': '0.03', '44': '0.03' })];
  deps = bed.instance();
  await deps.replica.start();
  for (const carrierCode of ['ALPHA', 'BETA']) {
    await routingAnswers(deps).registerProvider(create(RegisterProviderRequestSchema, { carrierCode, gateway: { address: 'x.example' }, by: 'ops' }), context);
  }
});
afterAll(() => bed.close());

/** A call over a carrier that ended now, after so many seconds of conversation; 0: congestion. */
function ended(carrierCode: string, talkSec: number, calledNumber = '+34650123456', change: { readonly endedAtUs?: bigint } = {}): readonly ReceivedEvent[] {
  const nowUs = BigInt(bed.clock.nowUs());
  const answeredAtUs = talkSec === 0 ? 0n : nowUs - BigInt(talkSec) * sec;
  const startedAtUs = nowUs - BigInt(talkSec) * sec - 10n * sec;
  calls += 1;
  const data = { call: { switchId: 'sw', callId: `call-${calls}`, leg: 1 }, calledNumber, startedAtUs, answeredAtUs, endedAtUs: nowUs, q850Cause: talkSec === 0 ? 34 : 16, carrierCode, ...change };
  return received(publicEventOf(publicEvents.CallEnded, { source: 'spec', timeUs: Number(nowUs), parts: [`end-${calls}`], data }));
}

const ringing = (callId: string, beforeSec: number) => received(publicEventOf(publicEvents.CallRinging, {
  source: 'spec', timeUs: bed.clock.nowUs(), parts: [`ring-${callId}`],
  data: { call: { switchId: 'sw', callId, leg: 1 }, ringingAtUs: BigInt(bed.clock.nowUs()) - BigInt(beforeSec) * sec },
}));

const take = (...events: (readonly ReceivedEvent[])[]) => runReaction(bed.database, measureQuality(deps), events.flat());

async function measured(of = deps, carrierCode = '') {
  const answer = await routingAnswers(of).measuredCarriers(create(MeasuredCarriersRequestSchema, { carrierCode }), context);
  if (!answer.ok) return [answer.refusal.code];
  return (answer.value.qualities ?? []).map(({ carrierCode: code, destination = '', attemptCount = 0n, asrPercent, acdSec, pddMs, lockedFor = '' }) =>
    `${code} ${destination || 'all'} ${attemptCount} ASR ${asrPercent ?? '-'} ACD ${acdSec ?? '-'} PDD ${pddMs ?? '-'} ${lockedFor}`.trim());
}

function route(of = deps, e164 = '34650123456') {
  const item = create(RouteItemSchema, { plan: { plan: { case: 'tariffId', value: 1 } }, e164, atUs: BigInt(bed.clock.nowUs()) });
  const answer = routeBatch(of.router, create(RouteRequestSchema, { items: [item] }));
  const [result] = answer.ok ? answer.value.results : [];
  return [...(result?.carriers ?? []).map(({ carrierCode }) => carrierCode), ...(result?.excluded ?? []).map(({ carrierCode, code, reason }) => `${carrierCode}:${code} ${reason}`)];
}

describe('the quality of carriers', () => {
  it('is counted once for each call, by carrier and country, over as many batches as it takes', async () => {
    const first = ended('ALPHA', 60);
    await take(first, ended('ALPHA', 0), ended('BETA', 0, '+442079460000'));
    expect(await take(first)).toMatchObject({ handled: 0, repeated: 1 });
    await take(ended('ALPHA', 30, 'nobody@example'));
    await judgeCarriers(deps);
    expect(await measured()).toEqual(['ALPHA all 3 ASR 66.67 ACD 45 PDD -', 'ALPHA 34 2 ASR 50 ACD 60 PDD -', 'BETA all 1 ASR 0 ACD - PDD -', 'BETA 44 1 ASR 0 ACD - PDD -']);
    expect(await measured(deps, 'BETA')).toHaveLength(2);
    expect(await measured(deps, 'NOBODY')).toEqual(['unknown_carrier']);
  });

  it('knows the post-dial delay of a call that told of ringing, in the same batch or before', async () => {
    const next = () => `call-${calls + 1}`;
    const before = ringing(next(), 66);
    await take(before);
    const rang = ended('BETA', 60);
    const together = ringing(next(), 64);
    await take(rang, together, ended('BETA', 60));
    await judgeCarriers(deps);
    expect(await measured(deps, 'BETA')).toContain('BETA 34 2 ASR 100 ACD 60 PDD 5000');
    expect(await bed.database.query('select 1 from call_ringing')).toEqual([]);
  });

  it('is nothing of calls that ended before the window, and is forgotten after it', async () => {
    const before = await measured();
    await take(ended('ALPHA', 60, '+34650123456', { endedAtUs: BigInt(bed.clock.nowUs()) - 901n * sec }));
    await judgeCarriers(deps);
    expect(await measured()).toEqual(before);
    bed.clock.advanceSec(960);
    await judgeCarriers(deps);
    expect(await measured()).toEqual([]);
    bed.clock.advanceSec(7_200);
    await forgetQuality(deps);
    expect(await bed.database.query('select 1 from quality_minute')).toEqual([]);
  });

  it('locks a carrier below what was agreed, on every instance and through a rebuild, until it is tried again', async () => {
    await limit('ALPHA', { asrPpmMin: 400_000, attemptCountMin: 4, lockSec: 300 });
    await take(ended('ALPHA', 0), ended('ALPHA', 0), ended('ALPHA', 60), ended('ALPHA', 60, '+442079460000'), ended('ALPHA', 0, '+442079460000'));
    await judgeCarriers(deps);
    expect(route()).toEqual(['ALPHA', 'BETA']);
    await take(ended('ALPHA', 0));
    const other = bed.instance();
    await other.replica.start();
    await judgeCarriers(deps);
    await judgeCarriers(other);
    await other.replica.refresh();
    const until = new Date(Math.ceil((bed.clock.nowUs() / 1000 + 300_000) / 60_000) * 60_000).toISOString();
    const out = ['BETA', `ALPHA:quality_locked is locked for its quality: ASR 0.3333, at least 0.4 wanted, tried again at ${until}`];
    expect([route(), route(other)]).toEqual([out, out]);
    const locks = await bed.database.query(`select 1 from event where type = 'ProviderQualityLocked'`);
    expect(locks).toHaveLength(1);
    expect(await measured()).toContain('ALPHA all 6 ASR 33.33 ACD 60 PDD - ASR 0.3333, at least 0.4 wanted');
    for (const model of routingFlow.stores.flatMap(({ readModels }) => readModels)) await rebuild(bed.database, model);
    await other.replica.refresh();
    expect(route(other)).toEqual(out);
    bed.clock.advanceSec(361);
    await judgeCarriers(deps);
    expect(route()).toEqual(['ALPHA', 'BETA']);
    await take(...Array.from({ length: 4 }, () => ended('ALPHA', 0)));
    await judgeCarriers(deps);
    expect([route()[0], (await measured(deps, 'ALPHA'))[0]]).toEqual(['BETA', 'ALPHA all 4 ASR 0 ACD - PDD - ASR 0, at least 0.4 wanted']);
    await limit('ALPHA', {});
    expect(route()).toEqual(['ALPHA', 'BETA']);
  });

  it('orders the carriers of a plan that goes by it, by country where that was measured over attempts enough', async () => {
    bed.clock.advanceSec(960);
    const plan = { plan: { case: 'tariffId', value: 1 } } as const;
    await routingAnswers(deps).setRoutingPolicy(create(SetRoutingPolicyRequestSchema, { plan, policy: { order: 'quality' }, by: 'ops' }), context);
    for (const carrierCode of ['ALPHA', 'BETA']) await limit(carrierCode, { attemptCountMin: 2 });
    const good = (code: string, to: string) => [ended(code, 60, to), ended(code, 60, to)];
    const bad = (code: string, to: string) => [ended(code, 0, to), ended(code, 60, to)];
    await take(...good('BETA', '+34650123456'), ...bad('ALPHA', '+34650123456'), ...bad('BETA', '+442079460000'), ...good('ALPHA', '+442079460000'));
    await judgeCarriers(deps);
    expect([route(), route(deps, '442079460000')]).toEqual([['BETA', 'ALPHA'], ['ALPHA', 'BETA']]);
  });
});
