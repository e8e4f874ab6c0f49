import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { serviceNames } from '../cli/project.ts';
import { until } from '@tollwire/testing';
import { z } from 'zod';
import { Rig } from './fixture/rig.ts';
import { Run } from './fixture/run.ts';
import type { ServiceProcess } from './fixture/service.ts';
import { activeCards, numbers, resellerPassword, smallWorld, type SmallWorld } from './fixture/small-world.ts';
import { Switch } from './fixture/switch.ts';

// A message that was under way in a process that is killed is given to the next one after 30 s; and books that stay wrong are
// told apart after two minutes.
jest.setTimeout(180_000);

let rig: Rig;
let world: SmallWorld;
const cardIds: string[] = [];

beforeAll(async () => {
  rig = await Rig.start('kill', { ownServers: true });
  world = await smallWorld(rig.api);
});
afterAll(() => rig.stop());

async function begin(name: string): Promise<Run> {
  const run = await Run.begin(rig, world, name);
  cardIds.push(...run.cardIds);
  return run;
}

async function killAndStart(services: readonly ServiceProcess[]): Promise<void> {
  await Promise.all(services.map((service) => service.kill()));
  for (const service of services) service.start();
  await Promise.all(services.map((service) => service.ready()));
}

describe('while calls flow', () => {
  let run: Run;
  beforeAll(async () => {
    run = await begin('killed-services');
  });
  afterAll(() => run.end());

  it.each(serviceNames)('%s may be killed, and calls flow again', async (name) => {
    await killAndStart([rig.service(name)]);
    await run.flows();
  });

  it('all six may be killed at once, and calls flow again', async () => {
    await killAndStart([...rig.services.values()]);
    await run.flows();
  });

  it('and in the end nothing is lost, doubled, or charged otherwise than by the tariff', () => run.endsExactly());
});

describe('credit that is set aside', () => {
  const held = z.object({ credit: z.object({ amount: z.string() }), reserved: z.object({ amount: z.string() }) });
  const heldOf = (cardId: string) => rig.api.get(`/v1/cards/${cardId}/balance`, held);

  it('outlives a kill of card: the same call has the same answer, and its end settles it once', async () => {
    const [cardId = ''] = await activeCards(rig.api, world, 'large', 1);
    const sw = new Switch(rig.api, 'killed');
    const call = { callId: 'set-aside', payer: { cardId }, calledNumber: numbers.vienna, talkSec: 61 };
    const first = await sw.authorize(call);
    const before = await heldOf(cardId);
    expect(before.reserved.amount).not.toBe('0.00');
    await killAndStart([rig.service('card')]);
    expect(await heldOf(cardId)).toEqual(before);
    expect(await sw.authorize(call)).toEqual(first);
    if (!first.allowed) throw new Error('the call was refused');
    const ended = sw.eventsOf(call, first.carriers, first.maxDurationSec);
    await Promise.all([sw.tell(ended), sw.tell(ended)]);
    await until(async () => (await heldOf(cardId)).credit.amount !== before.credit.amount, { timeoutMs: 60_000 });
    // Two minutes at 0.025.
    expect(await heldOf(cardId)).toEqual({ credit: { amount: '99.95' }, reserved: { amount: '0.00' } });
  });
});

describe('while calls flow', () => {
  it('NATS may be killed and lose its whole store, and in the end nothing is lost or doubled', async () => {
    const { nats } = rig.ownServers;
    const cdr = rig.service('cdr');
    const run = await begin('wiped-nats');
    // What it has not heard when the store is lost, it can only hear because it is published again.
    await cdr.kill();
    await run.flows();
    await nats.kill();
    nats.wipe();
    await nats.start();
    cdr.start();
    await cdr.ready();
    await run.flows();
    await run.endsExactly();
  });

  it('PostgreSQL may be killed under all six, and in the end nothing is lost or doubled', async () => {
    const { postgres } = rig.ownServers;
    const run = await begin('killed-postgres');
    await postgres.kill();
    await postgres.start();
    await run.flows();
    await run.endsExactly();
  });

  it('all databases may be put back to an older copy: what the bus still holds brings the books up to date', async () => {
    const { postgres } = rig.ownServers;
    const run = await begin('restored-postgres');
    await postgres.kill();
    postgres.keepCopy();
    await postgres.start();
    await run.flows();
    await run.endsExactly();
    // From here on as the runbook tells it.
    await rig.stopServices();
    const callCount = async () => (await rig.query<{ count: number }>('cdr', 'SELECT count(*)::int FROM call'))[0]?.count ?? 0;
    const counted = await callCount();
    await postgres.kill();
    postgres.putCopyBack();
    await postgres.start();
    expect(await callCount()).toBeLessThan(counted);
    for (const name of serviceNames) {
      await rig.operate('restamp.ts', { MIGRATION_DATABASE_URL: rig.ownerUrl(name) });
      await rig.operate('replay.ts', { NATS_URL: rig.busUrl }, name);
    }
    await rig.startServices();
    await run.endsExactly();
  });

  it('and after all that every service is ready, and no card, password or key is in any log', async () => {
    for (const service of rig.services.values()) await service.ready();
    expect(cardIds.length).toBeGreaterThan(0);
    expect(rig.linesWith([...cardIds, resellerPassword])).toEqual([]);
  });
});
