import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
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

  it.each<[name: string, answers: readonly object[], exitCode: number]>([
    ['refused', [{ allowed: false, refusal: { code: 'number_banned' } }], 1],
    ['let through', [allowed, { accepted: 4 }, { status: 'closed' }, { sellSteps: ['a minute'], buySteps: [], record: { status: 'closed' } }], 0],
  ])('that is %s tells its key, and as of when it was authorized', async (_name, answers, exitCode) => {
    const before = Date.now() - 40_000;
    const line = ['call', '+4312345678', '--card', '1', '--duration', '30'];
    const { bodies: [asked = ''], out, ...outcome } = await outcomeOf(line, answers);
    const { callId, at } = z.object({ callId: z.string(), at: z.string() }).parse(JSON.parse(asked));
    expect(outcome).toMatchObject({ exitCode, stopped: '' });
    expect(out).toContain(`The call cli/${callId} was authorized as one that began at ${at}; what was put in force since then does not count for it yet.\n`);
    expect(Date.parse(at) - before).toBeLessThan(10_000);
    if (exitCode === 0) expect(out).toContain(`One call explained: cli/${callId}, dialled`);
    expect(JSON.parse((await outcomeOf([...line, '--json'], answers)).out)).toMatchObject({ call: expect.stringMatching(/^cli\//), at: expect.any(String) });
  });
});
