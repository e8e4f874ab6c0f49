import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { inTurns } from './in-turns.ts';
import { PinSecrets, randomPins } from './pin-secrets.ts';
import { type KeyOf, open, seal } from './sealed-export.ts';

const secret = 'a secret of at least 32 characters';

describe('what is kept of a PIN', () => {
  it('finds and proves it, for its own card only', async () => {
    const secrets = new PinSecrets(secret);
    const kept = await secrets.keep('0042', '1234567890');
    expect(secrets.blindIndex('1234567890').equals(kept.blindIndex)).toBe(true);
    const [right, wrong, elsewhere, nowhere] = await Promise.all([
      secrets.proves({ cardId: '0042', hash: kept.hash }, '1234567890'), secrets.proves({ cardId: '0042', hash: kept.hash }, '1234567891'),
      secrets.proves({ cardId: '0043', hash: kept.hash }, '1234567890'), secrets.proves(undefined, '1234567890'),
    ]);
    expect([right, wrong, elsewhere, nowhere]).toEqual([true, false, false, false]);
  });

  it('says nothing without the secret, and nothing twice', async () => {
    const [one, other] = [new PinSecrets(secret), new PinSecrets(`another ${secret}`)];
    expect(one.blindIndex('1').equals(other.blindIndex('1'))).toBe(false);
    const { hash } = await one.keep('0042', '1');
    expect(await other.proves({ cardId: '0042', hash }, '1')).toBe(false);
    expect((await one.keep('0042', '1')).hash).not.toBe(hash);
    expect(hash).toMatch(/^scrypt\$1024\$8\$1\$[\w+/]{22}==\$[\w+/]{43}=$/);
  });

  it('costs one slow hash to look at, whether somebody has the PIN or not', async () => {
    let count = 0;
    const secrets = new PinSecrets(secret, async () => {
      count += 1;
      // As many bytes as a hash has, and all zero as the one that nobody has: even then nobody is proved.
      return Buffer.alloc(32);
    });
    const hash = `scrypt$1$1$1$AAAA$${Buffer.alloc(32).toString('base64')}`;
    expect(await secrets.proves({ cardId: '1', hash }, '1')).toBe(true);
    expect(await secrets.proves(undefined, '1')).toBe(false);
    expect(count).toBe(2);
  });
});

describe('random PINs', () => {
  it('are different strings of digits, leading zeros and all', () => {
    const pins = randomPins(5_000, 8);
    expect(new Set(pins).size).toBe(5_000);
    expect(pins.every((pin) => /^\d{8}$/.test(pin)) && pins.some((pin) => pin.startsWith('0'))).toBe(true);
  });
});

describe('an export', () => {
  it('is opened by its passphrase, and by nothing else, unless a bit of it was changed', async () => {
    const quickKey: KeyOf = (passphrase, salt) => Promise.resolve(createHash('sha256').update(salt).update(passphrase).digest());
    const [text, again] = [await seal('cardId,pin\n', 'correct horse battery', quickKey), await seal('cardId,pin\n', 'correct horse battery', quickKey)];
    expect(again).not.toBe(text);
    expect(await open(text, 'correct horse battery', quickKey)).toBe('cardId,pin\n');
    expect(await open(text, 'correct horse batterz', quickKey)).toBeNull();
    expect(JSON.parse(text)).toMatchObject({ format: 'tollwire-pin-export/1', cipher: 'aes-256-gcm', kdf: { name: 'scrypt', n: 65_536, r: 8, p: 1 } });
    const fields = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    for (const field of ['iv', 'tag', 'data']) {
      const changed = Buffer.from(String(fields[field]), 'base64');
      changed[0] = (changed[0] ?? 0) ^ 1;
      expect([field, await open(JSON.stringify({ ...fields, [field]: changed.toString('base64') }), 'correct horse battery', quickKey)]).toEqual([field, null]);
    }
    for (const none of ['', '{}', 'no JSON', JSON.stringify({ ...fields, tag: '' }), JSON.stringify({ ...fields, cipher: 'none' })]) {
      expect(await open(none, 'correct horse battery', quickKey)).toBeNull();
    }
  });
});

describe('work in turns', () => {
  it('is done so many at a time, and answered in order', async () => {
    let [running, most] = [0, 0];
    const answers = await inTurns([1, 2, 3, 4, 5], 2, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return item * 2;
    });
    expect([answers, most]).toEqual([[2, 4, 6, 8, 10], 2]);
  });

  it('ends with the first failure', async () => {
    const begun: number[] = [];
    await expect(inTurns([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      await Promise.resolve();
      if (item === 2) throw new Error('two');
      return item;
    })).rejects.toThrow('two');
    expect(begun).not.toContain(5);
  });
});
