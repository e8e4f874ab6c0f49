import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { UTC } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { grantOf } from '../spec/grants.ts';
import { allowanceOf, bucketsFor, drawFrom } from './allowance.ts';

const us = (iso: string) => instantUs(Date.parse(iso) * 1000);
const monthly = { unit: 'month', zone: UTC, anchorDay: 0 } as const;
const daily = { unit: 'day', zone: UTC, anchorDay: 0 } as const;

const grants = [
  grantOf(1, { validUntilUs: us('2026-12-01T00:00:00Z') }),
  grantOf(2, { periods: monthly }),
  grantOf(3, { periods: daily, prefixes: ['34', '351'] }),
  grantOf(4, { weight: 5, prefixes: ['44'] }),
  grantOf(5, { periods: monthly }),
  grantOf(6, { validFromUs: us('2026-06-15T00:00:00Z') }),
];

describe('the buckets of a call', () => {
  it.each(table(`
    at                    e164         | buckets
    2026-06-01T12:00:00Z  34650123456  | g3@20605 g2@677 g5@677 g1@0
    2026-06-01T12:00:00Z  35112345678  | g3@20605 g2@677 g5@677 g1@0
    2026-06-01T12:00:00Z  44123456789  | g4@0 g2@677 g5@677 g1@0
    2026-06-15T00:00:00Z  49123456789  | g2@677 g5@677 g1@0 g6@0
    2026-12-01T00:00:00Z  49123456789  | g2@683 g5@683 g6@0
    2026-11-30T23:59:59Z  49123456789  | g1@0 g2@682 g5@682 g6@0
  `))('to $e164 at $at: $buckets', ({ at = '', e164 = '', buckets }) => {
    expect(bucketsFor(grants, us(at), e164).map(({ grant, period }) => `${grant.grantId}@${period}`).join(' ')).toBe(buckets);
  });

  it('are those for any destination where no number is given', () => {
    expect(bucketsFor(grants, us('2026-06-01T12:00:00Z'), undefined).map(({ grant }) => grant.number)).toEqual([4, 3, 2, 5, 1]);
  });
});

describe('drawing', () => {
  it('takes all that there is, in order, and no more than is wanted', () => {
    const scenario = fc.record({ available: fc.array(fc.integer({ min: -5, max: 90 }), { maxLength: 6 }), sec: fc.nat(300) });
    fc.assert(fc.property(scenario, ({ available, sec }) => {
      const buckets = bucketsFor(available.map((_sec, at) => grantOf(at)), us('2026-06-01T12:00:00Z'), '34');
      const draws = drawFrom(buckets, ({ grant }) => available[grant.number] ?? 0, sec);
      const there = available.reduce((sum, left) => sum + Math.max(0, left), 0);
      expect(allowanceOf(draws).sec).toBe(Math.min(sec, there));
      // All but the last are emptied, and none is passed over.
      const emptied = draws.slice(0, -1).map(({ bucket }) => bucket.grant.number);
      expect(draws.slice(0, -1).every(({ bucket, sec: taken }) => taken === available[bucket.grant.number])).toBe(true);
      expect(emptied).toEqual(available.flatMap((left, at) => (left > 0 ? [at] : [])).slice(0, emptied.length));
    }));
  });

  it.each(table(`
    covers           | together
    all              | all
    all connect      | connect
    all connect none | none
    connect connect  | connect
  `))('of $covers covers $together', ({ covers = '', together }) => {
    const of = { none: 'none', connect: 'connect', all: 'all' } as const;
    const list = covers.split(' ').map((name, at) => grantOf(at, { covers: name === 'all' ? of.all : name === 'connect' ? of.connect : of.none }));
    const draws = drawFrom(bucketsFor(list, us('2026-06-01T12:00:00Z'), '34'), () => 10, 10 * list.length);
    expect(allowanceOf(draws)).toEqual({ sec: 10 * list.length, covers: together });
  });

  it('of nothing is no allowance', () => {
    expect(allowanceOf([])).toEqual({ sec: 0, covers: 'none' });
  });
});
