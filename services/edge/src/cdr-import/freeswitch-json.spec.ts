import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { parseFreeswitchJson } from './freeswitch-json.ts';

const context = { line: 3 };

const variables = {
  direction: 'inbound',
  uuid: '01df56f4-d99a-4ef6-b7fe-b924b2415b7f',
  accountcode: 'acme',
  channel_name: 'sofia/ipbxas/dan@ipbx.example.com',
  hangup_cause: 'NORMAL_CLEARING',
  hangup_cause_q850: '16',
  start_uepoch: '1375609854385581',
  answer_uepoch: '1375609856285587',
  end_uepoch: '1375609860205563',
  billusec: '3919976',
  sip_gateway_name: 'carrier-one',
};
const profile = { username: 'dan', caller_id_number: '4315550100', destination_number: '+4986517174963', chan_name: 'sofia/ipbxas/dan' };

function row(changes: object = {}, others: object = {}): string {
  return JSON.stringify({ 'core-uuid': '1', switchname: 'fs-vie-1', channel_data: {}, variables: { ...variables, ...changes }, callflow: { caller_profile: profile }, ...others });
}

describe('parseFreeswitchJson', () => {
  it('reads an answered call to the microsecond', () => {
    expect(parseFreeswitchJson(row(), context)).toEqual({
      ok: true,
      value: {
        call: { switchId: 'fs-vie-1', callId: variables.uuid, leg: 0 },
        charged: { party: { case: 'accountCode', value: 'acme' } },
        cli: '4315550100',
        calledNumber: '+4986517174963',
        startedAtUs: 1_375_609_854_385_581n,
        answeredAtUs: 1_375_609_856_285_587n,
        endedAtUs: 1_375_609_860_205_563n,
        q850Cause: 16,
        carrierCode: 'carrier-one',
        channel: 'sofia/ipbxas/dan@ipbx.example.com',
      },
    });
  });

  it('reads causes by code, and by name where the switch has no code', () => {
    const rows = table<'code' | 'name' | 'cause'>(`
      code | name                | cause
      16   | NORMAL_CLEARING     | 16
      17   | USER_BUSY           | 17
      487  | ORIGINATOR_CANCEL   | 487
      0    | ORIGINATOR_CANCEL   | 487
      -    | NO_ANSWER           | 19
      0    | -                   | 0
      x    | ALLOTTED_TIMEOUT    | 602
    `);
    for (const { code, name, cause } of rows) {
      const parsed = parseFreeswitchJson(row({ hangup_cause_q850: code, hangup_cause: name }), context);
      expect({ code, name, parsed }).toMatchObject({ parsed: { value: { q850Cause: Number(cause) } } });
    }
  });

  it('takes the latest profile where there are several, and decodes values', () => {
    const later = { caller_profile: { ...profile, destination_number: '%2B33140000000' } };
    const parsed = parseFreeswitchJson(row({ accountcode: '0012345678901234', answer_uepoch: '0' }, { callflow: [later, { caller_profile: profile }] }), context);
    expect(parsed).toMatchObject({ value: { calledNumber: '+33140000000', answeredAtUs: 0n, charged: { party: { case: 'cardId' } } } });
    expect(parseFreeswitchJson(row({ channel_name: 'sofia/a%zz' }), context)).toMatchObject({ value: { channel: 'sofia/a%zz' } });
  });

  it('tells of the carrier that was tried in vain', () => {
    const parsed = parseFreeswitchJson(row({ answer_uepoch: '0', hangup_cause_q850: '34' }), context);
    expect(parsed).toMatchObject({ value: { carrierCode: '', attempts: [{ carrierCode: 'carrier-one', q850Cause: 34 }] } });
  });

  it('lets the upload name the switch', () => {
    expect(parseFreeswitchJson(row(), { line: 1, switchId: 'fs1' })).toMatchObject({ value: { call: { switchId: 'fs1' } } });
  });

  it('refuses the outgoing leg of a bridged call, which would be charged twice', () => {
    const parsed = parseFreeswitchJson(row({ direction: 'outbound', originating_leg_uuid: 'a-leg' }), context);
    expect(parsed).toMatchObject({ ok: false, refusal: { code: 'cdr_malformed', field: 'variables.direction', line: 3 } });
    expect(parseFreeswitchJson(row({ direction: 'outbound' }), context).ok).toBe(true);
  });

  it('names the field at fault', () => {
    const cases: [string, string, string][] = [
      ['{"variables"', 'cdr_malformed', '$'],
      ['[1]', 'cdr_malformed', '$'],
      ['{}', 'field_missing', 'variables'],
      [row({ uuid: '' }), 'field_missing', 'variables.uuid'],
      [row({ start_uepoch: '-5' }), 'field_malformed', 'variables.start_uepoch'],
      [row({ end_uepoch: 'soon' }), 'field_malformed', 'variables.end_uepoch'],
      [row({ hangup_cause: 'TIRED', hangup_cause_q850: '0' }), 'field_malformed', 'variables.hangup_cause'],
      [row({}, { callflow: {} }), 'field_missing', 'callflow.caller_profile.destination_number'],
      [row({}, { switchname: '' }), 'field_missing', 'switchname'],
    ];
    for (const [text, code, field] of cases) expect(parseFreeswitchJson(text, context)).toMatchObject({ ok: false, refusal: { line: 3, code, field } });
  });

  it('cuts a long value in a refusal', () => {
    const parsed = parseFreeswitchJson('x'.repeat(10_000), context);
    expect(parsed.ok ? '' : parsed.refusal.value).toHaveLength(120);
  });
});
