import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { nanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import type { RatedRecord } from '../domain/rated-record.ts';
import type { Money } from '../domain/price-at.ts';
import type { Outcome } from './compare.ts';
import { differencesOf, findingsWith, noFindings } from './findings.ts';

/** `5EUR`; `-` for none. */
function money(text: string): Money | undefined {
  const [, amount = '', currency = ''] = /^(\d+)([A-Z]+)$/.exec(text) ?? [];
  return currency === '' ? undefined : { nanos: nanos(BigInt(amount)), currency };
}

function recordOf(callId: string, party: string, sell: string, buy: string): RatedRecord {
  const at = instantUs(1_780_000_000_000_000);
  const bought = money(buy);
  const rated = {
    calledE164: '34650123456', durationSec: 60, preRated: false, buyRefusal: undefined,
    sell: { amount: money(sell) ?? { nanos: nanos(0n), currency: 'EUR' }, derivation: undefined },
    buy: bought === undefined ? undefined : { amount: bought, derivation: undefined },
  };
  return { callKey: `fs1/${callId}/0`, revision: 1, partyKey: party, plan: undefined, startedAt: at, answeredAt: at, endedAt: at, q850Cause: 16, carrierCode: '', rated, ratedAt: at };
}

const changes: Outcome[] = table<'call' | 'party' | 'sell' | 'sellNow' | 'buy' | 'buyNow'>(`
  call  party      sell   sellNow  buy   buyNow
  a     card:1     10EUR  12EUR    5EUR  6EUR
  b     card:1     10EUR  3EUR     5EUR  -
  c     account:A  10EUR  9USD     -     2GBP
  d     card:2     4EUR   4EUR     1EUR  9EUR
`).map(({ call, party, ...amounts }) => ({
  kind: 'changed' as const,
  before: recordOf(call, party, amounts.sell, amounts.buy),
  after: { ...recordOf(call, party, amounts.sellNow, amounts.buyNow), revision: 2 },
}));

describe('what a re-rating finds', () => {
  it('sums up new less old, for each party and currency', () => {
    const sums = differencesOf([...changes, { kind: 'same', before: recordOf('e', 'card:9', '1EUR', '-') }]);
    expect(sums.map(({ partyKey, currency, changedCount, sellNanos, buyNanos }) => `${partyKey} ${currency} ${changedCount} ${sellNanos} ${buyNanos}`)).toEqual([
      'account:A EUR 0 -10 0', 'account:A GBP 0 0 2', 'account:A USD 1 9 0', 'card:1 EUR 2 -5 -4', 'card:2 EUR 1 0 8',
    ]);
  });

  it('lists the largest changes first, another currency as far away as both amounts together', () => {
    const { worst } = findingsWith(noFindings, changes);
    expect(worst.map(({ call }) => call?.callId)).toEqual(['c', 'b', 'a', 'd']);
    const many = Array.from({ length: 50 }, (_, at): Outcome => ({ kind: 'changed', before: recordOf(`m${at}`, 'card:1', '0EUR', '-'), after: recordOf(`m${at}`, 'card:1', `${at}EUR`, '-') }));
    const more = findingsWith(findingsWith(noFindings, many.slice(0, 25)), many.slice(25));
    expect([more.worst.length, more.worst[0]?.call?.callId, more.worst.at(-1)?.call?.callId, more.changedCount]).toEqual([20, 'm49', 'm30', 50]);
  });

  it('counts why calls cannot be rated, and names a few of each', () => {
    const refused = Array.from({ length: 8 }, (_, at): Outcome => ({ kind: 'refused', before: recordOf(`r${at}`, 'card:1', '1EUR', '-'), code: at === 3 ? 'unknown_plan' : 'no_sell_rate' }));
    const { refusals, refusedCount, callCount } = findingsWith(findingsWith(noFindings, refused.slice(0, 4)), refused.slice(4));
    expect(refusals.map(({ code, callCount: count, someCalls }) => [code, count, someCalls.map(({ callId }) => callId).join()])).toEqual([
      ['unknown_plan', 1n, 'r3'],
      ['no_sell_rate', 7n, 'r0,r1,r2,r4,r5'],
    ]);
    expect([refusedCount, callCount]).toEqual([8, 8]);
  });
});
