import { describe, expect, it } from '@jest/globals';
import { formatNanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { columnPlaces, isDataRow } from './deck-columns.ts';
import { defaultOptions, type FileOptions } from './file-options.ts';
import { type RateRow, rowReader, type RowReader } from './rate-row.ts';

const isKnownPrefix = (prefix: string) => /^(36|40|4|44)/.test(prefix);

function readerOf(titles: string, decimalComma = false, options: Partial<FileOptions> = {}): RowReader {
  const places = columnPlaces(titles.split(','));
  if (!places.ok) throw new Error(places.refusal.detail);
  return rowReader({ places: places.value, options: { ...defaultOptions, ...options }, currency: 'EUR', decimalComma, serialFromMs: null, isKnownPrefix });
}

/** What a row is read as: `36 0.092 +0.01 30/6 [from,until) blocked`, and its faults. */
function told(read: RowReader, row: string): string {
  const { prefixes, terms, faults } = read(row.split(',').map((cell) => cell.replaceAll('~', ',')));
  const rates = prefixes.map((prefix) => `${prefix} ${termsText(terms)}`);
  return [...rates, ...faults.map(({ code, column, value }) => `${code} in ${column}: ${value}`)].join('; ');
}

function termsText(terms: RateRow['terms']): string {
  const iso = (us: number) => (us === 0 ? '' : new Date(us / 1000).toISOString().replace('T00:00:00.000Z', ''));
  const validity = terms.validFromUs + terms.validUntilUs === 0 ? '' : ` [${iso(terms.validFromUs)},${iso(terms.validUntilUs)})`;
  const fee = terms.connectFeeNanos === 0n ? '' : ` +${formatNanos(terms.connectFeeNanos)}`;
  const increments = `${terms.initialIncrementSec}/${terms.incrementSec}`;
  return `${formatNanos(terms.ratePerMinNanos)}${fee} ${increments}${validity}${terms.blocked ? ' blocked' : ''}`;
}

describe('a row of a rate deck', () => {
  const read = readerOf('prefix,rate,connect_fee,increments,valid_from,valid_until,blocked');

  it.each(table(`
    row                                       | is read as
    36,0.092                                  | 36 0.092 1/1
    36, 0.092                                 | 36 0.092 1/1
    36,0                                      | 36 0.00 1/1
    36,0.000000001                            | 36 0.000000001 1/1
    36,0.0920000000000                        | 36 0.092 1/1
    36,1000000                                | 36 1000000.00 1/1
    447911123456789,0.1                       | 447911123456789 0.10 1/1
    36,0.09,0.01,30/6                         | 36 0.09 +0.01 30/6
    36,0.09,,60                               | 36 0.09 60/60
    36,0.09,, 1 / 1                           | 36 0.09 1/1
    36,0.09,,,2024-07-01                      | 36 0.09 1/1 [2024-07-01,)
    36,0.09,,,2024-07-01T12:30:00+02:00       | 36 0.09 1/1 [2024-07-01T10:30:00.000Z,)
    36,0.09,,,2024-07-01 12:30                | 36 0.09 1/1 [2024-07-01T12:30:00.000Z,)
    36,0.09,,,2024-07-01,2024-08-01           | 36 0.09 1/1 [2024-07-01,2024-08-01)
    36,0.09,,,,2024-08-01                     | 36 0.09 1/1 [,2024-08-01)
    36,0.09,,,2024-07-01,9999-12-31           | 36 0.09 1/1 [2024-07-01,)
    36,0.09,,,9999-12-31                      | date_malformed in valid_from: 9999-12-31
    36,,,,,,yes                               | 36 0.00 1/1 blocked
    36,0.09,,,,,0                             | 36 0.09 1/1
    ,0.09                                     | prefix_missing in prefix:
    3x6,0.09                                  | prefix_malformed in prefix: 3x6
    +36,0.09                                  | prefix_malformed in prefix: +36
    3611111111111111,0.09                     | prefix_malformed in prefix: 3611111111111111
    99999999,0.1                              | unknown_prefix in prefix: 99999999
    036,0.1                                   | unknown_prefix in prefix: 036
    36,                                       | rate_missing in rate:
    36                                        | rate_missing in rate:
    36,free                                   | rate_malformed in rate: free
    36,1e-3                                   | rate_malformed in rate: 1e-3
    36,0.0000000001                           | rate_malformed in rate: 0.0000000001
    36,-0.1                                   | rate_out_of_range in rate: -0.1
    36,1000001                                | rate_out_of_range in rate: 1000001
    36,0.1,none                               | connect_fee_malformed in connect_fee: none
    36,0.1,-1                                 | connect_fee_malformed in connect_fee: -1
    36,0.1,,30/30/6                           | 36 0.10 30/6
    36,0.1,,60/30/6                           | 36 0.10 60/6
    36,0.1,,0/60/60                           | 36 0.10 60/60
    36,0.1,,30+6                              | 36 0.10 30/6
    36,0.1,,32/30/6                           | increment_malformed in increments: 32/30/6
    36,0.1,,1/1/1/1                           | increment_malformed in increments: 1/1/1/1
    36~ 40~ 4479,0.1                          | 36 0.10 1/1; 40 0.10 1/1; 4479 0.10 1/1
    36~ 99,0.1                                | 36 0.10 1/1; unknown_prefix in prefix: 99
    98~ 99,0.1                                | unknown_prefix in prefix: 98; unknown_prefix in prefix: 99
    36-40,0.1                                 | 36 0.10 1/1; 40 0.10 1/1; unknown_prefix in prefix: 37; unknown_prefix in prefix: 38; unknown_prefix in prefix: 39
    36~ 999-99,x                              | prefix_range_malformed in prefix: 999-99; rate_malformed in rate: x
    36,blocked                                | 36 0.00 1/1 blocked
    36,Blocked                                | 36 0.00 1/1 blocked
    36,closed                                 | rate_malformed in rate: closed
    36,1~000.50                               | rate_malformed in rate: 1,000.50
    36,1 000                                  | rate_malformed in rate: 1 000
    36,1'000                                  | rate_malformed in rate: 1'000
    36,0.1,,0/6                               | increment_malformed in increments: 0/6
    36,0.1,,3601                              | increment_malformed in increments: 3601
    36,0.1,,1.5                               | increment_malformed in increments: 1.5
    36,0.1,,,01.07.2024                       | date_malformed in valid_from: 01.07.2024
    36,0.1,,,2024-02-30                       | date_malformed in valid_from: 2024-02-30
    36,0.1,,,2024-13-01                       | date_malformed in valid_from: 2024-13-01
    36,0.1,,,2024-07-01,2024-07-01            | validity_empty in valid_until: 2024-07-01
    36,0.1,,,,,perhaps                        | blocked_malformed in blocked: perhaps
  `))('$row', (row) => {
    expect(told(read, row['row'] ?? '').trim()).toBe(row['is read as']);
  });

  it('is read again as it was the first time', () => {
    expect(told(read, '36,free')).toBe(told(read, '36,free'));
    expect(told(read, '36,0.1,1,30/6,2024-07-01')).toBe(told(read, '36,0.1,1,30/6,2024-07-01'));
  });

  it.each(table(`
    columns                                   | row           | is read as
    rate,prefix                               | 0.09,36       | 36 0.09 1/1
    Destination,Dial Code,Price/Min           | HU,36,0.09    | 36 0.09 1/1
    Destination,Dial Code,Price (per min)     | HU,36,0.09    | 36 0.09 1/1
    Destination,Dial Code,Tariff              | HU,36,0.09    | no column
    Destination,Dial-Code,Price per minute    | HU,36,0.09    | 36 0.09 1/1
    code,rate,initial increment,increment     | 36,0.09,30,6  | 36 0.09 30/6
    code,rate,increment                       | 36,0.09,6     | 36 0.09 6/6
    code,rate,Effective Date                  | 36,0.09,2024-07-01 | 36 0.09 1/1 [2024-07-01,)
  `))('under $columns', (row) => {
    const places = columnPlaces((row['columns'] ?? '').split(','));
    const answer = places.ok ? told(readerOf(row['columns'] ?? ''), row['row'] ?? '') : 'no column';
    expect(answer).toBe(row['is read as']);
  });

  it.each(table(`
    columns                                   | row           | is read as
    code,rate,minimum,increment               | 36,1,30,6     | 36 1.00 30/6
    code,rate,minimum,increment               | 36,1,31,6     | increment_malformed in minimum: 31
    code,rate,minimum,first interval,next interval | 36,1,60,30,6 | 36 1.00 60/6
    code,rate,interval                        | 36,1,30/6     | 36 1.00 30/6
    code,rate,interval                        | 36,1,6        | 36 1.00 6/6
    code,rate,increments,minimum              | 36,1,30/6,60  | 36 1.00 60/6
    code,rate,unit                            | 36,0.001,sec  | 36 0.06 1/1
    code,rate,unit                            | 36,0.001,per second | 36 0.06 1/1
    code,rate,unit                            | 36,0.06,min   | 36 0.06 1/1
    code,rate,unit                            | 36,0.006,6    | 36 0.06 1/1
    code,rate,unit                            | 36,0.006,6s   | 36 0.06 1/1
    code,rate,unit                            | 36,0.000000001,7 | rate_malformed in rate: 0.000000001
    code,rate,unit                            | 36,20000,1    | rate_out_of_range in rate: 20000
    code,rate,unit                            | 36,1,hour     | rate_unit_malformed in rate_unit: hour
    code,rate,currency                        | 36,1,EUR      | 36 1.00 1/1
    code,rate,currency                        | 36,1,eur      | 36 1.00 1/1
    code,rate,currency                        | 36,1,         | 36 1.00 1/1
    code,rate,currency                        | 36,1,USD      | currency_mismatch in currency: USD
    code,rate,valid from,valid to             | 36,1,,2026-01-01 | 36 1.00 1/1 [,2026-01-01)
  `))('under $columns: $row', (row) => {
    expect(told(readerOf(row['columns'] ?? ''), row['row'] ?? '')).toBe(row['is read as']);
  });

  it.each<[options: Partial<FileOptions>, titles: string, row: string, told: string]>([
    [{ blockedWords: ['closed', 'n/a'] }, 'code,rate', '36,N/A', '36 0.00 1/1 blocked'],
    [{ blockedWords: ['closed'] }, 'code,rate', '36,n/a', 'rate_malformed in rate: n/a'],
    [{ rateUnitSec: 1 }, 'code,rate,connect fee', '36,0.001,0.05', '36 0.06 +0.05 1/1'],
    [{ rateUnitSec: 1 }, 'code,rate,unit', '36,0.06,min', '36 0.06 1/1'],
    [{ dateOrder: 'mdy' }, 'code,rate,effective date', '36,1,07/01/2026', '36 1.00 1/1 [2026-07-01,)'],
    [{ dateOrder: 'dmy' }, 'code,rate,effective date', '36,1,01.07.2026', '36 1.00 1/1 [2026-07-01,)'],
    [{ zone: '-02:00' }, 'code,rate,effective date', '36,1,2026-07-01', '36 1.00 1/1 [2026-07-01T02:00:00.000Z,)'],
    [{ validFromUs: Date.parse('2026-07-01') * 1000 }, 'code,rate,effective date', '36,1,', '36 1.00 1/1 [2026-07-01,)'],
    [{ validFromUs: Date.parse('2026-07-01') * 1000 }, 'code,rate,effective date', '36,1,2026-08-01', '36 1.00 1/1 [2026-08-01,)'],
    [{ validFromUs: Date.parse('2026-07-01') * 1000 }, 'code,rate,valid to', '36,1,2026-06-01', 'validity_empty in valid_until: 2026-06-01'],
  ])('where the options are %j, under %s: %s', (options, titles, row, expected) => {
    expect(told(readerOf(titles, false, options), row)).toBe(expected);
  });

  it('may have a decimal comma where commas do not part the cells', () => {
    expect(told(readerOf('prefix,rate', true), '36,0~092')).toBe('36 0.092 1/1');
    expect(told(readerOf('prefix,rate', false), '36,0~092')).toBe('rate_malformed in rate: 0,092');
  });

  it('needs columns for the prefix and the rate, one of each', () => {
    expect(columnPlaces(['prefix', 'name'])).toMatchObject({ ok: false, refusal: { code: 'deck_malformed', field: 'columns' } });
    expect(columnPlaces(['prefix', 'rate', 'price'])).toMatchObject({ ok: false, refusal: { code: 'deck_malformed' } });
  });

  it('is told from a header by a number in it', () => {
    expect([[' 36', '0.09'], ['+36', '0,09'], ['Hungary', '36', 'x']].map(isDataRow)).toEqual([true, true, true]);
    expect([['prefix', 'rate'], ['Code', 'Rate 2026'], ['']].map(isDataRow)).toEqual([false, false, false]);
  });
});
