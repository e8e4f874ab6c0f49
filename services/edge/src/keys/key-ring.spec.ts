import { beforeEach, describe, expect, it } from '@jest/globals';
import { testClock } from '@tollwire/testing';
import { bootstrap, KeyRing, type StoredKey } from './key-ring.ts';
import { newKey } from './secret.ts';

const adminKey = 'an-admin-key-of-the-environment';

describe('key ring', () => {
  const issued = newKey();
  const stored: StoredKey = { keyId: issued.keyId, name: 'vienna', role: 'switch', resellerId: 0, digest: issued.digest, revoked: false };
  const clock = testClock('2026-03-01T10:00:00Z');
  let table: Map<string, StoredKey>;
  let looks: number;
  let ring: KeyRing;

  beforeEach(() => {
    looks = 0;
    table = new Map([[issued.keyId, stored]]);
    const find = (keyId: string) => {
      looks += 1;
      return Promise.resolve(table.get(keyId));
    };
    ring = new KeyRing({ find, clock, adminKey });
  });

  it('knows the holder of a key', async () => {
    expect(await ring.holderOf(`Bearer ${issued.token}`)).toMatchObject({ name: 'vienna', role: 'switch' });
    expect(await ring.holderOf(`bearer ${issued.token}`)).toMatchObject({ name: 'vienna' });
  });

  it('takes the key of the environment as the first admin', async () => {
    expect(await ring.holderOf(`Bearer ${adminKey}`)).toEqual(bootstrap);
    expect(looks).toBe(0);
  });

  it.each([
    ['nothing', undefined],
    ['another scheme', `Basic ${issued.token}`],
    ['no token', 'Bearer '],
    ['a token that is none', 'Bearer open-sesame'],
    ['a key that was never issued', `Bearer ${newKey().token}`],
    ['the id of a key with the secret of another', `Bearer tw_${issued.keyId}_${newKey().token.slice(-43)}`],
    ['a token too long to be one', `Bearer ${'a'.repeat(300)}`],
  ])('lets nobody in with %s', async (_, authorization) => {
    expect(await ring.holderOf(authorization)).toBeUndefined();
  });

  it('looks once in five seconds, for keys that are there and for those that are not', async () => {
    const unknown = newKey().token;
    for (let i = 0; i < 5; i += 1) await Promise.all([ring.holderOf(`Bearer ${issued.token}`), ring.holderOf(`Bearer ${unknown}`)]);
    expect(looks).toBe(2);
    clock.advanceSec(6);
    await ring.holderOf(`Bearer ${issued.token}`);
    expect(looks).toBe(3);
  });

  it('shuts out a revoked key at once where it was revoked, and after five seconds elsewhere', async () => {
    await ring.holderOf(`Bearer ${issued.token}`);
    table.set(issued.keyId, { ...stored, revoked: true });
    expect(await ring.holderOf(`Bearer ${issued.token}`)).toBeDefined();
    ring.forget(issued.keyId);
    expect(await ring.holderOf(`Bearer ${issued.token}`)).toBeUndefined();
  });
});
