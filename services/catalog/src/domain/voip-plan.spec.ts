import { describe, it } from '@jest/globals';
import type { Currency } from '@tollwire/telecom';
import { given, instant } from '@tollwire/testing';
import { bansMax, type RetailLink, voipPlan, type VoipPlanCommand, type VoipPlanComposed } from './voip-plan.ts';

const eur = 'EUR' as Currency;
const said = { by: 'ann', at: instant('2026-06-01') } as const;
const [june, july] = [instant('2026-06-01'), instant('2026-07-01')];
function link(retailPlanId: number, more: Partial<RetailLink> = {}): RetailLink {
  return { retailPlanId, metric: 0, validFrom: null, validUntil: null, ...more };
}
const plan = {
  voipPlanId: 1, name: 'Business', retailLinks: [link(1), link(2)], carrierPlanIds: [7], banPlanIds: [9], validFrom: null, validUntil: null,
  currency: eur, roundingDecimals: 4, roundingMode: 'half_up', ...said,
} as const;
const known = {
  retailPlans: [{ id: 1, carrierPlanIds: [7, 8] }, { id: 2, carrierPlanIds: [] }],
  carrierPlanIds: [7, 8],
  banPlans: [{ id: 9, prefixes: ['870', '881'] }],
};
const compose: VoipPlanCommand & { type: 'ComposeVoipPlan' } = { type: 'ComposeVoipPlan', replaces: false, known, ...plan };
const composed: VoipPlanComposed = {
  type: 'VoipPlanComposed', ...plan, retailPlanIds: [1, 2], revision: 1, termsChanged: true, effectiveCarrierPlanIds: [7, 8],
  banPrefixes: [{ prefix: '870', banPlanId: 9 }, { prefix: '881', banPlanId: 9 }],
};

describe('a voip_plan', () => {
  it('is told as a whole: own carriers, those of its retail plans, and every banned prefix', () => {
    given(voipPlan, []).when(compose).then([composed]);
  });

  it('is composed once, however often it is asked for', () => {
    given(voipPlan, [composed]).when({ ...compose, by: 'bob' }).then([]);
    given(voipPlan, [composed]).when({ ...compose, replaces: true }).then([]);
  });

  it('is another one where a retail plan is what customers pay over other carriers', () => {
    const retailLinks = [link(1), link(2, { carrierCodes: ['ALPHA', 'BETA'] })];
    const byCarrier = { ...composed, revision: 2, termsChanged: false, retailLinks };
    given(voipPlan, [composed]).when({ ...compose, replaces: true, retailLinks }).then([byCarrier]);
    given(voipPlan, [composed, byCarrier]).when({ ...compose, replaces: true, retailLinks }).then([]);
    given(voipPlan, [composed, byCarrier]).when({ ...compose, replaces: true }).then([{ ...composed, revision: 3, termsChanged: false }]);
  });

  it('leaves its name to no other', () => {
    given(voipPlan, [composed]).when({ ...compose, banPlanIds: [] }).then({ code: 'name_taken', id: 1 });
  });

  it('gets another composition under its id, with its terms told again only when they changed', () => {
    const parts = { banPlanIds: [], known: { ...known, banPlans: [] } };
    given(voipPlan, [composed])
      .when({ ...compose, replaces: true, ...parts })
      .then([{ ...composed, revision: 2, termsChanged: false, banPlanIds: [], banPrefixes: [] }]);
    given(voipPlan, [composed])
      .when({ ...compose, replaces: true, roundingDecimals: 2 })
      .then([{ ...composed, revision: 2, roundingDecimals: 2 }]);
  });

  it('has its retail plans by metric, then as they were named, each with its dates', () => {
    const links = [link(2, { metric: 5 }), link(1, { metric: 1, validFrom: june, validUntil: july })];
    given(voipPlan, []).when({ ...compose, retailLinks: links }).then([{ ...composed, retailLinks: links.toReversed(), retailPlanIds: [1, 2] }]);
    given(voipPlan, [composed])
      .when({ ...compose, replaces: true, retailLinks: [link(2), link(1)] })
      .then([{ ...composed, revision: 2, termsChanged: false, retailLinks: [link(2), link(1)], retailPlanIds: [2, 1] }]);
  });

  it('is in force from and until a date', () => {
    given(voipPlan, [composed])
      .when({ ...compose, replaces: true, validUntil: july })
      .then([{ ...composed, revision: 2, termsChanged: false, validUntil: july }]);
  });

  it('is the same as it was before links had metrics and dates', () => {
    const { retailLinks: _, validFrom: __, validUntil: ___, ...old } = composed;
    given(voipPlan, [old]).when(compose).then([]);
  });

  it('is renamed as a new composition, and deleted once nothing uses it', () => {
    const rename = { type: 'RenamePlan', voipPlanId: 1, name: 'Trade', ...said } as const;
    const remove = { type: 'DeletePlan', voipPlanId: 1, users: [], ...said } as const;
    given(voipPlan, [composed]).when(rename).then([{ ...composed, name: 'Trade', revision: 2, termsChanged: false }]);
    given(voipPlan, [composed]).when({ ...remove, users: ['account acme'] }).then({ code: 'plan_in_use', users: ['account acme'] });
    given(voipPlan, [composed]).when(remove).then([{ type: 'PlanDeleted', planId: 1, ...said }]);
    given(voipPlan, [composed, { type: 'PlanDeleted', planId: 1, ...said }]).when({ ...compose, replaces: true })
      .then({ code: 'unknown_plan', field: 'voipPlanId', id: 1 });
    given(voipPlan, []).when(rename).then({ code: 'unknown_plan', field: 'id', id: 1 });
  });

  it('is made of plans that there are', () => {
    const missing = { retailPlans: known.retailPlans.slice(0, 1), carrierPlanIds: [8], banPlans: [] };
    given(voipPlan, []).when({ ...compose, known: { ...known, retailPlans: missing.retailPlans } })
      .then({ code: 'unknown_plan', field: 'retailPlanIds', id: 2 });
    given(voipPlan, []).when({ ...compose, known: { ...known, carrierPlanIds: missing.carrierPlanIds } })
      .then({ code: 'unknown_plan', field: 'carrierPlanIds', id: 7 });
    given(voipPlan, []).when({ ...compose, known: { ...known, banPlans: missing.banPlans } })
      .then({ code: 'unknown_plan', field: 'banPlanIds', id: 9 });
    given(voipPlan, []).when({ ...compose, replaces: true }).then({ code: 'unknown_plan', field: 'voipPlanId', id: 1 });
  });

  it('bans no more prefixes than one message can tell', () => {
    const bans = (count: number) => Array.from({ length: count }, (_, at) => String(1_000_000 + at));
    const banned = (count: number) => ({ ...known, banPlans: [{ id: 9, prefixes: bans(count) }] });
    given(voipPlan, []).when({ ...compose, known: banned(bansMax + 1) }).then({ code: 'too_many_bans', bansMax });
    const banPrefixes = bans(bansMax).map((prefix) => ({ prefix, banPlanId: 9 }));
    given(voipPlan, []).when({ ...compose, known: banned(bansMax) }).then([{ ...composed, banPrefixes }]);
  });
});
