import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RouteReplySchema, RouteRequestSchema } from '@tollwire/contracts';
import { ok } from '@tollwire/core';
import type { CardDeps } from '../../services/card/src/card.deps.ts';
import { cardAnswers } from '../../services/card/src/card.answers.ts';
import { cardRig, euro } from '../../services/card/src/fixture/card-rig.fixture.ts';
import type { CardRig } from '../../services/card/src/fixture/card-rig.fixture.ts';
import { Operator } from '../../services/card/src/fixture/operator.fixture.ts';
import { routeBatch } from '../../services/routing/src/answers/route-answers.ts';
import { CallLeases } from '../../services/routing/src/live/call-leases.ts';
import { oneCarrierRouter } from '../../services/routing/src/live/one-carrier.fixture.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-own-lease', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

/** The router of the routing service with one carrier, which takes one call at a time. */
async function routing(afterEach: () => Promise<void> = () => Promise.resolve()): Promise<CardDeps['routing']> {
  const leases = new CallLeases({ database: rig.database, clock: rig.clock, instance: 'routing-1' });
  const router = await oneCarrierRouter(leases);
  return {
    route: async (request) => {
      const reply = routeBatch(router, create(RouteRequestSchema, request), leases);
      await afterEach();
      return reply.ok ? ok(create(RouteReplySchema, reply.value)) : reply;
    },
  };
}

const operatorOf = (deps: CardDeps) => new Operator(cardAnswers(deps), deps);

describe('a call over a carrier that takes one call at a time', () => {
  it('is not in its own way where it is decided anew, because another writer was first', async () => {
    const card = await rig.operator.activeCard(10n * euro);
    await rig.operator.authorize('fs1/used/1', card);
    let deadlocks = 1;
    const query: CardDeps['database']['query'] = async (text, params, how) => {
      if (text.includes('all_unmoved') && (deadlocks -= 1) === 0) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      return await rig.database.query(text, params, how);
    };
    const database = Object.assign(Object.create(rig.database), { query, together: rig.database.together.bind(rig.database), transaction: rig.database.transaction.bind(rig.database) });
    expect(await operatorOf({ ...rig.deps, routing: await routing(), database }).verdict('fs1/again/1', card)).toBe('allowed 600');
  });

  it('is answered the same by two instances that it is asked of at once', async () => {
    const card = await rig.operator.activeCard(10n * euro);
    await rig.operator.authorize('fs1/used/2', card);
    let meanwhile = async () => {};
    const shared = await routing(() => meanwhile());
    let other = '';
    meanwhile = async () => {
      meanwhile = async () => {};
      other = await operatorOf({ ...rig.second.deps, routing: shared }).verdict('fs1/twice/1', card);
    };
    const one = await operatorOf({ ...rig.deps, routing: shared }).verdict('fs1/twice/1', card);
    expect([one, other]).toEqual(['allowed 600', 'allowed 600']);
  });
});
