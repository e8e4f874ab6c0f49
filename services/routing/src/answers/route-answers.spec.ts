import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { isRefusalCode, RouteItemSchema, RouteRequestSchema, type SellPlanRefSchema, VoipPlanComposedSchema } from '@tollwire/contracts';
import { table } from '@tollwire/testing';
import type { Carrier } from '../domain/carriers.ts';
import { carrier, noonUs } from '../domain/route.fixture.ts';
import type { SourceDeck } from '../domain/source.ts';
import { LEAST_COST } from '../domain/routing-policy.ts';
import { LiveRouter } from '../live/live-router.ts';
import { routeBatch } from './route-answers.ts';

const gateway = { address: 'a.example', tech: 'IAX2', stripDigits: 2, addPrefix: '00', timeoutSec: 20 };
const carriers: readonly Carrier[] = [
  carrier(0, 'A', { name: 'Alpha', gateway }), carrier(1, 'B'), carrier(2, 'C', { priority: 1 }), carrier(3, 'D', { priority: 1 }),
  carrier(4, 'E', { active: false }), carrier(5, 'F'), carrier(6, 'G'), carrier(7, 'H'),
];

/** Direct rates of one carrier: `34650=0.01`, or `34650=blocked`. */
function direct(carrierCode: string, offers: string, currency = 'EUR'): SourceDeck {
  const pairs = offers.split(' ').map((pair) => pair.split('='));
  const all = <T>(value: T) => pairs.map(() => value);
  return {
    source: { carrierCode, carrierPlanId: undefined, digest: `direct:${carrierCode}`, currency, validFromUs: 0, validUntilUs: Infinity },
    columns: {
      prefix: pairs.map(([prefix = '']) => prefix), ratePerMinNanos: pairs.map(([, rate]) => Math.round(Number(rate) * 1e9) || 0),
      validFromUs: all(0), validUntilUs: all(Infinity), blocked: pairs.map(([, rate]) => rate === 'blocked'), timing: [], timings: [], charge: [], charges: [],
    },
  };
}

/** How a question differs from an ordinary one. */
interface Change {
  readonly e164?: string;
  readonly hasSellRate?: boolean;
  readonly plan?: MessageInitShape<typeof SellPlanRefSchema>;
  readonly routingNumber?: string;
  readonly npdi?: boolean;
  readonly cli?: string;
}

const rates = [
  direct('A', '34=0.01'), direct('B', '34=0.02'), direct('C', '34=0.02'), direct('D', '34=0.02'),
  direct('E', '34=0.001'), direct('F', '34=0.001 34650=blocked'), direct('G', '34=0.001', 'USD'), direct('H', '34=0.2'),
];

describe('answering which carriers a call may take', () => {
  const router = new LiveRouter({ carriers: async () => [...carriers], directRates: async () => rates, policies: async () => new Map() });
  const item = (change: Change = {}) => create(RouteItemSchema, {
    e164: '34650123456', atUs: BigInt(noonUs), plan: { plan: { case: 'tariffId', value: 1 } },
    hasSellRate: true, sellRatePerMinNanos: 50_000_000n, sellCurrency: 'EUR', ...change,
  });
  const ask = (...items: ReturnType<typeof item>[]) => {
    const answer = routeBatch(router, create(RouteRequestSchema, { items }));
    return answer.ok ? answer.value.results : [];
  };

  it('is refused while no state is there, so that the asker asks again', () => {
    const cold = new LiveRouter({ carriers: async () => [], directRates: async () => [], policies: async () => new Map() });
    expect(routeBatch(cold, create(RouteRequestSchema, { items: [item()] }))).toMatchObject({ ok: false, refusal: { code: 'service_unavailable' } });
  });

  beforeAll(async () => {
    const plan = create(VoipPlanComposedSchema, { voipPlanId: 7, revision: 1, carrierPlanIds: [2], banPrefixes: [{ prefix: '3465', banPlanId: 3 }] });
    await router.apply({ decks: [], voipPlans: [plan], sellTerms: [], planHistory: { voipPlans: [], sellTerms: [] }, exchangeRates: [], chunks: () => { throw new Error('no deck is in force'); } });
  });

  it('says of the first carrier everything that a switch needs', () => {
    expect(ask(item())[0]?.carriers?.[0]).toEqual({
      carrierCode: 'A', providerName: 'Alpha', address: 'a.example', tech: 'IAX2', timeoutSec: 20,
      // Stripped of its country code, with the carrier's own prefix before it.
      number: '00650123456',
      prefix: '34', ratePerMinNanos: 10_000_000n, currency: 'EUR', deckDigest: 'direct:A',
      reason: 'cheapest: prefix 34 at 0.0100 EUR a minute', priceNanos: 10_000_000n,
    });
  });

  it.each(table<'carrier' | 'place' | 'because'>(`
    carrier | place | because
    A       | 0     | cheapest:
    B       | 1     | dearer than the carrier above:
    C       | 2     | same price as the carrier above, lower priority (1):
    D       | 3     | same price and priority as the carrier above, later carrier code:
  `))('puts $carrier in its place, and says why', ({ carrier: code, place, because }) => {
    const found = ask(item())[0]?.carriers?.[Number(place)];
    expect(found?.carrierCode).toBe(code);
    expect(found?.reason?.startsWith(`${because} prefix 34 at 0.0`)).toBe(true);
  });

  it.each(table<'carrier' | 'code' | 'because'>(`
    carrier | code              | because
    E       | suspended         | is suspended by an operator
    F       | blocked           | blocks prefix 34650
    G       | currency_mismatch | is paid in USD, the call is sold in EUR, and no exchange rate leads there then
    H       | loss              | costs 0.2000 for a minute, more than the 0.0500 that it is sold for
  `))('leaves $carrier out for $code', ({ carrier: code, ...why }) => {
    const ofItsRate = code === 'E' ? {} : { deckDigest: `direct:${code}` };
    expect(ask(item())[0]?.excluded).toContainEqual({ carrierCode: code, code: why.code, reason: why.because, ...ofItsRate });
  });

  describe('of a ported number', () => {
    const ported = [direct('A', '34=0.01'), direct('B', '44=0.02'), direct('C', '44=0.03'), direct('D', '34700=0.01')];
    const takes = { ...gateway, tech: 'SIP', stripDigits: 2, addPrefix: '9#' };
    const within = [carrier(0, 'A'), carrier(1, 'B', { gateway: { ...takes, portability: 'rn' } }), carrier(2, 'C', { gateway: { ...takes, portability: 'prefix' } }), carrier(3, 'D')];
    const portedRouter = new LiveRouter({ carriers: async () => within, directRates: async () => ported, policies: async () => new Map() });
    const routed = (change: Change) => {
      const answer = routeBatch(portedRouter, create(RouteRequestSchema, { items: [item(change)] }));
      const [result] = answer.ok ? answer.value.results : [];
      return { routedBy: result?.routedBy, numbers: (result?.carriers ?? []).map(({ carrierCode, number, prefix }) => `${carrierCode} ${prefix} ${number}`), refusal: result?.refusal };
    };
    beforeAll(() => {
      const plan = create(VoipPlanComposedSchema, { voipPlanId: 7, revision: 1, carrierPlanIds: [2], banPrefixes: [{ prefix: '3465', banPlanId: 3 }] });
      const none = { decks: [], sellTerms: [], exchangeRates: [], planHistory: { voipPlans: [], sellTerms: [] } };
      return portedRouter.apply({ ...none, voipPlans: [plan], chunks: () => { throw new Error('no deck is in force'); } });
    });

    it('finds carriers by what the lookup answered, and hands them the called number, with the other where they want it', () => {
      expect(routed({ routingNumber: '+44 7000 111222' })).toEqual({ routedBy: '447000111222', refusal: undefined, numbers: [
        'B 44 9#650123456;npdi;rn=+447000111222', 'C 44 9#447000111222650123456',
      ] });
      expect(routed({ routingNumber: '34700111222' })).toMatchObject({ routedBy: '34700111222', numbers: ['A 34 34650123456', 'D 34700 34650123456'] });
      expect(routed({})).toMatchObject({ routedBy: undefined, numbers: ['A 34 34650123456'] });
    });

    it('tells of a lookup that led nowhere else, and leaves out a routing number that is the called one', () => {
      expect(routed({ e164: '442079460000', npdi: true })).toMatchObject({ routedBy: undefined, numbers: ['B 44 9#2079460000;npdi', 'C 44 9#2079460000'] });
      expect(routed({ e164: '442079460000', routingNumber: '442079460000' })).toMatchObject({ routedBy: undefined, numbers: ['B 44 9#2079460000;npdi', 'C 44 9#2079460000'] });
    });

    it('is banned by the called number, whatever it is routed by, and refused where the other cannot be read', () => {
      const plan = { plan: { case: 'voipPlanId' as const, value: 7 } };
      expect(routed({ plan, routingNumber: '447000111222' }).refusal).toMatchObject({ code: 'destination_banned' });
      expect(routed({ plan, e164: '447000111222', routingNumber: '34650123456' }).refusal).toMatchObject({ code: 'no_route' });
      expect(routed({ routingNumber: '0700111222' }).refusal).toMatchObject({ code: 'number_not_international', field: 'routingNumber' });
    });
  });

  describe('where gateways want another caller id', () => {
    const within = [
      carrier(0, 'A', { gateway: { ...gateway, callerId: { rule: 'digits', stripDigits: 2, addPrefix: '0' } } }),
      carrier(1, 'B', { gateway: { ...gateway, callerId: { rule: 'replace', number: '4317000' } } }),
      carrier(2, 'C', { gateway: { ...gateway, callerId: { rule: 'withhold' } } }), carrier(3, 'D'),
    ];
    const router = new LiveRouter({ carriers: async () => within, directRates: async () => rates, policies: async () => new Map() });
    const presented = (change: Change) => {
      const answer = routeBatch(router, create(RouteRequestSchema, { items: [item(change)] }));
      return (answer.ok ? (answer.value.results[0]?.carriers ?? []) : []).map(({ callerId }) => callerId && `${callerId.number} ${callerId.presentation}`);
    };
    beforeAll(() => router.apply({
      decks: [], voipPlans: [], sellTerms: [], exchangeRates: [], planHistory: { voipPlans: [], sellTerms: [] }, chunks: () => { throw new Error('no deck is in force'); },
    }));

    it.each<[who: string, change: Change, expected: (string | undefined)[]]>([
      ['a caller with a number', { cli: '+43 664 123456' }, ['0664123456 allowed', '4317000 allowed', ' restricted', undefined]],
      ['one who withholds it', { cli: '' }, [' restricted', '4317000 restricted', ' restricted', undefined]],
      ['one of whom nobody says anything', {}, [undefined, '4317000 allowed', ' restricted', undefined]],
    ])('tells of %s what is presented to each carrier', (_, change, expected) => {
      expect(presented(change)).toEqual(expected);
    });
  });

  it('refuses a call that sells for more than its policy allows with the text and the facts of a document', async () => {
    const policy = { ...LEAST_COST, sellRateMaxNanos: 40_000_000 };
    const limited = new LiveRouter({ carriers: async () => [...carriers], directRates: async () => rates, policies: async () => new Map([['tariff:1', [{ fromUs: 0, policy }]]]) });
    await limited.apply({ decks: [], voipPlans: [], sellTerms: [], exchangeRates: [], planHistory: { voipPlans: [], sellTerms: [] }, chunks: () => { throw new Error('no deck is in force'); } });
    const answer = routeBatch(limited, create(RouteRequestSchema, { items: [item()] }));
    expect(answer).toMatchObject({ value: { results: [{
      excluded: [], refusal: { code: 'sell_rate_above_limit', detail: 'The call sells for more than the account may pay a minute', facts: { ratePerMin: '0.05', limit: '0.04' } },
    }] } });
  });

  it('measures nobody against a price that is not told', () => {
    const [result] = ask(item({ hasSellRate: false }));
    expect(result?.carriers?.map(({ carrierCode }) => carrierCode)).toEqual(['G', 'A', 'B', 'C', 'D', 'H']);
  });

  it.each<[what: string, change: Change, refusal: object]>([
    ['no number', { e164: '' }, { code: 'number_malformed', field: 'e164' }],
    ['a number as it is dialled at home', { e164: '0650123456' }, { code: 'number_not_international', field: 'e164' }],
    ['no plan', { plan: {} }, { code: 'field_missing', field: 'plan' }],
    ['a number that nobody takes', { e164: '4915112345678' }, { code: 'no_route' }],
    [
      'a plan that is not known', { plan: { plan: { case: 'voipPlanId', value: 99 } } },
      { code: 'unknown_plan', detail: expect.stringContaining('no VoIP plan 99. List'), facts: { voipPlanId: '99' } },
    ],
    ['a banned number', { plan: { plan: { case: 'voipPlanId', value: 7 } } }, { code: 'destination_banned', facts: { prefix: '3465', banPlanId: '3' } }],
  ])('refuses %s', (_, change, refusal) => {
    const [result] = ask(item(change));
    expect(result?.refusal).toMatchObject(refusal);
    expect(isRefusalCode(result?.refusal?.code ?? '')).toBe(true);
  });

  it('answers each of a batch by itself, in the order asked', () => {
    const results = ask(item({ e164: '' }), item(), item({ plan: {} }), item({ e164: '4915112345678' }));
    expect(results.map(({ refusal, carriers: ranked }) => refusal?.code ?? ranked?.length)).toEqual(['number_malformed', 4, 'field_missing', 'no_route']);
    expect(ask()).toEqual([]);
  });

  it('tells why each carrier is out even where none is left', () => {
    const [result] = ask(item({ e164: '4915112345678' }));
    expect(result?.refusal?.facts).toEqual({ excluded: 'A no_rate, B no_rate, C no_rate, D no_rate, E suspended, F no_rate, G no_rate, H no_rate' });
    expect(result?.excluded?.map(({ carrierCode, code }) => `${carrierCode}:${code}`)).toEqual([
      'A:no_rate', 'B:no_rate', 'C:no_rate', 'D:no_rate', 'E:suspended', 'F:no_rate', 'G:no_rate', 'H:no_rate',
    ]);
  });
});
