import { describe, expect, it } from '@jest/globals';
import { breakdownOf, cpuBetween, perItem, shareOf, totalOf } from './cpu.ts';

const reading = (text: string) =>
  new Map(text.split(', ').map((part): [number, { name: string; seconds: number }] => {
    const [pid, name = '', seconds] = part.split(' ');
    return [Number(pid), { name, seconds: Number(seconds) }];
  }));

describe('processor time', () => {
  it.each([
    { before: '1 cdr 1', after: '1 cdr 3', expected: [{ name: 'cdr', seconds: 2 }] },
    { before: '1 cdr 1, 2 card 5', after: '1 cdr 2, 2 card 9', expected: [{ name: 'card', seconds: 4 }, { name: 'cdr', seconds: 1 }] },
    { before: '1 pg 1', after: '1 pg 2, 7 pg 3', expected: [{ name: 'pg', seconds: 4 }] },
    { before: '1 pg 1, 7 pg 90', after: '1 pg 2', expected: [{ name: 'pg', seconds: 1 }] },
  ])('between "$before" and "$after" is told by part', ({ before, after, expected }) => {
    expect(cpuBetween(reading(before), reading(after))).toEqual(expected);
  });

  it('has shares', () => {
    const uses = [{ name: 'cdr', seconds: 3 }, { name: 'load generator', seconds: 1 }];
    expect(shareOf('load generator', uses)).toBe(0.25);
    expect(shareOf('nobody', uses)).toBe(0);
    expect(shareOf('nobody', [])).toBe(0);
  });

  it('is told for each item, without what is next to nothing', () => {
    const each = perItem([{ name: 'cdr', seconds: 2 }, { name: 'edge', seconds: 1.5 }, { name: 'catalog', seconds: 0.004 }], 10_000);
    expect(each).toEqual([{ name: 'cdr', seconds: 200 }, { name: 'edge', seconds: 150 }]);
    expect(totalOf(each)).toBe(350);
    expect(breakdownOf(each)).toBe('cdr 200, edge 150');
  });
});
