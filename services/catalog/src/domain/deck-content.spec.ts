import { describe, expect, it } from '@jest/globals';
import { ANY_TIME, type RateProfile } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { drained } from '../fixture/drained.fixture.ts';
import { deckContent } from './deck-content.ts';
import { type Rate, RateColumns } from './rate-columns.ts';

const windows: Readonly<Record<string, RateProfile>> = {
  peak: { window: { ...ANY_TIME, name: 'peak', fromSec: 28_800, untilSec: 72_000, weight: 1 }, furtherSteps: [], terms: {} },
  busy: { window: { ...ANY_TIME, name: 'busy', fromSec: 28_800, untilSec: 72_000, weight: 1 }, furtherSteps: [], terms: {} },
  night: { window: { ...ANY_TIME, name: 'night', fromSec: 72_000, untilSec: 28_800, weight: 1 }, furtherSteps: [], terms: {} },
};

function rate(prefix: string, nanos: number, validFromUs = 0, validUntilUs = 0, window = ''): Rate {
  return {
    profile: windows[window],
    prefix, ratePerMinNanos: BigInt(nanos), connectFeeNanos: 0n, initialIncrementSec: 1, incrementSec: 1, validFromUs, validUntilUs,
    blocked: false,
  };
}

/** `36=9~peak@10-20 40=8`: prefix 36 at 9 nanos in the peak from 10 until 20, and 40 at 8 nanos always; lines are counted from 1. */
function rates(text: string): RateColumns {
  const parts = text.split(' ').filter(Boolean);
  const columns = new RateColumns(parts.length);
  parts.forEach((part, index) => {
    const [, prefix = '', nanos = '', window = '', from = '0', until = '0'] = /^(\d+)=(\d+)(?:~([a-z]+))?(?:@(\d*))?(?:-(\d+))?$/.exec(part) ?? [];
    columns.push(rate(prefix, Number(nanos), Number(from), Number(until), window), index + 1);
  });
  return columns;
}

function text(columns: RateColumns): string {
  return Array.from({ length: columns.size }, (_, at) => columns.rateAt(at))
    .map(({ prefix, ratePerMinNanos, validFromUs, validUntilUs, profile }) => {
      const window = profile?.window?.name ?? '';
      return `${prefix}=${ratePerMinNanos}${window === '' ? '' : `~${window}`}${validFromUs === 0 ? '' : `@${validFromUs}`}${validUntilUs === 0 ? '' : `-${validUntilUs}`}`;
    })
    .join(' ');
}

describe('the content of a new deck version', () => {
  it.each(table(`
    in force     | file               | whole deck              | as changes              | what
    -            | 40=8 36=9 361=7    | 36=9 361=7 40=8         | 36=9 361=7 40=8         | sorted as digits
    36=1 40=2    | 36=9               | 36=9                    | 36=9 40=2               | what the file leaves out is closed, or kept
    36=1         | 36=9@10            | 36=1-10 36=9@10         | 36=1-10 36=9@10         | IMP-03: a date closes the rate in force
    36=1-5       | 36=9@10            | 36=1-5 36=9@10          | 36=1-5 36=9@10          | that had an end already
    36=1@20      | 36=9@10            | 36=9@10                 | 36=9@10                 | what was to come is replaced
    36=1@5 40=2  | 36=9@10 40=3       | 36=1@5-10 36=9@10 40=3  | 36=1@5-10 36=9@10 40=3  | dates within the version in force
    -            | 36=9 36=7@10 36=5@5 | 36=9-5 36=5@5-10 36=7@10 | 36=9-5 36=5@5-10 36=7@10 | each date closes the one before it
    -            | 36=9@5-20 36=7@10  | 36=9@5-10 36=7@10       | 36=9@5-10 36=7@10       | an end is cut at the next beginning
    361=1        | 36=9@10            | 36=9@10                 | 36=9@10 361=1           | another prefix is another rate
  `))('$what', (row) => {
    const file = rates(row['file'] ?? '');
    const base = rates(row['in force'] ?? '');
    expect(text(drained(deckContent({ file, base, amends: false })).result.rates)).toBe(row['whole deck']);
    expect(text(drained(deckContent({ file, base, amends: true })).result.rates)).toBe(row['as changes']);
  });

  it.each(table(`
    in force             | file                          | whole deck                             | as changes                                       | what
    -                    | 36=2~night 36=9~peak 36=5     | 36=5 36=9~peak 36=2~night              | 36=5 36=9~peak 36=2~night                        | rates of several windows stand side by side
    -                    | 36=9~peak 36=8~busy           | 36=9~peak                              | 36=9~peak                                        | a window is its hours, whatever its name
    36=1~peak 36=2~night | 36=9~peak                     | 36=9~peak                              | 36=9~peak 36=2~night                             | a window left out is closed, or kept
    36=1~peak 36=2~night | 36=9~peak@10                  | 36=1~peak-10 36=2~night-10 36=9~peak@10 | 36=1~peak-10 36=2~night 36=9~peak@10            | at the first date of its prefix
    36=1                 | 36=9~peak@10 36=8~night@20    | 36=1-10 36=9~peak@10 36=8~night@20     | 36=1 36=9~peak@10 36=8~night@20                  | windows in place of a rate for any time
    36=1~peak 36=2~night | 36=9                          | 36=9                                   | 36=9 36=1~peak 36=2~night                        | a rate for any time in place of windows
    36=1~peak 40=2       | 36=9~busy 40=3                | 36=9~busy 40=3                         | 36=9~busy 40=3                                   | a window of another name
    -                    | 36=9~peak 36=7~peak@10 36=5~peak@5 | 36=9~peak-5 36=5~peak@5-10 36=7~peak@10 | 36=9~peak-5 36=5~peak@5-10 36=7~peak@10    | dates of one window
  `))('$what', (row) => {
    const [file, base] = [rates(row['file'] ?? ''), rates(row['in force'] ?? '')];
    expect(text(drained(deckContent({ file, base, amends: false })).result.rates)).toBe(row['whole deck']);
    expect(text(drained(deckContent({ file, base, amends: true })).result.rates)).toBe(row['as changes']);
  });

  it('names the lines that repeat a prefix, window and date, and counts what it carried over', () => {
    const file = rates('36=9~peak 36=8~night 36=7~busy 36=6~peak@5 36=5~peak');
    const { duplicates, carriedCount } = drained(deckContent({ file, base: rates('36=1 40=1~peak'), amends: true })).result;
    expect(duplicates).toEqual([{ line: 3, prefix: '36' }, { line: 5, prefix: '36' }]);
    expect(carriedCount).toBe(2);
  });

  it('names the lines that repeat a prefix and date, and keeps the first', () => {
    const content = drained(deckContent({ file: rates('36=9 40=8 36=7 40=6@5 36=5'), base: rates(''), amends: false })).result;
    expect(text(content.rates)).toBe('36=9 40=8-5 40=6@5');
    expect(content.duplicates).toEqual([{ line: 3, prefix: '36' }, { line: 5, prefix: '36' }]);
  });

  it('counts what it carried over', () => {
    expect(drained(deckContent({ file: rates('36=9@10'), base: rates('36=1 40=2'), amends: false })).result.carriedCount).toBe(1);
    expect(drained(deckContent({ file: rates('36=9@10'), base: rates('36=1 40=2'), amends: true })).result.carriedCount).toBe(2);
    expect(drained(deckContent({ file: rates('36=9'), base: rates('36=1 40=2'), amends: false })).result.carriedCount).toBe(0);
  });

  const anyRate = fc.record({
    prefix: fc.constantFrom('3', '36', '361', '40'), nanos: fc.integer({ min: 1, max: 9 }), from: fc.integer({ min: 0, max: 9 }),
    window: fc.constantFrom('', '', 'peak', 'night'),
  });
  const anyFile = fc.array(anyRate, { maxLength: 12 }).map((list) => RateColumns.of(list.map((r) => rate(r.prefix, r.nanos, r.from, 0, r.window))));

  it('makes nothing new of the same file once it is in force', () => {
    fc.assert(
      fc.property(anyFile, anyFile, fc.boolean(), (before, file, amends) => {
        const base = drained(deckContent({ file: before, base: rates(''), amends: false })).result.rates;
        const once = drained(deckContent({ file, base, amends })).result.rates;
        expect(text(drained(deckContent({ file, base: once, amends })).result.rates)).toBe(text(once));
      }),
    );
  });

  it('never has two rates of a prefix and window at once', () => {
    fc.assert(
      fc.property(anyFile, anyFile, fc.boolean(), (before, file, amends) => {
        const base = drained(deckContent({ file: before, base: rates(''), amends: false })).result.rates;
        const { rates: content } = drained(deckContent({ file, base, amends })).result;
        const all = Array.from({ length: content.size }, (_, at) => content.rateAt(at));
        for (const group of Map.groupBy(all, ({ prefix, profile }) => `${prefix} ${profile?.window?.name ?? ''}`).values()) {
          for (const [at, next] of group.entries()) {
            const last = group[at - 1];
            if (last === undefined) continue;
            expect(last.validUntilUs).not.toBe(0);
            expect(last.validUntilUs).toBeLessThanOrEqual(next.validFromUs);
          }
        }
      }),
    );
  });
});

describe('rates in columns', () => {
  const anyPrefix = fc.stringMatching(/^[1-9][0-9]{0,14}$/);

  it('come back as they went in, through bytes too', () => {
    const list: Rate[] = [
      rate('1', 0), { ...rate('999999999999999', 5, 1_700_000_000_000_000, 4_000_000_000_000_000), blocked: true },
      { ...rate('447', 123), connectFeeNanos: 1n << 52n, initialIncrementSec: 3600, incrementSec: 60 },
    ];
    const columns = RateColumns.fromBytes(RateColumns.of(list).toBytes());
    const twice = new RateColumns(columns.size * 2);
    twice.append(columns);
    twice.append(columns);
    expect(Array.from({ length: twice.size }, (_, at) => twice.rateAt(at))).toEqual([...list, ...list]);
  });

  it('sort prefixes as text', () => {
    fc.assert(
      fc.property(fc.array(anyPrefix), (prefixes) => {
        const columns = RateColumns.of(prefixes.map((prefix) => rate(prefix, 1)));
        expect(Array.from(drained(columns.sorted()).result, (at) => columns.rateAt(at).prefix)).toEqual(prefixes.toSorted());
      }),
    );
  });
});
