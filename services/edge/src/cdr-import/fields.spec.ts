import { describe, expect, it } from '@jest/globals';
import { localClockOf } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { carriedBy, chargedOf, keptNumber, usOfLocalTime, usOfSeconds } from './fields.ts';

describe('keptNumber', () => {
  it('CDR-08: keeps what can be dialled, and the extension', () => {
    const rows = table<'written' | 'kept'>(`
      written              | kept
      562-246-7846 x57324  | 5622467846x57324
      +43 (1) 555-0100     | +4315550100
      00442071838750       | 00442071838750
      (650) 253.0000 ext 7 | 6502530000x7
      *98                  | *98
      1002                 | 1002
      anonymous            | anonymous
      s                    | s
      user1                | user1
      -                    | -
    `);
    for (const { written, kept } of rows) expect({ written, kept: keptNumber(written) }).toEqual({ written, kept });
  });
});

describe('chargedOf', () => {
  it('takes 16 digits for a card, leading zeros and all, and anything else for an account code', () => {
    const rows = table<'code' | 'case' | 'value'>(`
      code              | case        | value
      0012345678901234  | cardId      | 0012345678901234
      001234567890123   | accountCode | 001234567890123
      00123456789012345 | accountCode | 00123456789012345
      9999              | accountCode | 9999
      acme-vienna       | accountCode | acme-vienna
    `);
    for (const row of rows) expect(chargedOf(row.code)).toEqual({ charged: { party: { case: row.case, value: row.value } } });
    expect(chargedOf('  ')).toEqual({});
  });
});

describe('carriedBy', () => {
  const course = { startedAtUs: 1n, answeredAtUs: 0n, endedAtUs: 9n, q850Cause: 34 };

  it('ALARM-06: names the carrier that was tried in vain, so that failed calls in a row over it are seen', () => {
    expect(carriedBy('T1', course)).toEqual({ carrierCode: '', attempts: [{ carrierCode: 'T1', startedAtUs: 1n, endedAtUs: 9n, q850Cause: 34 }] });
    expect(carriedBy('T1', { ...course, answeredAtUs: 3n })).toEqual({ carrierCode: 'T1' });
    expect(carriedBy('', course)).toEqual({ carrierCode: '' });
  });
});

describe('times', () => {
  it('are exact to the microsecond', () => {
    const rows = table<'seconds' | 'us'>(`
      seconds           | us
      1521025758        | 1521025758000000
      1521025758.006702 | 1521025758006702
      1521025758.5      | 1521025758500000
      0.0000019         | 1
    `);
    for (const { seconds, us } of rows) expect(usOfSeconds(seconds)).toBe(BigInt(us));
    for (const bad of ['', '-1', '1e9', 'now', '1.2.3']) expect(usOfSeconds(bad)).toBeUndefined();
  });

  it('are read where the switch stands', () => {
    const rows = table<'local' | 'offset' | 'us'>(`
      local                      | offset | us
      2012-08-01 15:41:08        | UTC    | 1343835668000000
      2012-08-01 15:41:08        | +02:00 | 1343828468000000
      2012-08-01 15:41:08        | -05:30 | 1343855468000000
      2012-08-01T15:41:08.123456 | UTC    | 1343835668123456
    `);
    for (const { local, offset, us } of rows) expect(usOfLocalTime(local, localClockOf(offset))).toBe(BigInt(us));
    for (const bad of ['', '2012-13-01 00:00:00', '2012-02-30 00:00:00', '01/08/2012 15:41', '2012-08-01 25:00:00']) {
      expect(usOfLocalTime(bad)).toBeUndefined();
    }
  });
});
