import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { z } from 'zod';
import { Rig } from './fixture/rig.ts';
import { activeCards, numbers, smallWorld, type SmallWorld } from './fixture/small-world.ts';

// Six processes start on a machine that may be busy.
jest.setTimeout(90_000);

let rig: Rig;
let world: SmallWorld;

beforeAll(async () => {
  rig = await Rig.start('watch');
  world = await smallWorld(rig.api);
});
afterAll(async () => {
  const codes = await rig.stop();
  expect(codes).toEqual({ edge: 0, card: 0, rating: 0, routing: 0, catalog: 0, cdr: 0 });
});

const oneCard = async () => (await activeCards(rig.api, world, 'large', 1))[0] ?? '';
const anything = z.object({}).loose();
let asked = 0;
const authorized = z.object({ allowed: z.boolean(), refusal: z.object({ code: z.string() }).optional(), notice: z.object({ list: z.string() }).optional() });
const outcomeOf = async (cardId: string, calledNumber: string) => {
  const { allowed, refusal, notice } = await rig.api.post('/v1/calls/authorize', { switchId: 'sw1', callId: `asked-${(asked += 1)}`, cardId, calledNumber }, authorized);
  return `${allowed ? 'allowed' : refusal?.code} ${notice?.list ?? ''}`.trim();
};

describe('blacklist and whitelist', () => {
  const change = (list: string, entries: object[], way = '') => rig.api.post(`/v1/lists/${list}${way}`, { entries }, anything);
  const shown = z.object({ entries: z.array(z.object({ prefix: z.string().optional(), country: z.string().optional(), stoppedCount: z.number(), passedCount: z.number() })) });

  it('stop calls to a country, but for what the whitelist has, from a moment after they were told, and let them go again', async () => {
    const card = await oneCard();
    expect(await outcomeOf(card, numbers.vienna)).toBe('allowed');
    expect(await change('blacklist', [{ country: 'AT', reason: 'spec' }])).toMatchObject({ changedCount: 1 });
    await change('whitelist', [{ prefix: '43664' }]);
    await until(async () => (await outcomeOf(card, numbers.vienna)) === 'number_blacklisted' && (await outcomeOf(card, numbers.mobile)) === 'allowed whitelist');
    expect(await outcomeOf(card, numbers.berlin)).toBe('allowed');
    await until(async () => {
      const hits = async (list: string) => (await rig.api.get(`/v1/lists/${list}`, shown)).entries.some(({ stoppedCount, passedCount }) => stoppedCount + passedCount > 0);
      return (await hits('blacklist')) && (await hits('whitelist'));
    });
    await rig.service('routing').kill();
    rig.service('routing').start();
    await rig.service('routing').ready();
    await until(async () => (await outcomeOf(card, numbers.vienna)) === 'number_blacklisted');
    await change('blacklist', [{ country: 'AT' }], '/remove');
    await until(async () => (await outcomeOf(card, numbers.vienna)) === 'allowed');
  });
});
