import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { accRowOf, pairOf, parseKamailioAcc } from './kamailio-acc.ts';

const context = { line: 5, switchId: 'sbc1' };
const extra = { src_user: '4315550100', src_domain: 'sip.example.com', src_ip: '192.0.2.10', dst_ouser: '00442071838750', dst_user: '442071838750', dst_domain: 'carrier.example', account: 'acme' };
const dialog = { start_time: '1772366404.250', end_time: '1772366464.750', duration: '60.500', callid: 'a84b4c76e66710@pc33', carrier_code: 'C1', ...extra };

function acc(changes: object): string {
  return JSON.stringify({ time: 1_772_366_400, method: 'INVITE', from_tag: 'bf71ad59', to_tag: '7351fecf', callid: 'a84b4c76e66710@pc33', sip_code: '200', sip_reason: 'OK', ...extra, ...changes });
}

describe('parseKamailioAcc', () => {
  it("reads a dialog's CDR", () => {
    expect(parseKamailioAcc(JSON.stringify(dialog), context)).toEqual({
      ok: true,
      value: {
        call: { switchId: 'sbc1', callId: 'a84b4c76e66710@pc33', leg: 0 },
        charged: { party: { case: 'accountCode', value: 'acme' } },
        cli: '4315550100',
        calledNumber: '442071838750',
        startedAtUs: 1_772_366_404_250_000n,
        answeredAtUs: 1_772_366_404_250_000n,
        endedAtUs: 1_772_366_464_750_000n,
        q850Cause: 16,
        carrierCode: 'C1',
        channel: '192.0.2.10',
      },
    });
  });

  it('takes an answer time of its own, a formatted time, and a dialog that failed', () => {
    const told = { ...dialog, start_time: '2026-03-01 12:00:00', end_time: '2026-03-01 12:01:04', answer_time: '1772366404' };
    expect(parseKamailioAcc(JSON.stringify(told), context)).toMatchObject({ value: { startedAtUs: 1_772_366_400_000_000n, answeredAtUs: 1_772_366_404_000_000n } });
    const failed = { ...dialog, sip_code: '486', duration: '0.000' };
    expect(parseKamailioAcc(JSON.stringify(failed), context)).toMatchObject({ value: { answeredAtUs: 0n, q850Cause: 17, carrierCode: '' } });
  });

  it('reads an INVITE that failed as a call that was not answered', () => {
    const rows = table<'status' | 'cause'>(`
      status | cause
      404    | 1
      408    | 102
      480    | 18
      486    | 17
      487    | 16
      503    | 41
      603    | 21
    `);
    for (const { status, cause } of rows) {
      expect(parseKamailioAcc(acc({ sip_code: status }), context)).toMatchObject({
        value: { q850Cause: Number(cause), startedAtUs: 1_772_366_400_000_000n, answeredAtUs: 0n, endedAtUs: 1_772_366_400_000_000n },
      });
    }
  });

  it('makes one call of an answered INVITE and its BYE', () => {
    const invite = accRowOf(acc({ carrier: 'C2' }), context);
    const bye = accRowOf(acc({ method: 'BYE', time: 1_772_366_460.25 }), context);
    expect(invite && bye && pairOf(invite, bye, context)).toMatchObject({
      ok: true,
      value: { answeredAtUs: 1_772_366_400_000_000n, endedAtUs: 1_772_366_460_250_000n, q850Cause: 16, carrierCode: 'C2' },
    });
  });

  it('names the field at fault', () => {
    const cases: [string, string, string][] = [
      ['not json', 'cdr_malformed', '$'],
      [acc({}), 'cdr_malformed', 'method'],
      [acc({ method: 'BYE' }), 'cdr_malformed', 'method'],
      [acc({ method: '' }), 'field_missing', 'method'],
      [acc({ callid: '' }), 'field_missing', 'callid'],
      [acc({ sip_code: '401' }), 'cdr_malformed', 'sip_code'],
      [acc({ sip_code: '407' }), 'cdr_malformed', 'sip_code'],
      [acc({ sip_code: '180' }), 'field_malformed', 'sip_code'],
      [acc({ time: 'noon' }), 'field_malformed', 'time'],
      [JSON.stringify({ ...dialog, end_time: '' }), 'field_malformed', 'end_time'],
      [JSON.stringify({ ...dialog, duration: '-1' }), 'duration_malformed', 'duration'],
      [JSON.stringify({ ...dialog, callid: undefined }), 'field_missing', 'callid'],
      [acc({ sip_code: '486', dst_user: '', dst_ouser: '' }), 'field_missing', 'dst_user'],
    ];
    for (const [text, code, field] of cases) expect({ text, parsed: parseKamailioAcc(text, context) }).toMatchObject({ parsed: { ok: false, refusal: { line: 5, code, field } } });
    expect(parseKamailioAcc(acc({ sip_code: '486' }), { line: 1 })).toMatchObject({ refusal: { field: 'switchId' } });
  });
});
