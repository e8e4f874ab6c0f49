import { describe, expect, it } from '@jest/globals';
import { keptRefusal, refusalText } from './refusal-text.ts';

describe('why a call was refused', () => {
  it.each<[refusal: object, told: string]>([
    [{ code: 'destination_banned', detail: 'Prefix 43900 is banned by ban plan 3', facts: { prefix: '43900', banPlanId: '3' } }, 'Prefix 43900 is banned by ban plan 3'],
    [
      { code: 'insufficient_credit', facts: { availableNanos: '20000000', firstIncrementNanos: '60000000' } },
      'The free credit does not pay for the first increment (available 0.02, first increment 0.06). Put credit on the card or account, or call a cheaper destination.',
    ],
    [
      { code: 'limit_reached', facts: { limit: 'calls_per_hour', max: '3', retryAtUs: '1773489600000000' } },
      'A dialling limit of the account or card is reached (limit calls_per_hour, max 3, retry at 2026-03-14T12:00:00.000Z). Wait until a call ends or the time that is told, or raise the limit.',
    ],
    [
      { code: 'insufficient_credit', facts: { creditToCallMinNanos: '1000000000' } },
      'The free credit does not pay for the first increment (credit to call min 1.00). Put credit on the card or account, or call a cheaper destination.',
    ],
    [{ code: 'card_expired' }, 'The card has expired. Extend the card: its credit is kept.'],
    [{ code: 'of_a_newer_version', facts: { sinceUs: 'yesterday', banPlanId: '7' } }, 'since yesterday, ban plan id 7'],
  ])('is told by its detail, or by its code and its facts: %j', (refusal, told) => {
    expect(refusalText(keptRefusal.parse(refusal))).toEqual(told);
  });

  it('keeps all of it for programs', () => {
    expect(keptRefusal.parse({ code: 'no_route', facts: { excluded: 'A loss' }, field: 'e164' })).toMatchObject({ facts: { excluded: 'A loss' }, field: 'e164' });
  });
});
