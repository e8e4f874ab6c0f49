import { describe, expect, it } from '@jest/globals';
import { cellsOf, figureOf, isMet, lineOf, occasionText, tableOf } from './figures.ts';

const occasion = { machine: { cores: 2, memoryGiB: 24, cpuModel: 'Some CPU' }, loadAverage: 0.12, at: '2026-11-21T21:13:56.332Z', commit: 'abc1234' };

describe('figures', () => {
  it.each([
    { value: 5000, target: { atLeast: 5000 }, met: true },
    { value: 4999, target: { atLeast: 5000 }, met: false },
    { value: 10, target: { atMost: 10 }, met: true },
    { value: 10.01, target: { atMost: 10 }, met: false },
    { value: Number.NaN, target: { atMost: 10 }, met: false },
    { value: 1, target: null, met: null },
  ])('$value against $target is met: $met', ({ value, target, met }) => {
    expect(isMet({ value, target })).toBe(met);
  });

  it('are one line of JSON each for a program', () => {
    const line = lineOf(figureOf('pipeline_calls_per_sec', 5120, 'calls/s', { target: { atLeast: 5000 }, note: 'exact' }), occasion);
    expect(JSON.parse(line)).toEqual({
      name: 'pipeline_calls_per_sec', value: 5120, unit: 'calls/s', target: { atLeast: 5000 }, met: true, note: 'exact',
      machine: { cores: 2, memoryGiB: 24, cpuModel: 'Some CPU' }, loadAverage: 0.12, at: occasion.at, commit: 'abc1234',
    });
    expect(line).not.toContain('\n');
  });

  it('are rows of a table for people', () => {
    expect(cellsOf(figureOf('a', 1_234_567.8, '/s', { target: { atLeast: 1_000_000 } }))).toEqual(['a', '1,234,568', '/s', '≥ 1,000,000', 'met', '']);
    expect(cellsOf(figureOf('b', 10.26, 'ms', { target: { atMost: 10 } }))).toEqual(['b', '10.3', 'ms', '≤ 10', 'missed', '']);
    expect(cellsOf(figureOf('c', 0.4567, ''))).toEqual(['c', '0.457', '', '', '', '']);
    expect(tableOf([figureOf('a', 1, 's')]).split('\n')).toHaveLength(2);
  });

  it('name the machine, what else it had to do, and the code', () => {
    expect(occasionText(occasion)).toBe('2 cores, 24 GiB, Some CPU; load average 0.12 at start; 2026-11-21 21:13 UTC; commit abc1234');
  });
});
