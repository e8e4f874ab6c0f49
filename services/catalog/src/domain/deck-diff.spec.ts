import { describe, expect, it } from '@jest/globals';
import { instant, table } from '@tollwire/testing';
import { ANY_TIME, formatNanos, nanosOf, type RateProfile } from '@tollwire/telecom';
import fc from 'fast-check';
import { type DiffBlock, diffDecks, rateChanges } from './deck-diff.ts';
import { DiffRows, percentOf } from './diff-rows.ts';
import { deckContent } from './deck-content.ts';
import { type Rate, RateColumns } from './rate-columns.ts';

const since = instant('2024-01-01');
const nanosIn = (text: string) => {
  const read = nanosOf(text);
  if (!read.ok) throw new Error(text);
  return read.value;
};

const windows: Readonly<Record<string, RateProfile>> = {
  peak: { window: { ...ANY_TIME, name: 'peak', fromSec: 28_800, untilSec: 72_000, weight: 1 }, furtherSteps: [], terms: {} },
  late: { window: { ...ANY_TIME, name: 'peak', fromSec: 36_000, untilSec: 72_000, weight: 1 }, furtherSteps: [], terms: {} },
  busy: { window: { ...ANY_TIME, name: 'busy', fromSec: 28_800, untilSec: 72_000, weight: 1 }, furtherSteps: [], terms: {} },
  night: { window: { ...ANY_TIME, name: 'night', fromSec: 72_000, untilSec: 28_800, weight: 1 }, furtherSteps: [], terms: {} },
  steps: { window: undefined, furtherSteps: [{ fromSec: 30, rateNanos: 50_000_000n, perSec: 60, incrementSec: 1, entryFeeNanos: 0n }], terms: {} },
  later: { window: undefined, furtherSteps: [{ fromSec: 90, rateNanos: 50_000_000n, perSec: 60, incrementSec: 1, entryFeeNanos: 0n }], terms: {} },
  least: { window: undefined, furtherSteps: [], terms: { minChargeNanos: 500_000_000n } },
};

/** `36:0.092 36:0.095@2024-07-01..2024-08-01 40:blocked 44:0.01/60+0.05~peak`: rate, from, until, increment, fee, profile. */
function contentOf(text: string): RateColumns {
  const rates = text.split(' ').filter((part) => part !== '' && part !== '-').map((part): Rate => {
    const [, prefix = '', rate = '', increment, fee, profile = '', from, until] = /^(\d+):([\d.]+|blocked)(?:\/(\d+))?(?:\+([\d.]+))?(?:~([a-z]+))?(?:@([\d-]+))?(?:\.\.([\d-]+))?$/.exec(part) ?? [];
    return {
      prefix, ratePerMinNanos: rate === 'blocked' ? 0n : nanosIn(rate), connectFeeNanos: nanosIn(fee ?? '0'), initialIncrementSec: Number(increment ?? 1),
      incrementSec: Number(increment ?? 1), validFromUs: from === undefined ? 0 : instant(from), validUntilUs: until === undefined ? 0 : instant(until),
      blocked: rate === 'blocked', profile: windows[profile],
    };
  });
  return RateColumns.of(rates);
}

function diffOf(from: RateColumns, to: RateColumns, rowsPerBlock = 2) {
  const blocks: DiffBlock[] = [];
  const work = diffDecks({ from, to, sinceUs: since, placeOf: (prefix) => Number(String(prefix)[0]), rowsPerBlock });
  for (;;) {
    const step = work.next();
    if (step.done === true) return { ...step.value, blocks };
    if (step.value !== undefined) blocks.push(step.value);
  }
}

const day = (us: number) => (us === 0 ? '' : new Date(us / 1000).toISOString().slice(0, 10));

function told({ blocks, sums }: ReturnType<typeof diffOf>): string {
  const rows = blocks.filter(({ change }) => change !== 'unchanged').flatMap(({ change, rows: of }) => of.rows().map(({ prefix, before, after, effectiveFromUs, effectiveUntilUs }) => {
    const [one, two] = [before, after].map((side) => (side === undefined ? 'none' : side.blocked ? 'blocked' : formatNanos(side.ratePerMinNanos, 0)));
    const time = effectiveFromUs === 0 && effectiveUntilUs === 0 ? '' : `@${day(effectiveFromUs)}..${day(effectiveUntilUs)}`;
    const window = (before ?? after)?.profile?.window?.name ?? '';
    return `${prefix}${window === '' ? '' : `~${window}`} ${change} ${one}>${two}${time}`;
  }));
  return [...rows.sort(), ...(sums.unchanged.rowCount === 0 ? [] : [`${sums.unchanged.rowCount} unchanged`])].join(', ');
}

describe('the difference of two decks', () => {
  it.each(table<'from' | 'to' | 'told'>(`
    from                                  | to                                             | told
    -                                     | -                                              | -
    -                                     | 36:0.092                                       | 36 created none>0.092
    36:0.092                              | -                                              | 36 closed 0.092>none
    36:0.092                              | 36:0.095                                       | 36 increased 0.092>0.095
    36:0.095                              | 36:0.092                                       | 36 decreased 0.095>0.092
    36:0.092                              | 36:0.092                                       | 1 unchanged
    36:0.092/60                           | 36:0.092/1                                     | 36 changed 0.092>0.092
    36:0.092                              | 36:0.092+0.01                                  | 36 increased 0.092>0.092
    36:0.092                              | 36:blocked                                     | 36 changed 0.092>blocked
    36:blocked                            | 36:blocked                                     | 1 unchanged
    36:0.092                              | 36:0.092..2024-07-01 36:0.095@2024-07-01       | 36 increased 0.092>0.095@2024-07-01..
    36:0.092                              | 36:0.092..2024-07-01                           | 36 closed 0.092>none@2024-07-01..
    36:0.1..2023-07-01 36:0.2@2023-07-01  | 36:0.2                                         | 1 unchanged
    36:0.1..2023-07-01                    | -                                              | -
    36:0.1..2024-02-01 36:0.2@2024-02-01  | 36:0.15                                        | 36 decreased 0.2>0.15@2024-02-01.., 36 increased 0.1>0.15@..2024-02-01
    4:0.1 44:0.1 447:0.1                  | 4:0.1 447:0.2 45:0.1                           | 44 closed 0.1>none, 447 increased 0.1>0.2, 45 created none>0.1, 1 unchanged
  `))('of "$from" and "$to" is "$told"', ({ from, to, told: expected }) => {
    expect(told(diffOf(contentOf(from), contentOf(to)))).toBe(expected === '-' ? '' : expected);
  });

  it.each(table<'from' | 'to' | 'told'>(`
    from                         | to                                    | told
    36:0.1~peak 36:0.2~night     | 36:0.2~night 36:0.1~peak              | 2 unchanged
    36:0.1~peak 36:0.2~night     | 36:0.3~peak 36:0.2~night              | 36~peak increased 0.1>0.3, 1 unchanged
    36:0.1~peak 36:0.2~night     | 36:0.1~peak                           | 36~night closed 0.2>none, 1 unchanged
    36:0.1                       | 36:0.1 36:0.2~night                   | 36~night created none>0.2, 1 unchanged
    36:0.1                       | 36:0.1~peak                           | 36 closed 0.1>none, 36~peak created none>0.1
    36:0.1~peak                  | 36:0.1~late                           | 36~peak changed 0.1>0.1
    36:0.1~peak                  | 36:0.2~late                           | 36~peak increased 0.1>0.2
    36:0.1~peak                  | 36:0.1~busy                           | 36~peak changed 0.1>0.1
    36:0.1~peak 36:0.2~night     | 36:0.1~peak..2024-07-01 36:0.3~peak@2024-07-01 36:0.2~night | 36~peak increased 0.1>0.3@2024-07-01.., 1 unchanged
    36:0.1                       | 36:0.1~steps                          | 36 decreased 0.1>0.1
    36:0.01~steps                | 36:0.01                               | 36 decreased 0.01>0.01
    36:0.1                       | 36:0.1~later                          | 36 changed 0.1>0.1
    36:0.1                       | 36:0.1~least                          | 36 increased 0.1>0.1
    36:0.1~least                 | 36:0.2~least                          | 36 increased 0.1>0.2
    36:0.1+0.05                  | 36:0.12                               | 36 decreased 0.1>0.12
  `))('with windows, steps and charges of "$from" and "$to" is "$told"', ({ from, to, told: expected }) => {
    expect(told(diffOf(contentOf(from), contentOf(to)))).toBe(expected);
  });

  it('has blocks of equal size for each change, counts and exact sums, in all and by place', () => {
    const diff = diffOf(contentOf('36:0.1 40:0.1 41:0.1 42:0.1'), contentOf('36:0.2 40:0.3 41:0.4 42:0.1 5:1'));
    expect(diff.blocks.map(({ change, block, rows }) => `${change} ${block}: ${rows.size}`)).toEqual(['increased 0: 2', 'increased 1: 1', 'unchanged 0: 1', 'created 0: 1']);
    expect(diff.sums.increased).toEqual({ rowCount: 3, oldRateSumNanos: 300_000_000n, newRateSumNanos: 900_000_000n });
    expect(diff.byPlace.get(3)?.increased).toEqual({ rowCount: 1, oldRateSumNanos: 100_000_000n, newRateSumNanos: 200_000_000n });
    expect(diff.byPlace.get(5)?.created.newRateSumNanos).toBe(1_000_000_000n);
  });

  it('comes back from its bytes as it was', () => {
    const [block] = diffOf(contentOf('36:0.1/60+0.05~least'), contentOf('36:blocked~peak..2024-07-01')).blocks;
    const rows = block?.rows ?? new DiffRows(0);
    expect(DiffRows.fromBytes(rows.toBytes()).rows()).toEqual(rows.rows());
  });

  it.each(table(`
    before | after | percent
    0.10   | 0.12  | 20.00
    0.12   | 0.10  | -16.67
    0.03   | 0.03  | 0.00
    0      | 0.03  | -
  `))('from $before to $after is $percent percent', ({ before = '', after = '', percent = '' }) => {
    const terms = (rate: string) => ({ ratePerMinNanos: nanosIn(rate), connectFeeNanos: 0n, initialIncrementSec: 1, incrementSec: 1, blocked: false, profile: undefined, name: undefined });
    expect(percentOf({ before: terms(before), after: terms(after) })).toBe(percent);
  });
});

describe('IMP-03 of the reference cases', () => {
  it('a dated rate closes the one in force at its date, and opens there', () => {
    const base = contentOf('36:0.092');
    const work = deckContent({ file: contentOf('36:0.095@2024-07-01'), base, amends: false });
    let step = work.next();
    while (step.done !== true) step = work.next();
    expect(told(diffOf(base, step.value.rates))).toBe('36 increased 0.092>0.095@2024-07-01..');
  });
});

describe('any two contents', () => {
  const content = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[1-9]\d{0,3}$/), fc.nat({ max: 3 })), { selector: ([prefix]) => prefix, maxLength: 30 })
    .map((rates) => contentOf(rates.sort(([a], [b]) => (a < b ? -1 : 1)).map(([prefix, rate]) => `${prefix}:${rate}`).join(' ')));

  it('account for every prefix once, and the other way round for each the opposite', () => {
    fc.assert(fc.property(content, content, (one, two) => {
      const [there, back] = [diffOf(one, two), diffOf(two, one)];
      const { created, increased, decreased, closed, unchanged } = there.sums;
      expect(created.rowCount + increased.rowCount + decreased.rowCount + unchanged.rowCount).toBe(two.size);
      expect(closed.rowCount + increased.rowCount + decreased.rowCount + unchanged.rowCount).toBe(one.size);
      expect(back.sums).toMatchObject({ created: { rowCount: closed.rowCount }, increased: { rowCount: decreased.rowCount } });
      expect(there.blocks.reduce((sum, { rows }) => sum + rows.size, 0)).toBe(rateChanges.reduce((sum, each) => sum + there.sums[each].rowCount, 0));
    }));
  });
});
