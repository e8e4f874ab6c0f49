import { describe, expect, it } from '@jest/globals';
import { makeBody } from './make-options.ts';

describe('./tollwire deck make', () => {
  it('says how a version is to be made, and nothing that was not said', () => {
    expect(makeBody({ carriers: '3, 4', 'margin-percent': '20', increments: '30/6', policy: 'max' })).toEqual({
      carrierPlanIds: [3, 4], marginPercent: '20', increments: { initialSec: 30, incrementSec: 6 }, policy: 'max',
    });
  });

  it.each([[{}, '--carriers'], [{ carriers: 'x' }, '--carriers'], [{ carriers: '1', increments: '30' }, '--increments'], [{ carriers: '1', average: '0' }, '--average']])(
    'refuses %j, naming %s', (values, option) => {
      expect(() => makeBody(values)).toThrow(option);
    },
  );
});
