import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './command.fixture.ts';

const listed = { decks: [{ deck: { version: 3, digest: 'abcdef12' }, status: 'imported' }] };
const difference = (rowCount: number) => ({ sums: [{ change: 'unchanged', rowCount: 5 }, { change: 'closed', rowCount }] });
const activated = { deck: { version: 3 } };
const activate = ['deck', 'activate', '3', '--kind', 'carrier', '--owner', '1'];

describe('a version that is put in force', () => {
  it('tells how many rates it closes, and how that is taken back', async () => {
    const { asked, out } = await outcomeOf(activate, [listed, difference(98_603), listed, activated]);
    expect(asked).toContain('GET /v1/decks/abcdef12/diff?kind=carrier&ownerId=1');
    expect(asked.at(-1)).toBe('POST /v1/decks/abcdef12/activate');
    expect(out).toBe('Version 3 is activated.\nIt closes 98,603 rates of the version before it; '
      + './tollwire deck rollback --kind carrier --owner 1 --reason TEXT takes it back, ./tollwire import deck --amends keeps what a file does not name.\n');
  });

  it('tells nothing more where it closes none', async () => {
    expect((await outcomeOf(activate, [listed, difference(0), listed, activated])).out).toBe('Version 3 is activated.\n');
  });
});
