import { describe, expect, it } from '@jest/globals';
import { randomCardIds } from './card-ids.ts';

describe('card ids', () => {
  it('are so many different strings of sixteen digits, leading zeros and all', () => {
    const ids = randomCardIds(20_000);
    expect(new Set(ids).size).toBe(20_000);
    expect(ids.every((id) => /^[0-9]{16}$/.test(id))).toBe(true);
    expect(ids.some((id) => id.startsWith('0'))).toBe(true);
  });
});
