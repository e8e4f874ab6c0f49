import { describe, expect, it } from '@jest/globals';
import { plants } from './plants.ts';
import { cleanFile, verdict } from './probes.ts';

const allFire = plants.map(({ rule, file }) => ({ rule, file, message: 'fired' }));

describe('probes', () => {
  it('are content when every rule fires on its plant', () => {
    expect(verdict(allFire)).toEqual([]);
  });

  it('name the rule that kept silent', () => {
    const silenced = allFire.filter(({ rule }) => rule !== 'no-cycles');
    expect(verdict(silenced)).toEqual([expect.objectContaining({ message: 'the rule no-cycles did not fire on a violation of it' })]);
  });

  it('do not take one rule for another', () => {
    const other = allFire.map((finding) => ({ ...finding, rule: 'another-rule' }));
    expect(verdict(other)).toHaveLength(plants.length);
  });

  it('name a rule that fires where nothing is wrong', () => {
    const wolf = { rule: 'domain-is-pure', file: cleanFile, message: 'imports itself' };
    expect(verdict([...allFire, wolf])).toEqual([expect.objectContaining({ message: expect.stringContaining('fired where nothing is wrong') })]);
  });
});
