import { describe, expect, it } from '@jest/globals';
import { payerPath } from './payer-path.ts';

describe('where who pays is', () => {
  it('is a card or an account, whatever its code holds', () => {
    expect([payerPath({ card: '001' }), payerPath({ account: 'a/b' })]).toEqual(['/v1/cards/001', '/v1/accounts/a%2Fb']);
  });

  it('is not said by neither, nor by both', () => {
    for (const options of [{}, { card: '1', account: 'A' }]) expect(() => payerPath(options)).toThrow('Say whose');
  });
});
