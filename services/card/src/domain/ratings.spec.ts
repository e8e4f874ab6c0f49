import { describe, expect, it } from '@jest/globals';
import { fold } from '@tollwire/core';
import { instant } from '@tollwire/testing';
import fc from 'fast-check';
import { credit } from './credit.ts';
import type { Charge, Credit } from './credit.ts';

describe('ratings of one call, in whatever order and however often', () => {
  it('charge what the latest says, and free the reservation once', () => {
    const rating = fc.record({ revision: fc.integer({ min: 1, max: 5 }), nth: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(rating, { minLength: 1, maxLength: 12 }), fc.array(fc.bigInt({ min: 0n, max: 1_000n }), { minLength: 6, maxLength: 6 }), (told, amounts) => {
        let state: Credit = { creditNanos: 500n, reservedNanos: 100n, creditLimitNanos: 0n };
        let before: Charge | null = null;
        let openNanos: bigint | null = 100n;
        for (const { revision } of told) {
          const charge = { amountNanos: amounts[revision] ?? 0n, revision };
          const decision = credit.decide({ type: 'Settle', charge, before, openNanos, at: instant('2024-01-01T00:00:00Z') }, state);
          if (!decision.accepted || decision.events.length === 0) continue;
          state = fold(credit, decision.events, state);
          [before, openNanos] = [charge, null];
        }
        const latest = Math.max(...told.map(({ revision }) => revision));
        expect(state).toEqual({ creditNanos: 500n - (amounts[latest] ?? 0n), reservedNanos: 0n, creditLimitNanos: 0n });
      }),
    );
  });
});
