import { describe, expect, it } from '@jest/globals';
import { claimOf, digestOf, newKey, sameDigest } from './secret.ts';

describe('secret of an API key', () => {
  it('is told apart from its digest, which is all that the token proves itself by', () => {
    const key = newKey();
    expect(claimOf(key.token)).toEqual({ keyId: key.keyId, digest: key.digest });
    expect(key.token).not.toContain(key.digest);
    expect(key.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is new every time', () => {
    expect(newKey().token).not.toBe(newKey().token);
  });

  it.each(['', 'tw_', 'tw_0123456789abcdef_short', `tw_0123456789ABCDEF_${'a'.repeat(43)}`, `xx_0123456789abcdef_${'a'.repeat(43)}`])(
    '%s is no token',
    (token) => {
      expect(claimOf(token)).toBeUndefined();
    },
  );

  it('compares digests whole', () => {
    expect(sameDigest(digestOf('a'), digestOf('a'))).toBe(true);
    expect(sameDigest(digestOf('a'), digestOf('b'))).toBe(false);
    expect(sameDigest(digestOf('a'), '')).toBe(false);
  });
});
