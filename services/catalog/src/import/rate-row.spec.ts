import { describe, expect, it } from '@jest/globals';
import { formatNanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { columnPlaces, isDataRow } from './deck-columns.ts';
import { rowReader, type RowReader } from './rate-row.ts';

const isKnownPrefix = (prefix: string) => /^(36|40|4|44)/.test(prefix);

function readerOf(titles: string, decimalComma = false): RowReader {
  const places = columnPlaces(titles.split(','));
  if (!places.ok) throw new Error(places.refusal.detail);
  return rowReader({ places: places.value, decimalComma, isKnownPrefix });
}

/** What a row is read as: `36 0.092 +0.01 30/6 [from,until) blocked`, or its fault. */
function told(read: RowReader, row: string): string {
  const rate = read(row.split(',').map((cell) => cell.replaceAll('~', ',')));
  if ('code' in rate) return `${rate.code} in ${rate.column}: ${rate.value}`;
  const iso = (us: number) => (us === 0 ? '' : new Date(us / 1000).toISOString().replace('T00:00:00.000Z', ''));
  const validity = rate.validFromUs + rate.validUntilUs === 0 ? '' : ` [${iso(rate.validFromUs)},${iso(rate.validUntilUs)})`;
  const fee = rate.connectFeeNanos === 0n ? '' : ` +${formatNanos(rate.connectFeeNanos)}`;
  return `${rate.prefix} ${formatNanos(rate.ratePerMinNanos)}${fee} ${rate.initialIncrementSec}/${rate.incrementSec}${validity}${rate.blocked ? ' blocked' : ''}`;
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
    36,0.1,,30/6/1                            | increment_malformed in increments: 30/6/1
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
