import { describe, expect, it } from '@jest/globals';
import { countingMeter } from '@tollwire/testing';
import { callCounts, creditCounts } from './counts.ts';

describe('what card counts', () => {
  it('is each authorization by its outcome, a refusal with its code', () => {
    const { counted, meter } = countingMeter();
    const refusal = { case: 'refusal', value: { code: 'card_expired' } } as const;
    creditCounts(meter).authorized([{ case: 'authorized' }, refusal, { case: undefined }]);
    expect(counted).toEqual([
      ['tollwire_card_authorizations_total', { outcome: 'allowed' }, 1],
      ['tollwire_card_authorizations_total', { outcome: 'refused', code: 'card_expired' }, 1],
      ['tollwire_card_authorizations_total', { outcome: 'refused', code: 'internal_error' }, 1],
    ]);
  });

  it('is each charge in its currency, what a re-rating gives back taken off again', () => {
    const { counted, meter } = countingMeter();
    creditCounts(meter).charged([{ currency: 'EUR', postedNanos: 1_250_000_000n }, { currency: 'HUF', postedNanos: -500_000_000n }]);
    expect(counted).toEqual([
      ['tollwire_card_charges_total', { currency: 'EUR' }, 1],
      ['tollwire_card_charged_units', { currency: 'EUR' }, 1.25],
      ['tollwire_card_charges_total', { currency: 'HUF' }, 1],
      ['tollwire_card_charged_units', { currency: 'HUF' }, -0.5],
    ]);
  });

  it('is each extension by its outcome, and each call that was given up', () => {
    const { counted, meter } = countingMeter();
    const counts = callCounts(meter);
    counts.extended({ case: 'extended', value: { finalUnit: false } });
    counts.extended({ case: 'extended', value: { finalUnit: true } });
    counts.extended({ case: 'refusal', value: { code: 'call_settled' } });
    counts.released();
    expect(counted).toEqual([
      ['tollwire_card_extensions_total', { outcome: 'extended' }, 1],
      ['tollwire_card_extensions_total', { outcome: 'final' }, 1],
      ['tollwire_card_extensions_total', { outcome: 'refused', code: 'call_settled' }, 1],
      ['tollwire_card_released_calls_total', undefined, 1],
    ]);
  });

  it('is each reservation that expired, and nothing where none did', () => {
    const { counted, meter } = countingMeter();
    const counts = creditCounts(meter);
    counts.expired(0);
    counts.expired(3);
    expect(counted).toEqual([['tollwire_card_expired_reservations_total', undefined, 3]]);
  });
});
