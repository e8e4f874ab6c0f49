import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { DeckKind, ExchangeRateSetSchema, SellTermsSetSchema, VoipPlanComposedSchema } from '@tollwire/contracts';
import { inForce } from '@tollwire/rate-decks';
import { table } from '@tollwire/testing';
import { asKnownAt, exchangeKnownAt, plansKnownAt, pricing, type RecordedActivation } from './known.ts';
import { ownersOf } from './owners.ts';

/** `2@10r15-20`: version 2 from 10, recorded at 15, withdrawn at 20. */
function history(text: string): RecordedActivation[] {
  return text.split(' ').map((part) => {
    const [, version = '', from = '', recorded = '', , withdrawn] = /^(\d+)@(\d+)r(\d+)(-(\d+))?$/.exec(part) ?? [];
    const facts = { kind: DeckKind.TARIFF, ownerId: 7, digest: `d${version}`, currency: 'EUR', carrierCode: '', chunkCount: 1, rateCount: 1 };
    const times = { validFromUs: Number(from), withdrawnAtUs: withdrawn === undefined ? undefined : Number(withdrawn) };
    return { activation: { ...facts, ...times, version: Number(version), activation: Number(version) }, recordedAtUs: Number(recorded) };
  });
}

describe('what was known of decks', () => {
  // Two is put in force at 15 for all that was called since 10, and taken back at 20; three at 30, for all from 5 on.
  const story = '1@0r0 2@10r15-20 3@5r30';
  it.each(table<'known' | 'period' | 'decks'>(`
    known | period | decks
    0     | 0-100  | 1:[0,Infinity)
    14    | 0-100  | 1:[0,Infinity)
    15    | 0-100  | 1:[0,10) 2:[10,Infinity)
    19    | 0-100  | 1:[0,10) 2:[10,Infinity)
    20    | 0-100  | 1:[0,10) 2:[10,20)
    30    | 0-100  | 1:[0,5) 3:[5,10) 2:[10,20)
    30    | 0-5    | 1:[0,5)
    30    | 5-10   | 3:[5,10)
    30    | 9-11   | 3:[5,10) 2:[10,20)
    30    | 20-25  | -
  `))('at $known for calls of $period is $decks', ({ known, period, decks }) => {
    const [from = 0, until = 0] = period.split('-').map(Number);
    const found = pricing(inForce(asKnownAt(history(story), Number(known))), from, until);
    expect(found.map(({ version, validFromUs, validUntilUs }) => `${version}:[${validFromUs},${validUntilUs})`).join(' ') || '-').toBe(decks === '' ? '-' : decks);
  });
});

describe('what was known of plans', () => {
  it.each(table<'known' | 'plans' | 'terms'>(`
    known  plans  terms
    0      0      0
    9      0      0
    10     0,1    0
    20     0,1    0,1
    99     0,1,2  0,1
  `))('at $known is compositions $plans and terms $terms', ({ known, plans, terms }) => {
    const voipPlans = [0n, 10n, 30n].map((composedAtUs, revision) => create(VoipPlanComposedSchema, { revision, composedAtUs }));
    const sellTerms = [0n, 20n].map((setAtUs, revision) => create(SellTermsSetSchema, { revision, setAtUs }));
    const told = plansKnownAt({ voipPlans, sellTerms }, Number(known));
    expect([told.voipPlans.map(({ revision }) => revision).join(), told.sellTerms.map(({ revision }) => revision).join()]).toEqual([plans, terms]);
  });
});

describe('what was known of exchange rates', () => {
  it.each([[9, []], [10, [1]], [29, [1]], [30, [1, 2]]])('at %i are the revisions %j', (known, revisions) => {
    const rates = [10n, 30n].map((recordedAtUs, at) => create(ExchangeRateSetSchema, { revision: at + 1, recordedAtUs }));
    expect(exchangeKnownAt(rates, known).map(({ revision }) => revision)).toEqual(revisions);
  });
});

describe('whose decks a question is about', () => {
  const known = {
    voipPlans: [{ voipPlanId: 3, retailPlanIds: [31, 32], carrierPlanIds: [91] }, { voipPlanId: 4, retailPlanIds: [31], carrierPlanIds: [92] }],
    sellTerms: [{ plan: { $typeName: 'tollwire.common.v1.SellPlanRef' as const, plan: { case: 'tariffId' as const, value: 1 } } }],
    owners: [{ kind: DeckKind.CARRIER, ownerId: 93 }, { kind: DeckKind.TARIFF, ownerId: 1 }, { kind: DeckKind.TARIFF, ownerId: 2 }],
  };
  it.each(table<'plan' | 'buys' | 'owners'>(`
    plan         buys  owners
    tariff:1     no    1:1
    tariff:9     no    1:9
    tariff:1     yes   1:1,3:91,3:92,3:93
    voip_plan:3  no    2:31,2:32
    voip_plan:3  yes   2:31,2:32,3:91
    voip_plan:9  yes   -
    -            no    1:1,2:31,2:32,1:2
    -            yes   1:1,2:31,2:32,1:2,3:91,3:92,3:93
  `))('of $plan, buying: $buys', ({ plan, buys, owners }) => {
    const [kind, id] = plan.split(':');
    const ref = kind === 'tariff' || kind === 'voip_plan' ? { kind, id: Number(id) } as const : undefined;
    expect(ownersOf({ plan: ref, buys: buys === 'yes' }, known).map((owner) => `${owner.kind}:${owner.ownerId}`).join() || '-').toBe(owners === '' ? '-' : owners);
  });
});
