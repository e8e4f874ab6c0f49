import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callKey, callOfKey, eventIdOf, isUuid, partitionOf, PARTITION_COUNT, partyKey } from './index.ts';

describe('partyKey', () => {
  it('tells a card from an account of the same digits, and keeps leading zeros', () => {
    expect(partyKey({ party: { case: 'cardId', value: '0012' } })).toBe('card:0012');
    expect(partyKey({ party: { case: 'accountCode', value: '0012' } })).toBe('account:0012');
  });

  it('is `unknown` where nobody is named', () => {
    expect(partyKey(undefined)).toBe('unknown');
    expect(partyKey({ party: { case: undefined } })).toBe('unknown');
  });
});

describe('callKey', () => {
  const calls = fc.record({ switchId: fc.string(), callId: fc.string(), leg: fc.nat({ max: 2 ** 32 - 1 }) });

  it('reads as switch/call/leg', () => {
    expect(callKey({ switchId: 'fs1', callId: 'a-b', leg: 1 })).toBe('fs1/a-b/1');
    expect(callKey({ switchId: 'a/b', callId: '50%2F', leg: 0 })).toBe('a%2Fb/50%252F/0');
    expect(callKey(undefined)).toBe('unknown');
  });

  it('names one call only, and leads back to it', () => {
    fc.assert(fc.property(calls, (call) => expect(callOfKey(callKey(call))).toEqual(call)));
  });

  it.each(['', 'a/b', 'a/b/c', 'a/b/-1', 'unknown'])('%p leads to no call', (key) => {
    expect(callOfKey(key)).toBeUndefined();
  });
});

describe('partitionOf', () => {
  it.each([
    ['', 3],
    ['card:0012345678', 1],
    ['account:acme-1', 3],
    ['card:Größe', 2],
  ])('of %p is %i, for ever and in every language', (key, partition) => {
    expect(partitionOf(key)).toBe(partition);
  });

  it('spreads cards of one series evenly', () => {
    const counts = new Array<number>(PARTITION_COUNT).fill(0);
    for (let card = 0; card < 4000; card += 1) {
      const partition = partitionOf(`card:00123${String(card).padStart(5, '0')}`);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(850);
  });
});

describe('eventIdOf', () => {
  const time = 1_766_000_000_123_456;

  it('is the same for the same content, another for any other', () => {
    const id = eventIdOf('t', time, ['a', 'b']);
    expect(eventIdOf('t', time, ['a', 'b'])).toBe(id);
    const others = [eventIdOf('u', time, ['a', 'b']), eventIdOf('t', time + 1, ['a', 'b']), eventIdOf('t', time, ['ab']), eventIdOf('t', time, ['b', 'a'])];
    expect(new Set([id, ...others]).size).toBe(5);
  });

  it('is a UUID of version 8 that sorts by time', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.nat({ max: 2 ** 31 - 1 }), fc.string(), (a, b, part) => {
        const [first, second] = [a, b].map((ms) => eventIdOf('t', ms * 1000, [part]));
        expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        if (a < b) expect(String(first) < String(second)).toBe(true);
      }),
    );
  });

  it.each([-1, 2 ** 53 - 1, Number.NaN])('is a UUID even for the time %p', (timeUs) => {
    expect(isUuid(eventIdOf('t', timeUs, []))).toBe(true);
  });
});
