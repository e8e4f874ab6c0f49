import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { instant, table } from '@tollwire/testing';
import { boundsOf, NO_RULES, refusalByRules, refusalToBegin, refusalToGoOn, usageAfter } from './dialing.ts';
import { amountSpent, callClosed, callOpened, NO_LIMITS, NO_USAGE, refusalByUse, spendableAt } from './usage.ts';

const noon = instant('2024-01-01T12:00:00Z');
const after = (sec: number) => instantUs(noon + sec * 1_000_000);

describe('calls at a time and per second', () => {
  it('are refused from the limit on, and say when to try again', () => {
    const rows = table<'open' | 'in_second' | 'concurrent' | 'per_sec' | 'later_sec' | 'limit' | 'retry_sec'>(`
      open | in_second | concurrent | per_sec | later_sec | limit            | retry_sec
      0    | 0         | 1          | none    | 0         | none             | none
      1    | 1         | 1          | none    | 0         | concurrent_calls | never
      1    | 1         | 2          | 1       | 0         | calls_per_sec    | 1
      1    | 1         | 2          | 1       | 0.999999  | calls_per_sec    | 1
      1    | 1         | 2          | 1       | 1         | none             | none
      9    | 9         | none       | 10      | 0         | none             | none
      9    | 9         | none       | none    | 0         | none             | none
    `);
    const limit = (text: string) => (text === 'none' ? null : Number(text));
    for (const row of rows) {
      const usage = { ...NO_USAGE, openCalls: Number(row.open), secondNo: noon / 1_000_000, callsInSecond: Number(row.in_second) };
      const limits = { ...NO_LIMITS, concurrentCallsMax: limit(row.concurrent), callsPerSecMax: limit(row.per_sec) };
      const refusal = refusalByUse(usage, limits, after(Number(row.later_sec)));
      const retryAtUs = row.retry_sec === 'never' ? '0' : String(noon + Number(row.retry_sec) * 1_000_000);
      expect({ row, refusal: refusal?.facts ?? null }).toMatchObject({ row, refusal: row.limit === 'none' ? null : { limit: row.limit, retryAtUs } });
    }
  });

  it('are counted as calls begin and end, and never below none', () => {
    const two = callOpened(callOpened(NO_USAGE, noon), after(0.5));
    expect([two.openCalls, two.callsInSecond, callOpened(two, after(1)).callsInSecond]).toEqual([2, 2, 1]);
    expect(callClosed(callClosed(callClosed(two))).openCalls).toBe(0);
  });
});

describe('instances whose clocks differ', () => {
  const [early, late] = [after(-0.001), after(0.001)];

  it('let no more calls through in a second that one of them has begun', () => {
    const limits = { ...NO_LIMITS, callsPerSecMax: 2 };
    let usage = NO_USAGE;
    const answers = [late, early, late, early, early].map((at) => {
      const refusal = refusalByUse(usage, limits, at);
      if (refusal === null) usage = callOpened(usage, at);
      return refusal?.facts.retryAtUs ?? 'let through';
    });
    expect(answers).toEqual(['let through', 'let through', ...new Array<string>(3).fill(String(after(1)))]);
  });

  it('forget nothing of what was spent in an hour and a day that one of them has begun', () => {
    const midnight = instant('2024-01-02T00:00:00Z');
    const [before, since] = [instantUs(midnight - 1_000), instantUs(midnight + 1_000)];
    const limits = { ...NO_LIMITS, spendPerHourMaxNanos: 100n, spendPerDayMaxNanos: 150n };
    const spent = [since, before, since, before].reduce((usage, at) => amountSpent(usage, 20n, at), amountSpent(NO_USAGE, 90n, before));
    expect(spent).toMatchObject({ spentInHourNanos: 80n, spentInDayNanos: 80n });
    for (const at of [before, since]) expect(spendableAt(spent, limits, 0n, at)).toMatchObject({ nanos: 20n, refusal: { facts: { retryAtUs: String(midnight + 3_600_000_000) } } });
  });

  it('do not follow a clock that was far ahead', () => {
    const wrong = callOpened(amountSpent(NO_USAGE, 90n, after(86_400)), after(86_400));
    expect(refusalByUse(wrong, { ...NO_LIMITS, callsPerSecMax: 1 }, noon)).toBeNull();
    expect(amountSpent(wrong, 5n, noon)).toMatchObject({ spentInHourNanos: 5n, spentInDayNanos: 5n, hourNo: noon / 3_600_000_000 });
  });
});

describe('what may be spent', () => {
  const limits = { ...NO_LIMITS, spendPerHourMaxNanos: 100n, spendPerDayMaxNanos: 150n };

  it('is what the narrower window leaves beside what is reserved', () => {
    expect(spendableAt(NO_USAGE, NO_LIMITS, 5n, noon)).toBeNull();
    const spent = amountSpent(NO_USAGE, 60n, noon);
    expect(spendableAt(spent, limits, 10n, noon)).toMatchObject({ nanos: 30n, limit: 'spend_per_hour' });
    const next = amountSpent(spent, 20n, after(3_600));
    expect(spendableAt(next, limits, 0n, after(3_600))).toMatchObject({ nanos: 70n, limit: 'spend_per_day' });
    expect(spendableAt(next, limits, 0n, after(12 * 3_600))).toMatchObject({ nanos: 100n, limit: 'spend_per_hour' });
  });

  it('is not more for a correction of what was charged before its window', () => {
    expect(amountSpent(NO_USAGE, -60n, noon)).toMatchObject({ spentInHourNanos: 0n, spentInDayNanos: 0n });
  });
});

describe('the rules of an account', () => {
  const suspended = { ...NO_RULES, suspendedAt: noon };

  it('refuse a card in use by a code of its own, and anyone who is suspended', () => {
    const single = { ...NO_RULES, limits: { ...NO_LIMITS, concurrentCallsMax: 1 } };
    const inUse = callOpened(NO_USAGE, noon);
    expect(refusalByRules(single, inUse, noon, true)?.code).toBe('card_in_use');
    expect(refusalByRules(single, inUse, noon, false)?.code).toBe('limit_reached');
    expect(refusalByRules(suspended, NO_USAGE, noon, false)).toEqual({ code: 'account_suspended', facts: { sinceUs: String(noon) } });
    expect([refusalToGoOn(suspended)?.code, refusalToGoOn(single)]).toEqual(['account_suspended', null]);
  });

  it.each(table(`
    case                             | credit | owed | reserved | least | calls | code
    CRED-10 less than the minimum    | 30     | 0    | 0        | 50    | 0     | insufficient_credit
    as much as the minimum           | 50     | 0    | 0        | 50    | 0     | -
    what is reserved is not free     | 70     | 0    | 21       | 50    | 0     | insufficient_credit
    what may be owed is              | -30    | 80   | 0        | 50    | 0     | -
    no minimum                       | 0      | 0    | 0        | -     | 0     | -
    another limit is told first      | 30     | 0    | 0        | 50    | 1     | limit_reached
  `))('$case: with $credit, $owed that may be owed, $reserved reserved and a minimum of $least, a call is refused with "$code"', (row) => {
    const limits = { ...NO_LIMITS, concurrentCallsMax: 1, creditToCallMinNanos: row.least === '' ? null : BigInt(row.least ?? '') };
    const account = {
      usage: row.calls === '0' ? NO_USAGE : callOpened(NO_USAGE, noon),
      credit: { creditNanos: BigInt(row.credit ?? ''), creditLimitNanos: BigInt(row.owed ?? ''), reservedNanos: BigInt(row.reserved ?? '') },
    };
    expect(refusalToBegin({ ...NO_RULES, limits }, account, noon, false)?.code ?? '').toBe(row.code);
  });

  it('shorten the longest call, and never lengthen it', () => {
    const account = { usage: NO_USAGE, credit: { creditNanos: 0n, reservedNanos: 0n, creditLimitNanos: 0n }, otherCalls: 0 };
    const callSecMax = (max: number | null) =>
      boundsOf({ ...NO_RULES, limits: { ...NO_LIMITS, callSecMax: max } }, account, { callSecMax: 600, graceSec: 1 }, noon).callSecMax;
    expect([callSecMax(null), callSecMax(90), callSecMax(900)]).toEqual([600, 90, 600]);
  });

  it('follow what becomes of a call: a charge without a reservation frees none', () => {
    const open = callOpened(NO_USAGE, noon);
    const settle = (openNanos: bigint | null) => ({ type: 'Settle', charge: { amountNanos: 7n, revision: 1 }, before: null, openNanos, at: noon }) as const;
    const charged = { type: 'CallCharged', postedNanos: 7n, releasedNanos: 0n, aboveReservationNanos: 7n } as const;
    expect(usageAfter(open, settle(null), charged)).toMatchObject({ openCalls: 1, spentInDayNanos: 7n });
    expect(usageAfter(open, settle(0n), charged)).toMatchObject({ openCalls: 0, spentInDayNanos: 7n });
    expect(usageAfter(open, { type: 'Release', openNanos: 0n }, { type: 'ReservationReleased', releasedNanos: 0n }).openCalls).toBe(0);
  });
});
