import { describe, expect, it } from '@jest/globals';
import { countingMeter, instant } from '@tollwire/testing';
import { ratedCallCount } from './count.ts';

describe('rated calls', () => {
  const answered = { answeredAt: instant('2026-03-01T12:00:00Z') };
  const unanswered = { answeredAt: undefined };

  it.each([
    ['answered and not', [answered, unanswered, answered], [['yes', 2], ['no', 1]]],
    ['all answered', [answered], [['yes', 1]]],
    ['none', [], []],
  ])('are counted by their answer: %s', (_what, records, expected) => {
    const { counted, meter } = countingMeter();
    ratedCallCount(meter)(records);
    expect(counted).toEqual(expected.map(([yes, count]) => ['tollwire_rating_rated_calls_total', { answered: yes }, count]));
  });
});
