import { describe, expect, it } from '@jest/globals';
import { maskedRow } from './masked-row.ts';

describe('a row that was refused', () => {
  it.each([
    ['"acme","4315550100","442071838750","in"', '"acme","431555****","442071******","in"'],
    ['{"caller_id_number":"562-246-7846 x57324"}', '{"caller_id_number":"562-246-**** x57324"}'],
    ['+43 (1) 555 0100;0043664123456789', '+43 (1) 555 ****;004366**********'],
    ['"2026-03-01 12:00:04","2026-03-01T12:01:04.250000",64,60', '"2026-03-01 12:00:04","2026-03-01T12:01:04.250000",64,60'],
    ['sip:4315550100@10.0.0.1', 'sip:431555****@10.0.0.1'],
    ['no numbers: 123456, 12 34', 'no numbers: 123456, 12 34'],
    ['', ''],
  ])('%s is shown as %s to who did not send it', (row, shown) => {
    expect(maskedRow(row)).toBe(shown);
  });
});
