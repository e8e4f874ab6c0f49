import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { Switches } from './switches.ts';

let bed: CdrBed;

beforeAll(async () => {
  bed = await cdrBed();
});
afterAll(() => bed.close());

function idsOf(switches: Switches, ...names: string[]) {
  return bed.database.transaction((tx) => switches.idsOf(tx, names));
}

describe('Switches', () => {
  it('gives a name the same number for good, in every instance', async () => {
    const [one, other] = [new Switches(), new Switches()];
    const first = await idsOf(one, 'vienna', 'graz', 'vienna');
    expect(first.size).toBe(2);
    expect(await idsOf(one, 'vienna', 'graz')).toEqual(first);
    expect(await idsOf(other, 'graz', 'vienna')).toEqual(first);
  });

  it('registers a switch once when many instances see it first', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, (_, at) => idsOf(new Switches(), ...(at % 2 === 0 ? ['linz', 'wels'] : ['wels', 'linz']))));
    for (const ids of all) expect(ids.get('linz')).toBe(all[0]?.get('linz'));
    expect(await bed.database.query(`SELECT 1 FROM voip_switch WHERE name IN ('linz', 'wels')`)).toHaveLength(2);
  });

  it('forgets what a transaction registered that was undone', async () => {
    const switches = new Switches();
    const undone = bed.database.transaction(async (tx) => {
      await switches.idsOf(tx, ['steyr']);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    const ids = await idsOf(switches, 'steyr');
    expect(await bed.database.query(`SELECT id FROM voip_switch WHERE name = 'steyr'`)).toEqual([{ id: ids.get('steyr') }]);
  });
});
