import { describe, expect, it } from '@jest/globals';
import { inSlices, withPauses } from './in-slices.ts';

/** Work of `pauses` pauses that notes each step. */
function* work(pauses: number, note: (step: number) => void = () => undefined): Generator<void, string> {
  for (let step = 1; step <= pauses; step += 1) {
    note(step);
    yield;
  }
  return 'done';
}

describe('work in slices', () => {
  it('comes to its result, with or without a pause', async () => {
    expect(await Promise.all([inSlices(work(0)), inSlices(work(3)), inSlices(work(3), 0)])).toEqual(['done', 'done', 'done']);
  });

  it('lets others in at a pause once it has had its time', async () => {
    const seen: (number | string)[] = [];
    setImmediate(() => seen.push('another'));
    await inSlices(work(3, (step) => seen.push(step)), 0);
    expect(seen.indexOf('another')).toBeGreaterThan(0);
    expect(seen.indexOf('another')).toBeLessThan(seen.indexOf(3));
  });

  it('goes on without stopping while its time lasts', async () => {
    const seen: (number | string)[] = [];
    setImmediate(() => seen.push('another'));
    await inSlices(work(3, (step) => seen.push(step)), 60_000);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('fails as its work fails', async () => {
    function* broken(): Generator<void, string> {
      yield;
      throw new RangeError('a prefix of 16 digits');
    }
    await expect(inSlices(broken(), 0)).rejects.toThrow('a prefix of 16 digits');
  });
});

describe('pieces with pauses', () => {
  it('are the same pieces, and are made one at a time while others are served', async () => {
    const made: string[] = [];
    function* pieces() {
      for (const piece of ['a', 'b', 'c']) {
        made.push(piece);
        yield piece;
      }
    }
    const taken: string[] = [];
    let served = 0;
    const other = () => {
      served += 1;
      if (served < 3) setImmediate(other);
    };
    setImmediate(other);
    for await (const piece of withPauses(pieces())) {
      taken.push(piece);
      expect(made).toEqual(taken);
    }
    expect([taken, served]).toEqual([['a', 'b', 'c'], 3]);
  });
});
