import { describe, expect, it } from '@jest/globals';
import { NO_ALLOWANCE, plainSchedule } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { ALL_FREE_CREDIT, callPrice, grantOf } from './call-grant.ts';
import type { CallWant, CreditShare } from './call-grant.ts';

const cent = 10_000_000n;
const rounding = { decimals: 9, mode: 'half_up' } as const;
/** One cent for every `incrementSec` seconds. */
const centEvery = (incrementSec: number) =>
  plainSchedule({ ratePerMinNanos: (60n * cent) / BigInt(incrementSec), connectFeeNanos: 0n, initialIncrementSec: 0, incrementSec }, rounding);

const shares: Record<string, CreditShare> = {
  all: ALL_FREE_CREDIT,
  'slice 60 s': { policy: 'fixed_slice', slice: { sec: 60 } },
  'slice 5 ct': { policy: 'fixed_slice', slice: { nanos: 5n * cent } },
  'share of 4': { policy: 'equal_share', callsMax: 4 },
};

describe('what a call gets', () => {
  it('goes by the policy of its account, and never beyond what is free', () => {
    // A block of six seconds costs a cent. `free` beside what the call holds; the longest call is 7,200 s.
    const rows = table<'share' | 'used' | 'held_ct' | 'held_sec' | 'free_ct' | 'others' | 'gets_sec' | 'takes_ct' | 'final'>(`
      share      | used | held_ct | held_sec | free_ct | others | gets_sec | takes_ct | final
      all        | 0    | 0       | 0        | 100     | 3      | 600      | 100      | true
      all        | 0    | 0       | 0        | 5000    | 0      | 7200     | 1200     | true
      all        | 0    | 0       | 0        | 0       | 0      | 0        | 0        | true
      all        | 590  | 100     | 600      | 50      | 0      | 900      | 150      | true
      slice 60 s | 0    | 0       | 0        | 100     | 3      | 60       | 10       | false
      slice 60 s | 55   | 10      | 60       | 90      | 3      | 115      | 20       | false
      slice 60 s | 555  | 95      | 570      | 5       | 0      | 600      | 100      | true
      slice 60 s | 600  | 100     | 600      | 0       | 0      | 600      | 100      | true
      slice 60 s | 7170 | 1195    | 7170     | 90      | 0      | 7200     | 1200     | true
      slice 5 ct | 0    | 0       | 0        | 100     | 0      | 30       | 5        | false
      slice 5 ct | 25   | 5       | 30       | 95      | 0      | 60       | 10       | false
      share of 4 | 0    | 0       | 0        | 100     | 0      | 150      | 25       | false
      share of 4 | 0    | 0       | 0        | 75      | 1      | 150      | 25       | false
      share of 4 | 0    | 0       | 0        | 25      | 3      | 150      | 25       | true
      share of 4 | 0    | 0       | 0        | 3       | 0      | 6        | 1        | false
      share of 4 | 150  | 25      | 150      | 40      | 3      | 390      | 65       | true
      share of 4 | 150  | 25      | 150      | -5      | 3      | 150      | 25       | true
    `);
    for (const row of rows) {
      const so = { usedSec: Number(row.used), heldNanos: BigInt(row.held_ct) * cent, heldSec: Number(row.held_sec), freeNanos: BigInt(row.free_ct) * cent };
      const share = shares[row.share] ?? ALL_FREE_CREDIT;
      const grant = grantOf({ schedule: centEvery(6), allowance: NO_ALLOWANCE, callSecMax: 7_200, share, otherCalls: Number(row.others), ...so });
      expect({ ...row, ...grant }).toMatchObject({ durationSec: Number(row.gets_sec), amountNanos: BigInt(row.takes_ct) * cent, final: row.final === 'true' });
    }
  });

  it('is at least an increment where the free credit pays for one, however small the slice', () => {
    const want = { schedule: centEvery(60), allowance: NO_ALLOWANCE, usedSec: 0, heldNanos: 0n, heldSec: 0, callSecMax: 7_200, freeNanos: 2n * cent, otherCalls: 0 };
    const slice: CreditShare = { policy: 'fixed_slice', slice: { nanos: cent / 2n } };
    expect(grantOf({ ...want, share: slice })).toEqual({ durationSec: 60, amountNanos: cent, final: false });
    expect(grantOf({ ...want, share: slice, usedSec: 60, heldNanos: cent, heldSec: 60, freeNanos: cent })).toEqual({ durationSec: 120, amountNanos: 2n * cent, final: true });
  });
});

const anyShare = fc.oneof<fc.Arbitrary<CreditShare>[]>(
  fc.constant(ALL_FREE_CREDIT),
  fc.integer({ min: 1, max: 900 }).map((sec) => ({ policy: 'fixed_slice' as const, slice: { sec } })),
  fc.bigInt({ min: 1n, max: 100n * cent }).map((nanos) => ({ policy: 'fixed_slice' as const, slice: { nanos } })),
  fc.integer({ min: 1, max: 8 }).map((callsMax) => ({ policy: 'equal_share' as const, callsMax })),
);

const anyRate = fc.record({
  ratePerMinNanos: fc.bigInt({ min: 0n, max: 100n * cent }),
  connectFeeNanos: fc.bigInt({ min: 0n, max: 5n * cent }),
  initialIncrementSec: fc.integer({ min: 0, max: 60 }),
  incrementSec: fc.integer({ min: 1, max: 60 }),
});

describe('calls that share credit by any policy', () => {
  it('never hold more than there is, are paid for as far as they may last, and never shorter than before', () => {
    const steps = fc.array(fc.record({ call: fc.nat(3), talkSec: fc.nat(600) }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(anyShare, anyRate, fc.bigInt({ min: 0n, max: 1_000n * cent }), steps, (share, rate, creditNanos, order) => {
        const schedule = plainSchedule(rate, rounding);
        const calls = Array.from({ length: 4 }, () => ({ usedSec: 0, heldNanos: 0n, heldSec: 0 }));
        for (const { call: nth, talkSec } of order) {
          const call = calls[nth];
          if (call === undefined) continue;
          const reserved = calls.reduce((sum, { heldNanos }) => sum + heldNanos, 0n);
          const usedSec = Math.min(call.heldSec, call.usedSec + talkSec);
          const otherCalls = calls.filter((other) => other !== call && other.heldSec > 0).length;
          const want: CallWant = { schedule, allowance: NO_ALLOWANCE, callSecMax: 7_200, share, otherCalls, ...call, usedSec, freeNanos: creditNanos - reserved };
          const grant = grantOf(want);
          expect(grant.durationSec).toBeGreaterThanOrEqual(call.heldSec);
          if (grant.durationSec > 0) expect(grant.amountNanos).toBe(callPrice(want, grant.durationSec));
          // What is not final goes on, at the latest when it is used up.
          if (!grant.final) expect(grant.durationSec).toBeGreaterThan(usedSec);
          calls[nth] = { usedSec, heldNanos: grant.amountNanos, heldSec: grant.durationSec };
          expect(calls.reduce((sum, { heldNanos }) => sum + heldNanos, 0n)).toBeLessThanOrEqual(creditNanos);
        }
      }),
    );
  });

  it('that are extended to the end get what one call by all the credit gets', () => {
    fc.assert(
      fc.property(anyShare, anyRate, fc.bigInt({ min: 0n, max: 50n * cent }), (share, rate, creditNanos) => {
        const schedule = plainSchedule(rate, rounding);
        const want = { schedule, allowance: NO_ALLOWANCE, callSecMax: 3_600, otherCalls: 0 };
        const whole = grantOf({ ...want, share: ALL_FREE_CREDIT, usedSec: 0, heldNanos: 0n, heldSec: 0, freeNanos: creditNanos });
        let call = { usedSec: 0, heldNanos: 0n, heldSec: 0 };
        for (let final = false; !final; ) {
          const grant = grantOf({ ...want, share, ...call, freeNanos: creditNanos - call.heldNanos });
          final = grant.final;
          call = { usedSec: grant.durationSec, heldNanos: grant.amountNanos, heldSec: grant.durationSec };
        }
        expect(call.heldSec).toBe(whole.durationSec);
      }),
    );
  });
});
