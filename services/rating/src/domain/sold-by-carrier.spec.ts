import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { DeckKind, QuoteReplySchema, QuoteRequestSchema, VoipPlanComposedSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { quoteBatch } from '../answers/quote-answers.ts';
import { deckOf, instant, stateOf, termsOf } from '../spec/decks.ts';
import { compile } from '../spread/compile.ts';
import { rateCall } from './rate-call.ts';
import { noTables, type RatingTables } from './tables.ts';

const retail = (ownerId: number, rows: string) => deckOf({ kind: DeckKind.RETAIL, ownerId }, `
  prefix  rate  increments
  ${rows}
`);
const usual = retail(1, '34  0.20  1/1');
const cheap = retail(2, '34  0.06  60/60');
const dear = retail(3, '346  0.30  1/1');
const july = instant('2026-07-01T00:00:00');
type Links = MessageInitShape<typeof VoipPlanComposedSchema>['retailLinks'];
const links: NonNullable<Links> = [
  { retailPlanId: 1 }, { retailPlanId: 2, carrierCodes: ['B', 'C'], validUntilUs: july }, { retailPlanId: 3, carrierCodes: ['D'] },
];

let tables: RatingTables;
beforeAll(async () => {
  const voipPlans = [create(VoipPlanComposedSchema, { voipPlanId: 7, retailLinks: links }), create(VoipPlanComposedSchema, { voipPlanId: 8, retailLinks: links.slice(1) })];
  const state = stateOf([usual, cheap, dear].map((deck) => ({ deck })), { sellTerms: [termsOf({ voipPlanId: 7 }), termsOf({ voipPlanId: 8 })], voipPlans });
  tables = await compile(state, noTables, (error) => { throw error; });
});

function rated(planId: number, carrierCode: string, number: string, startIso: string, talkSec: number): string {
  const startedAt = instantUs(Number(instant(startIso)));
  const answeredAt = talkSec === 0 ? undefined : startedAt;
  const call = { calledNumber: number, startedAt, answeredAt, endedAt: instantUs(startedAt + talkSec * 1_000_000), carrierCode, preRatedSell: undefined };
  const result = rateCall(call, { plan: { kind: 'voip_plan', id: planId }, pulses: undefined }, tables);
  return result.ok ? String(Number(result.value.sell.amount.nanos) / 1e9) : result.refusal.code;
}

describe('a plan that sells by the carrier', () => {
  it.each(table<'plan' | 'carrier' | 'number' | 'start' | 'sec' | 'sold'>(`
    plan  carrier  number       start                sec | sold
    7     A        34650123456  2026-06-01T00:00:00  30  | 0.1
    7     B        34650123456  2026-06-01T00:00:00  30  | 0.06
    7     C        34650123456  2026-06-30T23:59:59  61  | 0.12
    7     B        34650123456  2026-07-01T00:00:00  30  | 0.1
    7     D        34650123456  2026-06-01T00:00:00  30  | 0.15
    7     D        34910123456  2026-06-01T00:00:00  30  | no_sell_rate
    8     B        34650123456  2026-06-01T00:00:00  30  | 0.06
    8     A        34650123456  2026-06-01T00:00:00  30  | no_sell_rate
    8     A        34650123456  2026-06-01T00:00:00  0   | 0
  `))('$plan, over $carrier for $sec s: $sold', ({ plan, carrier, number, start, sec, sold }) => {
    expect(rated(Number(plan), carrier, number, start, Number(sec))).toBe(sold);
  });

  const quoted = (voipPlanId: number, e164: string, durationSec: number) => {
    const item = { plan: { plan: { case: 'voipPlanId' as const, value: voipPlanId } }, e164, atUs: instant('2026-06-01T00:00:00'), durationSec };
    const answer = quoteBatch(create(QuoteRequestSchema, { items: [item] }), tables);
    const [result] = answer.ok ? create(QuoteReplySchema, answer.value).results : [];
    if (result?.result.case !== 'quoted') return result?.result.value?.code ?? '';
    const { sell, byCarrier } = result.result.value;
    const over = byCarrier.map(({ carrierCode, result: own }) => `${carrierCode || '*'}=${own.case === 'sell' ? Number(own.value.ratePerMinNanos) / 1e9 : own.value?.code}`);
    return [Number(sell?.ratePerMinNanos) / 1e9, ...over].join(' ');
  };

  it.each(table<'plan' | 'number' | 'sec' | 'quoted'>(`
    plan  number       sec | quoted
    7     34650123456  0   | 0.3 *=0.2 B=0.06 C=0.06 D=0.3
    7     34910123456  0   | 0.2 *=0.2 B=0.06 C=0.06 D=no_sell_rate
    7     34910123456  1   | 0.06 *=0.2 B=0.06 C=0.06 D=no_sell_rate
    8     34910123456  0   | 0.06 *=no_sell_rate B=0.06 C=0.06 D=no_sell_rate
    8     49           0   | no_sell_rate
  `))('$plan is quoted as $quoted: the dearest first, then over each', ({ plan, number, sec, quoted: expected }) => {
    expect(quoted(Number(plan), number, Number(sec))).toBe(expected);
  });
});
