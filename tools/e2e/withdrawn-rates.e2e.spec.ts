import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { z } from 'zod';
import { Books } from './fixture/books.ts';
import { Rig } from './fixture/rig.ts';
import { activeCards, numbers, smallWorld, type SmallWorld } from './fixture/small-world.ts';
import { Switch } from './fixture/switch.ts';

// Six processes start on a machine that may be busy.
jest.setTimeout(120_000);

let rig: Rig;
let world: SmallWorld;
let sw: Switch;
let books: Books;
beforeAll(async () => {
  rig = await Rig.start('withdrawn');
  world = await smallWorld(rig.api);
  sw = new Switch(rig.api, 'sw1');
  books = new Books(rig);
});
afterAll(async () => {
  await rig.stop();
});

const anything = z.looseObject({});
const routed = z.object({
  carriers: z.array(z.object({ carrierCode: z.string(), prefix: z.string() })).default([]), excluded: z.array(z.object({ carrierCode: z.string(), code: z.string() })).default([]),
});

/** Who gets a call of a card to Berlin, by which prefix, and who does not, and why. */
async function route(at?: string): Promise<string> {
  const { carriers, excluded } = await rig.api.post('/v1/routes', { tariffId: world.tariffId, calledNumber: numbers.berlin, ...(at === undefined ? {} : { at }) }, routed);
  return [...carriers.map(({ carrierCode, prefix }) => `${carrierCode} ${prefix}`), ...excluded.map(({ carrierCode, code }) => `${carrierCode}:${code}`)].join(', ');
}

const direct = (ratePerMin: string) => rig.api.post('/v1/provider-rates', { carrierCode: 'EAST', currency: 'EUR', rates: [{ prefix: '49301', countryPrefixId: 3, ratePerMin }] }, anything);
const standing = async () => (await rig.api.get('/v1/provider-rates?carrierCode=EAST', z.object({ rates: z.array(z.object({ prefix: z.string(), validFrom: z.string() })).default([]) }))).rates;

let calls = 0;

/** A call of three seconds that is answered over EAST now, whoever was told to carry it: its id, and what it was bought for. */
async function overEast(cardId: string): Promise<{ readonly callId: string; readonly bought: string | undefined }> {
  const callId = `east-${(calls += 1)}`;
  await sw.tell(sw.eventsOf({ callId, payer: { cardId }, calledNumber: numbers.berlin, talkSec: 3, agoMs: 2_700 }, [{ carrierCode: 'EAST' }]));
  return { callId, bought: (await books.settled(sw.id, callId)).buy?.amount };
}

const boughtFor = async (callId: string) => (await books.settled(sw.id, callId)).buy?.amount;

/** Rates every call of the last day again, by the rates as they stand in the books now. */
async function rateAgain(): Promise<void> {
  const job = z.object({ reratingId: z.string(), status: z.string().default(''), refusedCount: z.number().default(0) });
  const { reratingId } = await rig.api.post('/v1/reratings', { from: new Date(Date.now() - 86_400_000).toISOString(), apply: true, reason: 'a spec' }, job);
  await until(async () => (await rig.api.get(`/v1/reratings/${reratingId}`, job)).status === 'done' || undefined, { timeoutMs: 60_000 });
}

describe('a destination that a provider no longer offers', () => {
  it('is routed to others and bought from nobody there, until it is offered again; calls of before are as they were', async () => {
    const [card = ''] = await activeCards(rig.api, world, 'large', 1);
    expect(await route()).toBe('NORTH 49, EAST:no_rate');
    await direct('0.001');
    const [offered] = await standing();
    expect([offered?.prefix, await route()]).toEqual(['49301', 'EAST 49301, NORTH 49']);
    const letThrough = await sw.authorize({ callId: 'let-through', payer: { cardId: card }, calledNumber: numbers.berlin });
    expect(letThrough).toMatchObject({ allowed: true, carriers: [{ carrierCode: 'EAST' }, { carrierCode: 'NORTH' }] });
    // Rating hears of it in its own time. 3 s × 0.001/min, where nothing else goes over EAST.
    const before = await until(async () => [await overEast(card)].find(({ bought }) => bought !== undefined));
    expect(before.bought).toBe('0.00005');

    expect(await rig.api.post('/v1/provider-rates/withdraw', { carrierCode: 'EAST', countryPrefixIds: [3] }, anything)).toEqual({ rateCount: 1 });
    expect([await route(), await standing()]).toEqual(['NORTH 49, EAST:no_rate', []]);
    expect(await route(offered?.validFrom)).toBe('EAST 49301, NORTH 49');
    await expect(rig.api.post('/v1/provider-rates/withdraw', { carrierCode: 'EAST', prefixes: ['49301'] }, anything)).rejects.toThrow('provider_rate_withdrawn');
    await expect(rig.api.post('/v1/provider-rates/withdraw', { carrierCode: 'EAST', prefixes: ['49302'] }, anything)).rejects.toThrow('unknown_provider_rate');
    // A switch that goes over it all the same finds no price for it there.
    const after = await until(async () => [await overEast(card)].find(({ bought }) => bought === undefined));
    await rateAgain();
    expect([await boughtFor(before.callId), await boughtFor(after.callId)]).toEqual(['0.00005', undefined]);

    await direct('0.002');
    expect(await route()).toBe('EAST 49301, NORTH 49');
    expect(await route(offered?.validFrom)).toBe('EAST 49301, NORTH 49');
  });
});

describe('a call that is refused', () => {
  it('keeps who was out and why, with the refusal, by its switch and call id', async () => {
    await rig.api.post('/v1/routing-policies', { voipPlanId: world.voipPlanId, policy: { marginMin: '5' } }, anything);
    const asked = { callId: 'too-little', payer: { accountCode: world.accountCode }, calledNumber: numbers.mobile };
    expect(await sw.authorize(asked)).toMatchObject({ allowed: false, refusal: { code: 'no_route' } });
    const kept = await rig.api.get('/v1/calls/sw1/too-little/route', anything);
    expect(kept).toMatchObject({
      call: { switchId: 'sw1', callId: 'too-little' }, calledE164: '436641******', sellPrefix: '43664', refusal: { code: 'no_route' },
      excluded: [
        { carrierCode: 'EAST', code: 'margin_below_minimum', deckDigest: expect.stringMatching(/^[0-9a-f]{64}$/) },
        { carrierCode: 'NORTH', code: 'margin_below_minimum', deckDigest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
    });
    await rig.api.post('/v1/routing-policies', { voipPlanId: world.voipPlanId, policy: {} }, anything);
    expect(await sw.authorize(asked)).toMatchObject({ allowed: true });
    expect(await rig.api.get('/v1/calls/sw1/too-little/route', anything)).not.toHaveProperty('refusal');
    const banned = { callId: 'banned', payer: { accountCode: world.accountCode }, calledNumber: numbers.premium };
    expect(await sw.authorize(banned)).toMatchObject({ allowed: false, refusal: { code: 'destination_banned' } });
    expect(await rig.api.get('/v1/calls/sw1/banned/route', anything)).toMatchObject({ refusal: { code: 'destination_banned', facts: { prefix: '979' } } });
  });
});
