import { describe, expect, it } from '@jest/globals';
import { passwordHash } from './register-reseller.ts';

const partsOf = (hash: string) => hash.split('$');

describe('the hash of a password', () => {
  it('is scrypt as RFC 7914 defines it, by the first half of its third test vector', async () => {
    const [kind, n, r, p, salt = '', hash = ''] = partsOf(await passwordHash('pleaseletmein', Buffer.from('SodiumChloride')));
    expect([kind, n, r, p]).toEqual(['scrypt', '16384', '8', '1']);
    expect(Buffer.from(salt, 'base64').toString()).toBe('SodiumChloride');
    expect(Buffer.from(hash, 'base64').toString('hex')).toBe('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2');
  });

  it('differs for the same password, because the salt does', async () => {
    const [one, two] = [partsOf(await passwordHash('battery staple')), partsOf(await passwordHash('battery staple'))];
    expect(one[4]).not.toBe(two[4]);
    expect(one[5]).not.toBe(two[5]);
  });
});
