import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { outcomeOf } from '../client/command.fixture.ts';
import { explainedCall, explainPath, explanationOf } from './explained.ts';

describe('the explanation of a call', () => {
  it.each(table(`
    call          | path
    sw/42         | /v1/calls/sw/42/explain?leg=0
    sw/42/1       | /v1/calls/sw/42/explain?leg=1
    s%2Fw/4%252/1 | /v1/calls/s%2Fw/4%252/explain?leg=1
  `))('of $call is at $path', ({ call, path }) => {
    expect(explainPath(call)).toBe(path);
  });

  it.each([undefined, 'sw', 'sw/', '/42', 'sw/42/x', 'sw/42/1/2'])('is of no call that is named %s', (key) => {
    expect(() => explainPath(key)).toThrow('Name the call');
  });

  it('has the route with the deck versions, where one was decided', () => {
    const digest = '0123456789abcdef';
    const told = {
      sellSteps: ['a'], buySteps: ['b'], record: { calledNumber: '+34 650', calledE164: '34650' },
      route: {
        calledE164: '34650', carriers: [{ carrierCode: 'A', reason: 'cheapest', deckDigest: digest }],
        excluded: [{ carrierCode: 'B', code: 'loss', reason: 'costs', deckDigest: digest }, { carrierCode: 'C', code: 'suspended', reason: 'is off' }],
      },
    };
    expect(explanationOf('sw/42', explainedCall.parse(told))).toEqual({
      callId: 'sw/42', calledNumber: '+34 650', e164: '34650', sellSteps: ['a'], buySteps: ['b'],
      carriers: ['1. A: cheapest (deck 0123456789ab)'], excluded: ['B (loss): costs (deck 0123456789ab)', 'C (suspended): is off'],
    });
    // Programs get all that the door tells.
    expect(explainedCall.parse({ ...told, rated: { revision: 1 }, sellDerivation: [{ sum: '0.06' }] })).toMatchObject({ rated: { revision: 1 }, sellDerivation: [{ sum: '0.06' }] });
    const untold = explainedCall.parse({ record: { calledE164: '34650' } });
    expect(explanationOf('sw/42', untold)).toMatchObject({ calledNumber: '34650', carriers: [expect.stringContaining('not authorized')], excluded: [] });
  });
});

describe('a call without a price', () => {
  const notRated = { status: 409, body: JSON.stringify({ code: 'call_not_rated', title: 'The call has not been rated', detail: 'Ask again once its end was told.' }) };
  const unknown = { status: 404, body: JSON.stringify({ code: 'unknown_call', title: 'No such call' }) };
  const explain = ['call', 'explain', 'sw/42'];

  it('is shown with its route, and that it is not rated yet', async () => {
    const route = { calledE164: '34650', carriers: [{ carrierCode: 'A', reason: 'cheapest' }], excluded: [{ carrierCode: 'B', code: 'loss', reason: 'costs' }] };
    const { asked, out, exitCode } = await outcomeOf(explain, [notRated, route]);
    expect({ asked, exitCode }).toEqual({ asked: ['GET /v1/calls/sw/42/explain?leg=0', 'GET /v1/calls/sw/42/route?leg=0'], exitCode: 0 });
    expect(out).toMatch(/1\. A: cheapest\n[^]*B \(loss\): costs\n {2}not rated yet: It is rated once its end was told\.\n$/);
  });

  it('is shown with who was out, and why it was refused', async () => {
    const route = { calledE164: '34650', excluded: [{ carrierCode: 'B', code: 'loss', reason: 'costs' }], refusal: { code: 'no_route', detail: 'Nobody is left.' } };
    const { out, exitCode } = await outcomeOf(explain, [notRated, route]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/B \(loss\): costs\n {2}refused, no_route: Nobody is left\.\n$/);
  });

  it('is shown with when and for which facts it was refused, where nothing else was said of that', async () => {
    const refusal = { code: 'insufficient_credit', detail: '', facts: { availableNanos: '0', firstIncrementNanos: '60000000' } };
    const route = { decidedAt: '2026-03-01T12:00:00.120000Z', calledE164: '34650', carriers: [{ carrierCode: 'A', reason: 'cheapest' }], refusal };
    const { out } = await outcomeOf(explain, [notRated, route]);
    expect(out).toMatch(/read as 34650, decided at 2026-03-01T12:00:00\.120000Z\n/);
    expect(out).toMatch(/\n {2}refused, insufficient_credit: The free credit does not pay for the first increment \(available 0\.00, first increment 0\.06\)\. Put credit .*\n$/);
    expect(JSON.parse((await outcomeOf([...explain, '--json'], [notRated, route])).out)).toMatchObject({ route: { decidedAt: route.decidedAt, refusal } });
  });

  it('is told to be none where nobody knows it', async () => {
    const told = /^There is no call sw\/42\. \.\/tollwire cdr search .* \[unknown_call\]$/;
    expect(await outcomeOf(explain, [notRated, unknown, unknown])).toMatchObject({ exitCode: 1, stopped: expect.stringMatching(told) });
  });

  it('is refused as it was where it has a record, but no route', async () => {
    expect(await outcomeOf(explain, [notRated, unknown, {}])).toMatchObject({ exitCode: 1, stopped: expect.stringContaining('[call_not_rated]') });
  });
});
