import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
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
    const untold = explainedCall.parse({ record: { calledE164: '34650' } });
    expect(explanationOf('sw/42', untold)).toMatchObject({ calledNumber: '34650', carriers: [expect.stringContaining('not authorized')], excluded: [] });
  });
});
