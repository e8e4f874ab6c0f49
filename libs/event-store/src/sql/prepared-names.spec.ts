import { describe, expect, it } from '@jest/globals';
import { PreparedNames } from './prepared-names.ts';

describe('PreparedNames', () => {
  it('names a statement from its third use on, always the same', () => {
    const names = new PreparedNames();
    expect([1, 2, 3, 4].map(() => names.nameOf('SELECT 1'))).toEqual([undefined, undefined, 'tw0', 'tw0']);
    expect([1, 2, 3].map(() => names.nameOf('SELECT 2'))).toEqual([undefined, undefined, 'tw1']);
  });

  it('never names texts that do not come back, however many', () => {
    const names = new PreparedNames();
    const given = Array.from({ length: 5000 }, (_, n) => names.nameOf(`SELECT ${n}`));
    expect(given.filter((name) => name !== undefined)).toEqual([]);
  });

  it('names no more than a connection is to hold', () => {
    const names = new PreparedNames();
    const given = new Set<string | undefined>();
    for (let n = 0; n < 400; n += 1) for (let use = 0; use < 3; use += 1) given.add(names.nameOf(`SELECT ${n}`));
    given.delete(undefined);
    expect(given.size).toBe(256);
  });
});
