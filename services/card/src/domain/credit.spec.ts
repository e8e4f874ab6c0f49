import { describe, expect, it } from '@jest/globals';
import { fold, instantUs } from '@tollwire/core';
import { charge, nanosOf, NO_ALLOWANCE, NO_FURTHER_TERMS, plainSchedule } from '@tollwire/telecom';
import { given, instant, table } from '@tollwire/testing';
import fc from 'fast-check';
import { availableNanos, balanceNanosMax, credit } from './credit.ts';
import type { Credit, CreditCommand, CreditEvent } from './credit.ts';

const at = instant('2024-01-01T00:00:00Z');
const rounding = { decimals: 9, mode: 'half_up' } as const;
const euro = 1_000_000_000n;

function nanos(decimal: string): bigint {
  const parsed = nanosOf(decimal);
  if (!parsed.ok) throw new Error(`Not an amount: ${decimal}`);
  return parsed.value;
}

function instantAfter(sec: number) {
  return instantUs(at + sec * 1_000_000);
}

function reserve(options: { perMin: string; first: number; increment: number; callSecMax?: number }): CreditCommand {
  const terms = { ratePerMinNanos: nanos(options.perMin), connectFeeNanos: 0n, initialIncrementSec: options.first, incrementSec: options.increment };
  return { type: 'Reserve', schedule: plainSchedule(terms, rounding), allowance: NO_ALLOWANCE, callSecMax: options.callSecMax ?? 7_200, graceSec: 300, at };
}

describe('reserving', () => {
  it('takes what the longest call costs that the free credit pays for', () => {
    const rows = table<'case' | 'credit' | 'limit' | 'reserved' | 'per_min' | 'first' | 'increment' | 'max_sec' | 'takes' | 'final'>(`
      case     | credit | limit | reserved | per_min | first | increment | max_sec             | takes | final
      CRED-01  | 1.00   | 0     | 0        | 0.10    | 0     | 6         | 600                 | 1.00 | credit
      CRED-03  | 0.01   | 0     | 0        | 0.04    | 60    | 1         | insufficient_credit | -    | -
      CRED-11  | -9.50  | 10    | 0        | 0.10    | 0     | 6         | 300                 | 0.50 | credit
      CRED-12  | 1.00   | 0     | 1.00     | 0.10    | 0     | 6         | insufficient_credit | -    | -
      shared   | 1.00   | 0     | 0.40     | 0.10    | 0     | 6         | 360                 | 0.60 | credit
      capped   | 100.00 | 0     | 0        | 0.10    | 0     | 6         | 7200                | 12.00 | call_sec
      rest     | 1.005  | 0     | 0        | 0.10    | 0     | 6         | 600                 | 1.00 | credit
      free     | 0      | 0     | 0        | 0       | 0     | 1         | 7200                | 0    | call_sec
      in debt  | -0.01  | 0     | 0        | 0       | 0     | 1         | insufficient_credit | -    | -
    `);
    for (const row of rows) {
      const state = { creditNanos: nanos(row.credit), reservedNanos: nanos(row.reserved), creditLimitNanos: nanos(row.limit) };
      const decision = credit.decide(reserve({ perMin: row.per_min, first: Number(row.first), increment: Number(row.increment) }), state);
      if (decision.accepted) {
        const amountNanos = nanos(row.takes);
        const validUntil = at + (Number(row.max_sec) + 300) * 1_000_000;
        expect([row.case, ...decision.events]).toEqual([row.case, { type: 'CreditReserved', amountNanos, maxDurationSec: Number(row.max_sec), validUntil, final: row.final }]);
      } else {
        expect([row.case, decision.refusal.code]).toEqual([row.case, row.max_sec]);
      }
    }
  });

  const perSecond = plainSchedule({ ratePerMinNanos: 6n * euro, connectFeeNanos: 0n, initialIncrementSec: 0, incrementSec: 1 }, rounding);
  const withTerms = (terms: Partial<typeof NO_FURTHER_TERMS>): CreditCommand => {
    return { type: 'Reserve', schedule: { ...perSecond, terms: { ...NO_FURTHER_TERMS, ...terms } }, allowance: NO_ALLOWANCE, callSecMax: 7_200, graceSec: 0, at };
  };

  it('counts fees and tax, and ends where a call may cost no more', () => {
    const dear = withTerms({ connectFeeNanos: euro, taxPpm: 250_000, maxCost: { nanos: 3n * euro, strategy: 'disconnect' } });
    const reserved = (amountNanos: bigint, maxDurationSec: number, final: 'credit' | 'max_cost'): CreditEvent[] => [
      { type: 'CreditReserved', amountNanos, maxDurationSec, validUntil: instantAfter(maxDurationSec), final },
    ];
    // (1 + 10 × 0.10) × 1.25 = 2.50; one second more would be 2.625.
    given(credit, [{ type: 'CreditPosted', amountNanos: nanos('2.60') }]).when(dear).then(reserved(nanos('2.50'), 10, 'credit'));
    given(credit, [{ type: 'CreditPosted', amountNanos: 100n * euro }]).when(dear).then(reserved(nanos('3.75'), 20, 'max_cost'));
  });

  it('lets who has no credit talk for as long as all is free, and takes what is to pay beyond', () => {
    const schedule = { ...perSecond, terms: { ...NO_FURTHER_TERMS, connectFeeNanos: euro } };
    const free = (sec: number, covers: 'none' | 'all'): CreditCommand => ({ type: 'Reserve', schedule, allowance: { sec, covers }, callSecMax: 7_200, graceSec: 0, at });
    const reserved = (amountNanos: bigint, maxDurationSec: number): CreditEvent[] => [
      { type: 'CreditReserved', amountNanos, maxDurationSec, validUntil: instantAfter(maxDurationSec), final: 'credit' },
    ];
    given(credit, []).when(free(600, 'all')).then(reserved(0n, 600));
    given(credit, []).when(free(600, 'none')).then({ code: 'insufficient_credit', facts: { availableNanos: '0', firstIncrementNanos: String(euro) } });
    given(credit, [{ type: 'CreditPosted', amountNanos: nanos('1.50') }]).when(free(600, 'all')).then(reserved(nanos('1.50'), 605));
  });

  it.each(table(`
    case                       | credit | increment | tax_percent | free_sec | max_sec | takes
    CRED-07 tax counts         | 1.00   | 1         | 20          | 0        | 500     | 1.00
    CRED-08 free seconds first | 1.00   | 6         | 0           | 300      | 900     | 1.00
    CRED-15 and nothing beyond | 0      | 1         | 0           | 480      | 480     | 0
    tax after what is free     | 1.00   | 6         | 20          | 300      | 798     | 0.996
  `))('$case: $credit at 0.10 a minute lasts $max_sec s and takes $takes', ({ credit: posted = '', increment, tax_percent: tax, free_sec: free, max_sec: maxSec, takes = '' }) => {
    const { segments } = plainSchedule({ ratePerMinNanos: nanos('0.10'), connectFeeNanos: 0n, initialIncrementSec: 0, incrementSec: Number(increment) }, rounding);
    const schedule = { segments, terms: { ...NO_FURTHER_TERMS, taxPpm: Number(tax) * 10_000 }, rounding };
    given(credit, posted === '0' ? [] : [{ type: 'CreditPosted', amountNanos: nanos(posted) }])
      .when({ type: 'Reserve', schedule, allowance: { sec: Number(free), covers: 'none' }, callSecMax: 7_200, graceSec: 300, at })
      .then([{ type: 'CreditReserved', amountNanos: nanos(takes), maxDurationSec: Number(maxSec), validUntil: instantAfter(Number(maxSec) + 300), final: 'credit' }]);
  });

  it('takes at least what an attempt costs that fails', () => {
    const events: CreditEvent[] = [{ type: 'CreditPosted', amountNanos: euro }];
    given(credit, events).when(withTerms({ attemptFeeNanos: euro, maxCost: { nanos: 0n, strategy: 'free' } })).then([
      { type: 'CreditReserved', amountNanos: euro, maxDurationSec: 7_200, validUntil: instantAfter(7_200), final: 'call_sec' },
    ]);
    given(credit, events).when(withTerms({ attemptFeeNanos: 2n * euro })).then({
      code: 'insufficient_credit', facts: { availableNanos: String(euro), firstIncrementNanos: String(2n * euro) },
    });
  });

  it('tells what is free and what the first increment costs', () => {
    given(credit, [{ type: 'CreditPosted', amountNanos: 10_000_000n }])
      .when(reserve({ perMin: '0.04', first: 60, increment: 1 }))
      .then({ code: 'insufficient_credit', facts: { availableNanos: '10000000', firstIncrementNanos: '40000000' } });
  });
});

describe('settling', () => {
  const posted: CreditEvent[] = [{ type: 'CreditPosted', amountNanos: euro }];
  const settle = (amountNanos: bigint, revision = 1, before: [bigint, number] | null = null, openNanos: bigint | null = null): CreditCommand => ({
    type: 'Settle', charge: { amountNanos, revision }, before: before === null ? null : { amountNanos: before[0], revision: before[1] }, openNanos, at,
  });
  const charged = (postedNanos: bigint, releasedNanos: bigint, aboveReservationNanos: bigint): CreditEvent => ({
    type: 'CallCharged', postedNanos, releasedNanos, aboveReservationNanos,
  });

  it('posts the charge and frees the whole reservation', () => {
    given(credit, posted).when(settle(30n, 1, null, 100n)).then([charged(30n, 100n, 0n)]);
  });

  it('records what is above the reservation, and never refuses it', () => {
    given(credit, posted).when(settle(130n, 1, null, 100n)).then([charged(130n, 100n, 30n)]);
    given(credit, []).when(settle(130n)).then([charged(130n, 0n, 130n)]);
  });

  it('posts only the difference to an earlier rating', () => {
    given(credit, posted).when(settle(30n, 2, [50n, 1])).then([charged(-20n, 0n, 0n)]);
    given(credit, posted).when(settle(80n, 2, [50n, 1])).then([charged(30n, 0n, 30n)]);
    given(credit, posted).when(settle(50n, 2, [50n, 1])).then([charged(0n, 0n, 0n)]);
  });

  it('posts nothing for a rating that is not later than the last', () => {
    given(credit, posted).when(settle(30n, 1, [30n, 1])).then([]);
    given(credit, posted).when(settle(99n, 1, [30n, 2])).then([]);
  });
});

describe('credit', () => {
  it('is posted in amounts above zero', () => {
    given(credit, []).when({ type: 'Post', amountNanos: 1n }).then([{ type: 'CreditPosted', amountNanos: 1n }]);
    given(credit, []).when({ type: 'Post', amountNanos: 0n }).then({ code: 'amount_malformed', detail: 'Post more than nothing.' });
  });

  it('stays within the range of a balance: what would leave it is refused, to the nano', () => {
    const full: CreditEvent = { type: 'CreditPosted', amountNanos: balanceNanosMax };
    const debt: CreditEvent = { type: 'CallCharged', postedNanos: balanceNanosMax, releasedNanos: 0n, aboveReservationNanos: 0n };
    const settle = (amountNanos: bigint, before: bigint | null): CreditCommand => ({
      type: 'Settle', charge: { amountNanos, revision: 2 }, before: before === null ? null : { amountNanos: before, revision: 1 }, openNanos: null, at,
    });
    const detail = 'The balance would leave its range of nine billion units either way.';
    given(credit, [full]).when({ type: 'Post', amountNanos: 1n }).then({ code: 'amount_malformed', detail });
    given(credit, [full]).when(settle(0n, 1n)).then({ code: 'amount_malformed', detail });
    given(credit, [debt]).when(settle(1n, null)).then({ code: 'amount_malformed', detail });
    given(credit, [debt]).when(settle(1n, 1n)).then([{ type: 'CallCharged', postedNanos: 0n, releasedNanos: 0n, aboveReservationNanos: 0n }]);
    given(credit, [debt]).when({ type: 'Post', amountNanos: 1n }).then([{ type: 'CreditPosted', amountNanos: 1n }]);
  });

  it('is reserved within that range, too, however large its limit', () => {
    const terms = { ratePerMinNanos: 60n * 10n ** 18n, connectFeeNanos: 0n, initialIncrementSec: 0, incrementSec: 1 };
    const state: Credit = { creditNanos: balanceNanosMax, reservedNanos: 0n, creditLimitNanos: 10n ** 18n };
    const decision = credit.decide({ type: 'Reserve', schedule: plainSchedule(terms, rounding), allowance: NO_ALLOWANCE, callSecMax: 7_200, graceSec: 1, at }, state);
    expect(decision).toMatchObject({ accepted: true, events: [{ amountNanos: balanceNanosMax, maxDurationSec: 9 }] });
  });

  it('is free again when a reservation expires', () => {
    const reserved: CreditEvent = { type: 'CreditReserved', amountNanos: 40n, maxDurationSec: 1, validUntil: at };
    const after = fold(credit, [{ type: 'CreditPosted', amountNanos: 100n }, reserved, { type: 'ReservationExpired', releasedNanos: 40n }]);
    expect(availableNanos(after)).toBe(100n);
  });

  it('is never promised twice, whatever is reserved after what', () => {
    const amount = fc.bigInt({ min: 0n, max: 100n * euro });
    const terms = fc.record({
      ratePerMinNanos: fc.bigInt({ min: 0n, max: euro }),
      connectFeeNanos: fc.bigInt({ min: 0n, max: euro / 10n }),
      initialIncrementSec: fc.nat(120),
      incrementSec: fc.integer({ min: 1, max: 120 }),
    });
    fc.assert(
      fc.property(amount, fc.array(terms, { maxLength: 20 }), (creditNanos, calls) => {
        let state: Credit = { creditNanos, reservedNanos: 0n, creditLimitNanos: 0n };
        let worst = 0n;
        for (const call of calls) {
          const decision = credit.decide({ type: 'Reserve', schedule: plainSchedule(call, rounding), allowance: NO_ALLOWANCE, callSecMax: 7_200, graceSec: 1, at }, state);
          if (!decision.accepted) continue;
          state = fold(credit, decision.events, state);
          for (const event of decision.events) if (event.type === 'CreditReserved') worst += charge(event.maxDurationSec, call, rounding);
        }
        expect(availableNanos(state)).toBeGreaterThanOrEqual(0n);
        expect(worst).toBe(state.reservedNanos);
      }),
    );
  });
});

describe('credit that leaves otherwise than by a call', () => {
  const posted: CreditEvent = { type: 'CreditPosted', amountNanos: 5n };

  it('is taken whatever is left of it, within the range of a balance', () => {
    given(credit, [posted]).when({ type: 'Take', amountNanos: 7n }).then([{ type: 'CreditTaken', amountNanos: 7n }]);
    given(credit, [posted]).when({ type: 'Take', amountNanos: 0n }).then({ code: 'amount_malformed', detail: 'Take more than nothing.' });
    const detail = 'The balance would leave its range of nine billion units either way.';
    given(credit, []).when({ type: 'Take', amountNanos: balanceNanosMax + 1n }).then({ code: 'amount_malformed', detail });
    expect(fold(credit, [posted, { type: 'CreditTaken', amountNanos: 7n }])).toMatchObject({ creditNanos: -2n });
  });

  it('is forfeited as a whole, unless there is none or a call may still need it', () => {
    const reserved: CreditEvent = { type: 'CreditReserved', amountNanos: 1n, maxDurationSec: 1, validUntil: at };
    given(credit, [posted]).when({ type: 'Forfeit' }).then([{ type: 'CreditTaken', amountNanos: 5n }]);
    given(credit, []).when({ type: 'Forfeit' }).then([]);
    given(credit, [{ type: 'CreditTaken', amountNanos: 1n }]).when({ type: 'Forfeit' }).then([]);
    given(credit, [posted, reserved]).when({ type: 'Forfeit' }).then([]);
  });
});
