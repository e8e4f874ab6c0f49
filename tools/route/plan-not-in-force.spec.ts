import { create } from '@bufbuild/protobuf';
import { DeckKind, QuoteReplySchema, QuoteRequestSchema, RouteReplySchema, RouteRequestSchema, SellPlanRefSchema, VoipPlanComposedSchema } from '@tollwire/contracts';
import { ok } from '@tollwire/core';
import { describe, expect, it } from '@jest/globals';
import { type RouteAskers, routeOfPayer } from '../../services/edge/src/what-if/payer-route.ts';
import { quoteBatch } from '../../services/rating/src/answers/quote-answers.ts';
import { noTables } from '../../services/rating/src/domain/tables.ts';
import { deckOf, instant, stateOf, termsOf } from '../../services/rating/src/spec/decks.ts';
import { compile } from '../../services/rating/src/spread/compile.ts';
import { routeBatch } from '../../services/routing/src/answers/route-answers.ts';
import { carrier } from '../../services/routing/src/domain/route.fixture.ts';
import { LiveRouter } from '../../services/routing/src/live/live-router.ts';

describe('a call of a plan whose retail plans\' links have all ended', () => {
  it('is refused because the plan is not in force, not because a number has no price', async () => {
    const july = instant('2026-07-01T00:00:00');
    const plan = create(VoipPlanComposedSchema, { voipPlanId: 7, retailLinks: [{ retailPlanId: 1, validUntilUs: july }], banPrefixes: [{ prefix: '3490', banPlanId: 1 }] });
    const retail = deckOf({ kind: DeckKind.RETAIL, ownerId: 1 }, `
      prefix  rate  increments
      34      0.20  1/1
    `);
    const tables = await compile(stateOf([{ deck: retail }], { sellTerms: [termsOf({ voipPlanId: 7 })], voipPlans: [plan] }), noTables, (error) => { throw error; });
    const router = new LiveRouter({ carriers: async () => [carrier(0, 'A')], directRates: async () => [], policies: async () => new Map() });
    await router.apply({ decks: [], voipPlans: [plan], sellTerms: [], planHistory: { voipPlans: [], sellTerms: [] }, exchangeRates: [], async *chunks() {} });
    const ask: RouteAskers = {
      // Of whoever pays rating knows the plan.
      rating: { quote: async (request) => {
        const asked = create(QuoteRequestSchema, request);
        for (const item of asked.items) item.plan = create(SellPlanRefSchema, { plan: { case: 'voipPlanId', value: 7 } });
        const answer = quoteBatch(asked, tables);
        return answer.ok ? ok(create(QuoteReplySchema, answer.value)) : answer;
      } },
      routing: { route: async (request) => {
        const answer = routeBatch(router, create(RouteRequestSchema, request));
        return answer.ok ? ok(create(RouteReplySchema, answer.value)) : answer;
      } },
    };
    const verdict = async (e164: string, iso: string) => {
      const payer = { charged: { party: { case: 'accountCode' as const, value: 'ACME' } }, knownAtUs: 0n };
      const answer = await routeOfPayer(ask, { e164, atUs: instant(iso) }, payer);
      return answer.ok ? answer.value.refusal?.code : answer.refusal.code;
    };
    expect([await verdict('34650123456', '2026-06-30T23:59:59'), await verdict('34901234567', '2026-06-30T23:59:59')]).toEqual(['no_route', 'destination_banned']);
    expect([await verdict('34650123456', '2026-07-01T00:00:00'), await verdict('34901234567', '2026-07-01T00:00:00')]).toEqual(['plan_not_in_force', 'plan_not_in_force']);
  });
});
