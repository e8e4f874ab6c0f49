import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldNews, LEASE_STATES, type LeaseNews } from './call-lease.ts';

const news = (callKey: string, state: LeaseNews['state'], carrierCode = ''): LeaseNews => ({ callKey, carrierCode, state, untilUs: 1 });

describe('what a batch of events says of leases', () => {
  it('is one thing for each call: how far it got, and over whom', () => {
    expect(foldNews([news('a', 'started'), news('b', 'answered', 'BETA'), news('a', 'answered', 'ALPHA'), news('b', 'over')])).toEqual([
      news('a', 'answered', 'ALPHA'), news('b', 'over', 'BETA'),
    ]);
  });

  it('is the same in whatever order the events of a call come', () => {
    const told = [news('a', 'started'), news('a', 'answered', 'ALPHA'), news('a', 'over')];
    const order = fc.shuffledSubarray(told, { minLength: 3, maxLength: 3 });
    fc.assert(fc.property(order, (shuffled) => expect(foldNews(shuffled)).toEqual([news('a', 'over', 'ALPHA')])), { numRuns: 20 });
  });

  it('knows the states in the order in which a call goes through them', () => {
    expect(LEASE_STATES).toEqual(['offered', 'started', 'answered', 'over']);
  });
});
