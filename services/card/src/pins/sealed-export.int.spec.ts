import { expect, it } from '@jest/globals';
import { open, seal } from './sealed-export.ts';

// Needs no server, but more time than a unit test has: each guess at a passphrase is to take long.
it('an export is opened by what its passphrase makes of its salt, slowly', async () => {
  const text = await seal('cardId,pin\n', 'correct horse battery');
  expect(await open(text, 'correct horse battery')).toBe('cardId,pin\n');
  expect(await open(text, 'correct horse batterz')).toBeNull();
});
