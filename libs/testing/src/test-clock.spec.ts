import { describe, expect, it } from '@jest/globals';
import { instant, testClock } from './test-clock.ts';

describe('test clock', () => {
  it('stands still until moved', () => {
    const clock = testClock('2026-01-31T23:59:59.500Z');
    expect(clock.nowUs()).toBe(clock.nowUs());
    clock.advanceSec(0.5);
    expect(clock.nowUs()).toBe(instant('2026-02-01T00:00:00Z'));
    clock.set('2026-01-01T00:00:00Z');
    expect(clock.nowUs()).toBe(1_767_225_600_000_000);
  });

  it('refuses a text that is no instant', () => {
    expect(() => testClock('yesterday')).toThrow('Not an ISO 8601 instant: yesterday');
  });
});
