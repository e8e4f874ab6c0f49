import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { RelayPace } from './relay-pace.ts';

describe('the pace of a relay', () => {
  it.each(table<'of_rounds' | 'ring_after_ms' | 'rest_ms'>(`
    of_rounds          ring_after_ms   rest_ms
    one_now_and_then   90,80,100       0,0,0
    two_close          2,90,2          3,0,3
    always_more        1,1,1,1,1,1     4,9,19,39,49,49
    a_burst_and_after  1,1,1,60,1      4,9,19,0,4
    long_ones          70,80,90        0,0,0
  `))('of $of_rounds, with rings after $ring_after_ms ms, rests $rest_ms ms', ({ ring_after_ms: rings, rest_ms: rests }) => {
    const pace = new RelayPace({ min: 5, max: 50 });
    expect(rings.split(',').map((ms) => pace.restMs(Number(ms))).join(',')).toBe(rests);
  });
});
