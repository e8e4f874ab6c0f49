import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ValiditiesBuilder } from './validities.ts';

const us = fc.oneof(fc.constantFrom(0, 1_700_000_000_000_000, 1_700_000_000_000_001, 1_800_000_000_000_000), fc.nat({ max: 2 ** 31 }).map((sec) => sec * 1_000_000));
const validity = fc.record({ fromUs: us, untilUs: fc.oneof(us, fc.constant(Infinity)) });

function bytesOf(count: number, fromUs: (at: number) => number): number {
  const builder = new ValiditiesBuilder();
  for (let at = 0; at < count; at += 1) builder.numberOf(fromUs(at), Infinity);
  return builder.build().bytes;
}

describe('the validities of a deck', () => {
  it('say what was put into them, and when they hold', () => {
    fc.assert(fc.property(fc.array(validity), us, (given, at) => {
      const builder = new ValiditiesBuilder();
      const numbers = given.map(({ fromUs, untilUs }) => builder.numberOf(fromUs, untilUs));
      const built = builder.build();
      expect(numbers.map((number) => ({ fromUs: built.fromUsOf(number), untilUs: built.untilUsOf(number) }))).toEqual(given);
      expect(numbers.map((number) => built.holdsAt(number, at))).toEqual(given.map(({ fromUs, untilUs }) => fromUs <= at && at < untilUs));
    }));
  });

  it('take 16 bytes for each that is not remembered', () => {
    expect(bytesOf(1_000, () => 5)).toBe(16);
    expect(bytesOf(1_000, (at) => at % 2)).toBe(32);
    expect(bytesOf(20_000, (at) => at * 1_000_000)).toBe(320_000);
  });
});
