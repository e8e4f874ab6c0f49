import { describe, expect, it } from '@jest/globals';
import { optionsOf, parts } from './options.ts';

describe('the arguments of ./tollwire bench', () => {
  it('measures everything at full size where nothing is said', () => {
    const sizes = { calls: 60_000, rate: 1000, seconds: 20, cards: 100_000, rates: 1_000_000, rows: 10_000_000, fileRows: 1_000_000 };
    expect(optionsOf([])).toEqual({ only: [...parts], ...sizes, plans: false, json: false, write: false });
  });

  it.each([
    ['--only floor', ['floor']],
    ['--only floor,pipeline', ['pipeline', 'floor']],
    ['--only decks,in-process', ['in-process', 'decks']],
    ['--only decks,routing', ['routing', 'decks']],
  ])('%s measures %j, in its own order', (line, expected) => {
    expect(optionsOf(line.split(' ')).only).toEqual(expected);
  });

  it('takes sizes', () => {
    expect(optionsOf('--calls 500 --rate 200 --seconds 3 --cards 50 --rates 2000 --json'.split(' '))).toMatchObject({ calls: 500, rate: 200, seconds: 3, cards: 50, rates: 2000, json: true });
  });

  it.each([
    ['--only floor,roof', '--only takes some of'],
    ['--calls 0', '--calls takes a whole number from 100'],
    ['--calls ten', 'not "ten"'],
    ['--rate 1.5', '--rate takes'],
    ['--seconds -1', '--seconds'],
    ['--cards 1', '--cards takes a whole number from 10'],
    ['--rates 1', '--rates takes'],
    ['--file-rows 1', '--file-rows takes'],
    ['--only floor --write', '--write wants the figures of a whole run'],
    ['--fast', '--fast'],
  ])('%s is refused', (line, sentence) => {
    expect(() => optionsOf(line.split(/ (?=--)/).flatMap((part) => part.split(/ (.*)/, 2)))).toThrow(sentence);
  });
});
