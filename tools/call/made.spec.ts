import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';

const carriers = [{ carrierCode: 'NORTH', address: '192.0.2.1', number: '4312345678', timeoutSec: 30, pricePerMin: { amount: '0.01', currency: 'EUR' } }];
const allowed = { allowed: true, maxDurationSec: 600, validUntil: '2026-01-01T00:15:00Z', reserved: { amount: '1.00', currency: 'EUR' }, carriers, excluded: [] };
const forbidden = { status: 403, body: JSON.stringify({ code: 'not_permitted', title: 'This API key may not do that' }) };

describe('./tollwire call', () => {
  it('made with the key of a switch, which may not look at the record, is told as made', async () => {
    const outcome = await outcomeOf(['call', '+4312345678', '--card', '1'], [allowed, { accepted: 4 }, forbidden]);
    expect(outcome).toMatchObject({ exitCode: 0, stopped: '' });
    expect(outcome.out).toMatch(/^The call cli\/\S+ was let through for 600 s over NORTH, and its events were taken\.\n.*\.\/tollwire call explain cli\//);
  });

  it('that is refused says what to do, and ends with 1', async () => {
    const refusal = { code: 'insufficient_credit', detail: 'Put credit on the card or account, or call a cheaper destination.' };
    const outcome = await outcomeOf(['call', '+4312345678', '--card', '1'], [{ allowed: false, refusal }]);
    expect(outcome).toMatchObject({ exitCode: 1, out: expect.stringContaining('Put credit on the card') });
  });
});
