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

  it('believes no longer where the clock was set back', async () => {
    await ring.holderOf(`Bearer ${issued.token}`);
    table.delete(issued.keyId);
    clock.advanceSec(-3600);
    expect(await ring.holderOf(`Bearer ${issued.token}`)).toBeUndefined();
  });

  it('lets a role in by the stored key alone, whatever the token says of it', async () => {
    table.set(issued.keyId, { ...stored, role: 'reseller', resellerId: 7 });
    expect(await ring.holderOf(`Bearer ${issued.token}`)).toMatchObject({ role: 'reseller', resellerId: 7 });
  });
});

describe('key ring while a look is under way', () => {
  const issued = newKey();
  const stored: StoredKey = { keyId: issued.keyId, name: 'vienna', role: 'switch', resellerId: 0, digest: issued.digest, revoked: false };
  const bearer = `Bearer ${issued.token}`;
  let answers: { resolve: (key: StoredKey | undefined) => void; reject: (error: Error) => void }[];
  let ring: KeyRing;

  beforeEach(() => {
    answers = [];
    const find = () => new Promise<StoredKey | undefined>((resolve, reject) => answers.push({ resolve, reject }));
    ring = new KeyRing({ find, clock: testClock('2026-03-01T10:00:00Z'), adminKey });
  });

  it('looks once for all who come with the key', async () => {
    const holders = Array.from({ length: 50 }, () => ring.holderOf(bearer));
    answers[0]?.resolve(stored);
    expect((await Promise.all(holders)).map((holder) => holder?.name)).toEqual(holders.map(() => 'vienna'));
    expect(answers).toHaveLength(1);
  });

  it('does not keep what was seen before the key was revoked', async () => {
    const early = ring.holderOf(bearer);
    ring.forget(issued.keyId);
    answers[0]?.resolve(stored);
    await early;
    const late = ring.holderOf(bearer);
    expect(answers).toHaveLength(2);
    answers[1]?.resolve({ ...stored, revoked: true });
    expect(await late).toBeUndefined();
  });

  it('keeps what the later look saw, even when the earlier one ends last', async () => {
    const early = ring.holderOf(bearer);
    ring.forget(issued.keyId);
    const late = ring.holderOf(bearer);
    answers[1]?.resolve({ ...stored, revoked: true });
    expect(await late).toBeUndefined();
    answers[0]?.resolve(stored);
    await early;
    expect(await ring.holderOf(bearer)).toBeUndefined();
    expect(answers).toHaveLength(2);
  });

  it('fails all who wait when the database does, keeps nothing, and looks again', async () => {
    const holders = [ring.holderOf(bearer), ring.holderOf(bearer)];
    answers[0]?.reject(new Error('away'));
    expect((await Promise.allSettled(holders)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const again = ring.holderOf(bearer);
    answers[1]?.resolve(stored);
    expect(await again).toMatchObject({ name: 'vienna' });
  });

  it('never looks for what has not the form of a token', async () => {
    await Promise.all(['tw_', `tw_${'0'.repeat(16)}_short`, 'x'.repeat(256)].map((token) => ring.holderOf(`Bearer ${token}`)));
    expect(answers).toHaveLength(0);
  });
});
