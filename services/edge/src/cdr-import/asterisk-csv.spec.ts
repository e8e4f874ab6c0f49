import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { parseAsteriskCsv } from './asterisk-csv.ts';
import { csvFields } from './csv-line.ts';

const context = { line: 7, switchId: 'pbx1' };
const answered =
  `"0012345678901234","4315550100","442071838750","from-internal","""Alice, Vienna"" <4315550100>"` +
  `,"PJSIP/1001-00000009","PJSIP/carrier-one-0000000a","Dial","PJSIP/442071838750@carrier-one,60"` +
  `,"2026-03-01 12:00:00","2026-03-01 12:00:04","2026-03-01 12:01:04",64,60,"ANSWERED","DOCUMENTATION","1772366400.9",""`;

function rowWith(changes: Readonly<Record<number, string>>): string {
  const fields = (csvFields(answered) ?? []).map((field, at) => changes[at] ?? field);
  return fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
}

describe('parseAsteriskCsv', () => {
  it('reads an answered call', () => {
    expect(parseAsteriskCsv(answered, context)).toEqual({
      ok: true,
      value: {
        call: { switchId: 'pbx1', callId: '1772366400.9', leg: 0 },
        charged: { party: { case: 'cardId', value: '0012345678901234' } },
        cli: '4315550100',
        calledNumber: '442071838750',
        startedAtUs: 1_772_366_400_000_000n,
        answeredAtUs: 1_772_366_404_000_000n,
        endedAtUs: 1_772_366_464_000_000n,
        q850Cause: 16,
        carrierCode: 'carrier-one',
        channel: 'PJSIP/1001-00000009',
      },
    });
  });

  it('CDR-01: maps dispositions to Q.850; only an answered call has an answer and a carrier', () => {
    const rows = table<'disposition' | 'cause' | 'answered'>(`
      disposition | cause | answered
      ANSWERED    | 16    | yes
      ANSWER      | 16    | yes
      BUSY        | 17    | no
      NO ANSWER   | 19    | no
      NOANSWER    | 19    | no
      CANCEL      | 21    | no
      CONGESTION  | 34    | no
      CHANUNAVAIL | 47    | no
      FAILED      | 41    | no
    `);
    for (const { disposition, cause, answered: was } of rows) {
      const parsed = parseAsteriskCsv(rowWith({ 14: disposition }), context);
      expect(parsed).toMatchObject({
        value: { q850Cause: Number(cause), answeredAtUs: was === 'yes' ? 1_772_366_404_000_000n : 0n, carrierCode: was === 'yes' ? 'carrier-one' : '' },
      });
    }
  });

  it('tells of the trunk that was tried in vain', () => {
    expect(parseAsteriskCsv(rowWith({ 14: 'CONGESTION' }), context)).toMatchObject({
      value: { carrierCode: '', attempts: [{ carrierCode: 'carrier-one', startedAtUs: 1_772_366_400_000_000n, endedAtUs: 1_772_366_464_000_000n, q850Cause: 34 }] },
    });
  });

  it('names the trunk of the outgoing channel as the carrier, and no telephone', () => {
    const rows = table<'dstchannel' | 'carrier'>(`
      dstchannel                       | carrier
      SIP/isoft-00000005               | isoft
      PJSIP/carrier-one-0000000a       | carrier-one
      IAX2/trunk-b-4711                | trunk-b
      Local/4420@carrier-x-00000001;2  | carrier-x
      SIP/8584-9153                    | -
      DAHDI/i1/4420-1                  | -
      -                                | -
    `);
    for (const { dstchannel, carrier } of rows) {
      expect({ dstchannel, parsed: parseAsteriskCsv(rowWith({ 6: dstchannel }), context) }).toMatchObject({ parsed: { value: { carrierCode: carrier } } });
    }
  });

  it('CDR-08: keeps a messy number', () => {
    expect(parseAsteriskCsv(rowWith({ 1: '562-246-7846 x57324' }), context)).toMatchObject({ value: { cli: '5622467846x57324' } });
  });

  it('names the field at fault', () => {
    const rows = table<'column' | 'value' | 'code' | 'field'>(`
      column | value               | code               | field
      2      | -                   | field_missing      | dst
      9      | yesterday           | field_malformed    | start
      10     | -                   | field_malformed    | answer
      11     | 2026-02-30 00:00:00 | field_malformed    | end
      12     | -64                 | duration_malformed | duration
      13     | a lot               | duration_malformed | billsec
      14     | MAYBE               | field_malformed    | disposition
    `);
    for (const { column, value, code, field } of rows) {
      expect(parseAsteriskCsv(rowWith({ [Number(column)]: value }), context)).toMatchObject({ ok: false, refusal: { line: 7, code, field, value } });
    }
    expect(parseAsteriskCsv('a,b,c', context)).toMatchObject({ refusal: { code: 'cdr_malformed', line: 7 } });
    expect(parseAsteriskCsv('"a,b', context)).toMatchObject({ refusal: { code: 'cdr_malformed', line: 7 } });
    expect(parseAsteriskCsv(answered, { line: 1 })).toMatchObject({ refusal: { code: 'field_missing', field: 'switchId' } });
  });

  it('CDR-04: gives the same row the same call id, with or without a uniqueid', () => {
    const bare = (csvFields(answered) ?? [])
      .slice(0, 16)
      .map((field) => `"${field.replaceAll('"', '""')}"`)
      .join(',');
    const idOf = (row: string) => {
      const parsed = parseAsteriskCsv(row, context);
      return parsed.ok ? parsed.value.call?.callId : parsed.refusal.code;
    };
    expect(idOf(bare)).toMatch(/^row-[0-9a-f]{32}$/);
    expect(idOf(bare)).toBe(idOf(bare));
    expect(idOf(bare.replace('12:01:04', '12:01:05'))).not.toBe(idOf(bare));
    expect(idOf(`${answered},"","1772366400.9","41"`)).toBe('1772366400.9-41');
  });
});

describe('csvFields', () => {
  it('gives back what was quoted', () => {
    const fields = fc.array(
      fc.string({ unit: fc.constantFrom('a', '0', '"', ',', ' ', 'é', '\t', "'", '\u{1F4DE}'), maxLength: 12 }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(fields, (texts) => {
        expect(csvFields(texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(','))).toEqual(texts);
      }),
    );
  });

  it('takes bare, empty and quoted fields', () => {
    expect(csvFields('a,,"b,""c""",')).toEqual(['a', '', 'b,"c"', '']);
    expect(csvFields('')).toEqual(['']);
    expect(csvFields('"a"b,c')).toBeUndefined();
  });
});
