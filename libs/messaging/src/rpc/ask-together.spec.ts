import { describe, expect, it } from '@jest/globals';
import type { RefusalCode } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { askTogether } from './ask-together.ts';

/** A service that doubles numbers, at most `sizeMax` in one message, and keeps what it was asked. */
function doubling({ sizeMax = Number.POSITIVE_INFINITY, refusal = 'reply_too_large' }: { sizeMax?: number; refusal?: RefusalCode } = {}) {
  const asked: number[][] = [];
  const ask = async (items: readonly number[]) => {
    asked.push([...items]);
    return items.length > sizeMax ? refuse({ code: refusal }) : ok(items.map((item) => item * 2));
  };
  return { asked, ask };
}

describe('asking together', () => {
  it('takes one request, and none for nothing', async () => {
    const { asked, ask } = doubling();
    expect(await askTogether([1, 2, 3], ask)).toEqual([2, 4, 6].map(ok));
    expect(await askTogether([], ask)).toEqual([]);
    expect(asked).toEqual([[1, 2, 3]]);
  });

  it.each(['request_too_large', 'reply_too_large'] as const)('takes halves where it is %s', async (refusal) => {
    const { asked, ask } = doubling({ sizeMax: 2, refusal });
    expect(await askTogether([1, 2, 3, 4, 5], ask)).toEqual([2, 4, 6, 8, 10].map(ok));
    expect(asked.filter(({ length }) => length <= 2).flat().sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuses what is too large by itself, and nothing with it', async () => {
    const ask = async (items: readonly number[]) => (items.includes(3) ? refuse({ code: 'reply_too_large' as const }) : ok(items));
    expect((await askTogether([1, 2, 3, 4], ask)).map((each) => each.ok)).toEqual([true, true, false, true]);
  });

  it('refuses every item of a request that is refused, without asking again', async () => {
    const { asked, ask } = doubling({ sizeMax: 0, refusal: 'service_unavailable' });
    expect(await askTogether([1, 2], ask)).toEqual([1, 2].map(() => refuse({ code: 'service_unavailable' })));
    expect(asked).toHaveLength(1);
  });

  it('refuses an item that was not answered', async () => {
    const answers = await askTogether([1, 2], () => Promise.resolve(ok([10])));
    expect(answers).toMatchObject([{ ok: true, value: 10 }, { ok: false, refusal: { code: 'service_unavailable' } }]);
  });
});
