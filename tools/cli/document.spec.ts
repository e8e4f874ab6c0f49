import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';
import { unreadable } from './document.ts';

const file = join(tmpdir(), 'tollwire-is-not-there.csv');

describe('a file that cannot be read', () => {
  it.each([
    ['price', file], ['route', file], ['list', 'import', 'blacklist', file], ['fraud', 'ranges', 'import', file], ['import', 'cdr', file, '--format', 'asterisk_csv'],
    ['import', 'deck', file, '--plan', 'carrier:7'], ['reconcile', file, '--format', 'asterisk_csv'], ['card', 'export', 'b', '--passphrase-file', file],
    ['card', 'export-open', file, '--passphrase-file', file],
  ])('is named, with the reason and no code of the system: %s %s', async (...line) => {
    expect(await outcomeOf(line)).toMatchObject({ asked: [], stopped: `${file} cannot be read: there is no such file.`, exitCode: 2 });
  });

  it('may be a folder, or have a reason that nobody has words for', async () => {
    expect(await outcomeOf(['price', tmpdir()])).toMatchObject({ stopped: `${tmpdir()} cannot be read: it is a folder.` });
    expect(unreadable('a', new Error('EIO: i/o error')).message).toBe('a cannot be read: EIO: i/o error.');
  });
});
