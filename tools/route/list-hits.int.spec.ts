import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RouteRequestSchema } from '@tollwire/contracts';
import type { InstantUs } from '@tollwire/core';
import type { E164 } from '@tollwire/telecom';
import { type EdgeBed, edgeBed } from '../../services/edge/src/spec-bed.ts';
import { routeBatch } from '../../services/routing/src/answers/route-answers.ts';
import { type Blacklisted, KeptLists } from '../../services/routing/src/domain/kept-lists.ts';
import { carrier } from '../../services/routing/src/domain/route.fixture.ts';
import { ListHits } from '../../services/routing/src/lists/list-hits.ts';
import { LiveRouter } from '../../services/routing/src/live/live-router.ts';

describe('a number on the blacklist that an operator asks a route of', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  afterAll(() => edge.close());

  it.each([{}, { callKey: 'fs1/1/1' }])('is no hit, because no call was meant (%j)', async (named) => {
    edge.backstage.asked.length = 0;
    edge.backstage.answers = { route: () => ({ results: [{}] }) };
    await edge.call('POST', '/v1/routes', { tariffId: 1, calledNumber: '+43664123456', ...named });
    const asked = edge.backstage.asked.find(({ method }) => method === 'route')?.request as MessageInitShape<typeof RouteRequestSchema>;
    // As LiveLists does.
    const [lists, hits] = [new KeptLists([{ list: 'blacklist', subject: '43', isCountry: false, prefixes: ['43'] }]), new ListHits()];
    const screen = (e164: E164, blacklisted: Blacklisted, call: { readonly isCall: boolean; readonly atUs: InstantUs }) => {
      const screened = lists.screen(e164, blacklisted);
      if (call.isCall && screened.list !== 'none') hits.count(screened, call.atUs);
      return screened;
    };
    const router = new LiveRouter({ carriers: async () => [carrier(0, 'A')], directRates: async () => [], policies: async () => new Map() }, undefined, { screen });
    await router.apply({ decks: [], voipPlans: [], sellTerms: [], planHistory: { voipPlans: [], sellTerms: [] }, exchangeRates: [], async *chunks() {} });
    const answer = routeBatch(router, create(RouteRequestSchema, asked));
    expect(answer).toMatchObject({ ok: true, value: { results: [{ refusal: { code: 'number_blacklisted' } }] } });
    let told = 0;
    await hits.tell(1 as InstantUs, async () => void (told += 1));
    expect(told).toBe(0);
  });
});
