import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instantUs, present } from '@tollwire/core';
import { table } from '@tollwire/testing';
import { cardRig } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { forgetTries, giveTriesBack, takeTries } from './failed-tries.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-failed-tries');
});
afterAll(() => rig.close());

const atSec = (sec: number) => instantUs(sec * 1_000_000);

/** Takes a try at a second, over one instance or the other; tells how many are left, or until when there is none. */
async function tried(subject: string, sec: number, triesMax = 3, instance: Pick<CardRig, 'database'> = rig): Promise<string> {
  const taken = await takeTries(instance.database, [{ subject, triesMax }], 900, atSec(sec));
  return taken.ok ? `left ${taken.value.leftCount}` : `until ${taken.refusal.untilUs / 1_000_000}`;
}

describe('tries that fail', () => {
  it('are never more than there may be, in any stretch of a window', async () => {
    const rows = table<'sec' | 'answer'>(`
      sec  | answer
      0    | left 2
      898  | left 1
      899  | left 0
      899  | until 900
      900  | left 0
      901  | until 1798
      1797 | until 1798
      1798 | left 0
      1799 | left 0
      1799 | until 1800
      2698 | left 1
    `);
    for (const { sec, answer } of rows) expect({ sec, answer: await tried('a window that slides', Number(sec)) }).toEqual({ sec, answer });
  });

  it('are counted once by instances whose clocks differ, and by those that allow fewer', async () => {
    const subject = 'two clocks';
    const answers = [await tried(subject, 100), await tried(subject, 98, 3, rig.second), await tried(subject, 101), await tried(subject, 97, 3, rig.second)];
    expect(answers).toEqual(['left 2', 'left 1', 'left 0', 'until 1000']);
    expect(await tried(subject, 1_000, 1)).toBe('until 1001');
    // One that is behind does not look into a past in which fewer were tried.
    expect([await tried(subject, 1_002), await tried(subject, 995, 3, rig.second), await tried(subject, 999, 3, rig.second)]).toEqual(['left 2', 'left 1', 'left 0']);
    expect(await tried(subject, 1_003, 3, rig.second)).toBe('until 1902');
  });

  it('at once over two instances are no more than one after the other', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => tried('a crowd', 10, 7, at % 2 === 0 ? rig : rig.second)));
    expect(answers.filter((answer) => answer.startsWith('left')).sort()).toEqual(['left 0', 'left 1', 'left 2', 'left 3', 'left 4', 'left 5', 'left 6']);
    const [row] = await rig.database.query<{ count: number }>(`SELECT cardinality(ends_us) AS count FROM failed_try WHERE subject = 'a crowd'`);
    expect(row).toEqual({ count: 7 });
  });

  it('are taken of all subjects or of none, in whatever order they are named', async () => {
    const both = [{ subject: 'one', triesMax: 1 }, { subject: 'other', triesMax: 20 }];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => takeTries((at % 2 === 0 ? rig : rig.second).database, at % 2 === 0 ? both : both.toReversed(), 900, atSec(1))));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await tried('other', 2, 20)).toBe('left 18');
  });

  it('are given back one by one, to nobody else, and never into being', async () => {
    const one = await takeTries(rig.database, [{ subject: 'given back', triesMax: 2 }], 900, atSec(1));
    expect(await tried('given back', 1, 2)).toBe('left 0');
    const { tries } = one.ok ? one.value : { tries: [] };
    await giveTriesBack(rig.second.database, tries);
    expect(await tried('given back', 1, 2)).toBe('left 0');
    await giveTriesBack(rig.database, tries);
    expect(await tried('given back', 1, 2)).toBe('left 0');
    await rig.database.query(`DELETE FROM failed_try WHERE subject = 'given back'`);
    await giveTriesBack(rig.database, present(one.ok ? one.value : null, 'a try').tries);
    expect(await rig.database.query(`SELECT 1 FROM failed_try WHERE subject = 'given back'`)).toEqual([]);
  });

  it('are forgotten when none counts any more', async () => {
    await rig.database.query('DELETE FROM failed_try');
    for (const sec of [0, 300]) await tried('forgotten', sec);
    await forgetTries(rig.database, atSec(1_200));
    expect(await tried('forgotten', 1_199)).toBe('left 1');
    await forgetTries(rig.database, atSec(2_200));
    expect(await rig.database.query('SELECT 1 FROM failed_try')).toEqual([]);
  });
});
