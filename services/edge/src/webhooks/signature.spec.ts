import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { webhookSignature } from '@tollwire/platform/webhook-signature';
import { signatureRefusal } from './signature.ts';

const body = Buffer.from('{"id":"evt_1"}');
const nowSec = 1_773_489_600;
const good = webhookSignature('secret', nowSec, body);

describe('the signature of a webhook', () => {
  it('is the one that any provider can make', () => {
    // printf '1.x' | openssl dgst -sha256 -hmac key
    expect(webhookSignature('key', 1, Buffer.from('x'))).toBe('t=1,v1=fc4913c41a7bf793267e2a384f3261c9436ec2cd097bd745e7b0d99113f510ec');
    expect(good).toMatch(/^t=1773489600,v1=[0-9a-f]{64}$/);
  });

  it('is taken within five minutes of its time, by any of the secrets', () => {
    const rows = table<'secret' | 'apart' | 'answer'>(`
      secret | apart | answer
      secret | 0     | taken
      secret | 300   | taken
      secret | -300  | taken
      secret | 301   | signature_stale
      secret | -301  | signature_stale
      next   | 0     | taken
      other  | 0     | signature_invalid
      other  | 301   | signature_invalid
    `);
    for (const { secret, apart, answer } of rows) {
      const header = webhookSignature(secret, nowSec - Number(apart), body);
      expect([secret, apart, signatureRefusal(header, ['secret', 'next'], body, nowSec * 1_000_000)?.code ?? 'taken']).toEqual([secret, apart, answer]);
    }
  });

  it.each([
    ['none', undefined], ['an empty one', ''], ['one without a time', good.slice(good.indexOf('v1'))], ['a short one', good.slice(0, -2)],
    ['one in capitals', good.toUpperCase()], ['more behind it', `${good},v2=1`],
  ])('is not %s', (_what, header) => {
    expect(signatureRefusal(header, ['secret'], body, nowSec * 1_000_000)).toMatchObject({ code: 'signature_invalid' });
  });

  it('is of the very bytes, and may be one of several', () => {
    const other = Buffer.from('{"id":"evt_2"}');
    expect(signatureRefusal(good, ['secret'], other, nowSec * 1_000_000)).toMatchObject({ code: 'signature_invalid' });
    const old = webhookSignature('old', nowSec, body);
    expect(signatureRefusal(`${old}${good.slice(good.indexOf(',v1='))}`, ['secret'], body, nowSec * 1_000_000)).toBeNull();
    expect(signatureRefusal(good, [], body, nowSec * 1_000_000)).toMatchObject({ code: 'signature_invalid' });
  });
});
