import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { z } from 'zod';
import { Books } from './fixture/books.ts';
import { Rig } from './fixture/rig.ts';
import { activeCards, numbers, putInForce, smallWorld, type SmallWorld } from './fixture/small-world.ts';
import { Switch } from './fixture/switch.ts';

// Six processes start on a machine that may be busy.
jest.setTimeout(120_000);

let rig: Rig;
let world: SmallWorld;
let books: Books;
let sw: Switch;

beforeAll(async () => {
  rig = await Rig.start('versions');
  world = await smallWorld(rig.api);
  books = new Books(rig);
  sw = new Switch(rig.api, 'sw1');
});
afterAll(() => rig.stop());

const ready = z.object({ versions: z.record(z.string(), z.number()) });
/** The version of each deck that a service says that it runs by. */
const versionsOf = async (name: 'rating' | 'routing') => ready.parse(await (await fetch(`${rig.service(name).url}/health/ready`)).json()).versions;
const quoted = z.object({ sell: z.object({ amount: z.object({ amount: z.string() }) }), derivation: z.array(z.looseObject({})) });
const quote = () => rig.api.post('/v1/quotes', { tariffId: world.tariffId, calledNumber: numbers.vienna, durationSec: 61 }, quoted);
const kept = async () => (await rig.query<{ count: number }>('rating', 'SELECT count(*)::int AS count FROM authorized_call'))[0]?.count ?? 0;

describe('a version that is put in force while calls are up', () => {
  const calledNumber = numbers.vienna;
  let card: string;

  const authorize = async (callId: string) => {
    const { allowed } = await sw.authorize({ callId, payer: { cardId: card }, calledNumber });
    expect([callId, allowed]).toEqual([callId, true]);
  };
  /** Puts a rate per minute in force from an instant on, and waits until rating has it. */
  const putRate = async (rate: string, from: string, ofTwoMinutes: string) => {
    await putInForce(rig.api, 'tariff', world.tariffId, `prefix rate increments\n43 ${rate} 60/60`, from);
    await until(async () => (await quote()).sell.amount.amount === ofTwoMinutes, { timeoutMs: 30_000 });
  };
  /** What a call comes to that is set up now and talks for 61 s. */
  const costs = async (callId: string) => {
    await sw.tell(sw.eventsOf({ callId, payer: { cardId: card }, calledNumber, talkSec: 61, agoMs: 0 }, [{ carrierCode: 'NORTH' }]));
    return (await books.settled(sw.id, callId)).sell?.amount;
  };

  beforeAll(async () => {
    [card = ''] = await activeCards(rig.api, world, 'large', 1);
    await authorize('up');
    await authorize('up over a crash');
    await putRate('0.9', new Date().toISOString(), '1.80');
  });

  it('is told by those that run by it, in readiness and in metrics', async () => {
    const [rating, routing] = [await versionsOf('rating'), await versionsOf('routing')];
    expect(rating).toMatchObject({ ...routing, [`tariff:${world.tariffId}`]: 2 });
    expect(Object.keys(routing).map((deck) => deck.split(':')[0])).toEqual(['carrier', 'carrier']);
    expect(await rig.service('rating').metrics()).toMatch(new RegExp(`^tollwire_deck_version\\{[^}]*deck="tariff:${world.tariffId}"[^}]*\\} 2( \\d+)?$`, 'm'));
  });

  it('charges those that were authorized before by the version before, and others by itself', async () => {
    expect(await costs('up')).toBe('0.05');
    await authorize('later');
    expect([await costs('later'), await costs('never asked for')]).toEqual(['1.80', '1.80']);
    expect((await books.explain(sw.id, 'up')).sellSteps).toContainEqual(expect.stringMatching(/^authorized at .*: by the versions of decks and plans of then$/));
  });

  it('finds them written down after rating was killed', async () => {
    await until(async () => (await kept()) > 0, { timeoutMs: 30_000 });
    await rig.service('rating').kill();
    rig.service('rating').start();
    await rig.service('rating').ready();
    expect(await costs('up over a crash')).toBe('0.05');
    expect(await kept()).toBe(0);
  });

  it('does not change them although it is put in force for the time before', async () => {
    const before = new Date().toISOString();
    await authorize('up still');
    await putRate('2', before, '4.00');
    expect([await costs('up still'), await costs('nor asked for')]).toEqual(['1.80', '4.00']);
  });

  it('derives its prices for programs', async () => {
    expect((await quote()).derivation.at(-1)).toMatchObject({ rounding: { decimals: 4, mode: 'up', amount: '4.00' } });
  });
});
