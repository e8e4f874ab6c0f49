import { create } from '@bufbuild/protobuf';
import { DeckKind, RoundingMode, SellTermsSetSchema, VoipPlanComposedSchema } from '@tollwire/contracts';
import { type InstantUs, instantUs } from '@tollwire/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatNanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { deckOf, instant, stateOf, termsOf as terms } from '../spec/decks.ts';
import { compile } from '../spread/compile.ts';
import { rateCall } from './rate-call.ts';
import { endedCallOf, type RatedRecord } from './rated-record.ts';
import { noTables, type PlanRef, type RatingTables } from './tables.ts';
import { nextChange, tablesWhenAuthorized } from './tables-when-authorized.ts';

const tariff = { kind: 'tariff', id: 1 } as const;
const voip = { kind: 'voip_plan', id: 7 } as const;
const refusing = (error: unknown) => { throw error; };
const dearer = '2026-07-01T12:00:00';
const nowUs = (text: string): InstantUs => instantUs(Number(instant(text)));

/** A version whose second hour is dearer, and one that is dearer still. */
const first = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix  rate  increments  from                 until
  34      0.10  60/60       0                    2026-07-01T11:00:00
  34      0.20  60/60       2026-07-01T11:00:00  0
`);
const second = deckOf({ kind: DeckKind.TARIFF, ownerId: 1, version: 2 }, `
  prefix  rate  increments
  34      0.90  60/60
`);
const world = deckOf({ kind: DeckKind.RETAIL, ownerId: 5 }, `
  prefix  rate  increments
  34      0.30  60/60
`);
const promotion = deckOf({ kind: DeckKind.RETAIL, ownerId: 6 }, `
  prefix  rate  increments
  34      0.40  60/60
`);
const carrier = (version: number, rate: string) => deckOf({ kind: DeckKind.CARRIER, ownerId: 8, carrierCode: 'alpha', version }, `
  prefix  rate  increments
  34      ${rate}  60/60
`);

describe('a call that was authorized', () => {
  let tables: RatingTables;

  beforeAll(async () => {
    const composed = (retailPlanIds: number[], at: string) => create(VoipPlanComposedSchema, { voipPlanId: voip.id, retailPlanIds, carrierPlanIds: [8], composedAtUs: instant(at) });
    const taxed = create(SellTermsSetSchema, {
      plan: { plan: { case: 'voipPlanId', value: voip.id } }, revision: 2, currency: 'EUR', roundingDecimals: 4, roundingMode: RoundingMode.HALF_UP, setAtUs: instant('2026-07-01T13:00:00'),
      terms: { taxPpm: 1_000_000 },
    });
    const decks = [
      { deck: first, until: dearer }, { deck: second, from: dearer }, { deck: carrier(1, '0.01'), until: dearer }, { deck: carrier(2, '0.05'), from: dearer },
      { deck: world }, { deck: promotion },
    ];
    tables = await compile(stateOf(decks, {
      sellTerms: [terms({ tariffId: 1 }), terms({ voipPlanId: voip.id }), taxed],
      voipPlans: [composed([5], '2026-01-01T00:00:00'), composed([6], dearer)],
    }), noTables, refusing);
  });

  const rated = (plan: PlanRef, authorized: string, answered: string) => {
    const answeredAt = nowUs(`2026-07-01T${answered}`);
    const call = {
      calledNumber: '+34911234567', startedAt: answeredAt, answeredAt, endedAt: instantUs(answeredAt + 60_000_000), carrierCode: 'alpha', preRatedSell: undefined,
      ...(authorized === '' ? {} : { authorizedAt: nowUs(`2026-07-01T${authorized}`) }),
    };
    const answer = rateCall(call, { plan, pulses: undefined }, tables);
    if (!answer.ok) throw new Error(answer.refusal.code);
    return answer.value;
  };
  const told = (plan: PlanRef, authorized: string, answered: string): string => {
    const { sell, buy } = rated(plan, authorized, answered);
    return `${formatNanos(sell.amount.nanos)} for ${formatNanos(buy?.amount.nanos ?? 0n)}`;
  };

  it.each(table(`
    authorized  answered  | tariff         voip_plan
    -           11:59:59  | 0.20 for 0.01  0.30 for 0.01
    -           12:00:00  | 0.90 for 0.05  0.40 for 0.05
    11:59:50    11:59:59  | 0.20 for 0.01  0.30 for 0.01
    11:59:50    12:00:00  | 0.20 for 0.01  0.30 for 0.01
    11:59:50    12:00:05  | 0.20 for 0.01  0.30 for 0.01
    12:00:00    12:00:05  | 0.90 for 0.05  0.40 for 0.05
    10:59:50    11:00:05  | 0.20 for 0.01  0.30 for 0.01
    10:59:50    10:59:59  | 0.10 for 0.01  0.30 for 0.01
    12:59:50    13:00:05  | 0.90 for 0.05  0.40 for 0.05
    13:00:00    13:00:05  | 0.90 for 0.05  0.80 for 0.05
    12:00:05    11:59:59  | 0.90 for 0.05  0.40 for 0.05
  `))('at "$authorized" and answered at $answered keeps the versions of then, and picks its rate when it is answered', ({ authorized = '', answered = '', ...prices }) => {
    expect([told(tariff, authorized, answered), told(voip, authorized, answered)]).toEqual([prices['tariff'], prices['voip_plan']]);
  });

  it('is rated again by the same versions', () => {
    const before = rated(tariff, '11:59:50', '12:00:05');
    const at = nowUs('2026-07-01T12:00:05');
    const record: RatedRecord = {
      callKey: 'k', revision: 1, partyKey: 'card:1', plan: tariff, startedAt: at, answeredAt: at, endedAt: instantUs(at + 60_000_000), q850Cause: 16, carrierCode: 'alpha', rated: before, ratedAt: at,
    };
    expect(rateCall(endedCallOf(record, true), { plan: tariff, pulses: undefined }, tables)).toEqual({ ok: true, value: before });
  });

  it('has the tables as they are where nothing changed in between, and one view of each stretch otherwise', () => {
    const [before, after] = [nowUs('2026-07-01T11:30:00'), nowUs('2026-07-01T12:30:00')];
    expect(tablesWhenAuthorized(tables, before, nowUs('2026-07-01T11:59:59.999'))).toBe(tables);
    expect(tablesWhenAuthorized(tables, before, after)).toBe(tablesWhenAuthorized(tables, nowUs('2026-07-01T11:45:00'), after));
    expect([nextChange(tables, before), nextChange(tables, after), nextChange(tables, nowUs('2026-07-01T13:00:00'))]).toEqual([nowUs(dearer), nowUs('2026-07-01T13:00:00'), Infinity]);
  });
});
