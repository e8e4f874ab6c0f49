import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { CallEndedSchema, isRefusalCode } from '@tollwire/contracts';
import { localClockOf } from '@tollwire/telecom';
import fc from 'fast-check';
import { cdrFormats, parseCdrLine } from './parsers.ts';

const mapping = { delimiter: ',', columns: { calledNumber: '2', startedAt: '3', answeredAt: '4', endedAt: '5', talkSec: '6', cause: '7', account: '1' } } as const;
const context = { line: 9, switchId: 'sw1', mapping };

/** JSON such as a switch writes, with anything where it writes something. */
const anything = fc.oneof(fc.string({ maxLength: 20 }), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant([]), fc.constant({}));
const withNames = (names: readonly string[]) =>
  fc.record(
    Object.fromEntries(
      names.map((name) => [
        name,
        fc.oneof({ weight: 3, arbitrary: fc.constantFrom('1375609854385581', '200', 'INVITE', '2026-03-01 12:00:00', '60') }, anything),
      ]),
    ),
    { requiredKeys: [] },
  );
const freeswitch = fc.record({
  switchname: anything,
  variables: withNames([
    'uuid',
    'direction',
    'originating_leg_uuid',
    'start_uepoch',
    'answer_uepoch',
    'end_uepoch',
    'hangup_cause',
    'hangup_cause_q850',
    'accountcode',
  ]),
  callflow: fc.oneof(anything, fc.record({ caller_profile: withNames(['destination_number', 'caller_id_number']) })),
});
const kamailio = withNames(['method', 'callid', 'sip_code', 'time', 'start_time', 'end_time', 'duration', 'answer_time', 'dst_user', 'account']);
const csvField = fc.constantFrom(
  '',
  '0012345678901234',
  '4420',
  '"x"',
  '2026-03-01 12:00:00',
  '2026-02-30 12:00:00',
  '64',
  '-1',
  'ANSWERED',
  'BUSY',
  'SIP/t-0b',
  '"',
  'é',
);
const rows = {
  freeswitch_json: freeswitch.map((row) => JSON.stringify(row)),
  kamailio_acc: kamailio.map((row) => JSON.stringify(row)),
  asterisk_csv: fc.array(csvField, { minLength: 14, maxLength: 22 }).map((fields) => fields.join(',')),
  asterisk_cel: fc.array(csvField, { minLength: 18, maxLength: 21 }).map((fields) => fields.join(',')),
  mapped_csv: fc.array(csvField, { minLength: 4, maxLength: 9 }).map((fields) => fields.join(',')),
} as const;

describe.each(cdrFormats)('rows of %s', (format) => {
  it('are read or refused, whatever they hold, and never throw', () => {
    fc.assert(
      fc.property(fc.oneof(rows[format], fc.string({ unit: 'binary-ascii', maxLength: 60 })), (text) => {
        const parsed = parseCdrLine(format, text, context);
        if (parsed.ok) {
          const call = create(CallEndedSchema, parsed.value);
          expect([call.call?.switchId, call.call?.callId === '', call.calledNumber === '']).toEqual(['sw1', false, false]);
          expect(call.startedAtUs >= 0n && call.answeredAtUs >= 0n && call.endedAtUs >= 0n).toBe(true);
        } else {
          const { code, line, value, field, detail } = parsed.refusal;
          expect({ known: isRefusalCode(code), line, short: value.length <= 120, named: field.length > 0, said: detail?.endsWith('.') }).toEqual({
            ...{ known: true, line: 9, short: true, named: true, said: true },
          });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('tell of the same call whenever they are read again', () => {
    fc.assert(
      fc.property(rows[format], (text) => {
        expect(parseCdrLine(format, text, context)).toEqual(parseCdrLine(format, text, context));
      }),
      { numRuns: 50 },
    );
  });
});

describe('local times of a row', () => {
  const csv = 'acme,1,4420,c,,SIP/1-0a,SIP/t-0b,Dial,,2026-07-01 12:00:00,2026-07-01 12:00:04,2026-07-01 12:01:04,64,60,ANSWERED,DOC,u.1,';
  const dialog = JSON.stringify({ start_time: '2026-07-01 12:00:00', end_time: '2026-07-01 12:01:04', duration: '64', callid: 'u.1', dst_user: '4420' });
  const startOf = (format: 'asterisk_csv' | 'kamailio_acc', row: string, zone?: string) => {
    const parsed = parseCdrLine(format, row, { ...context, zone: zone === undefined ? undefined : localClockOf(zone) });
    return parsed.ok ? new Date(Number(parsed.value.startedAtUs) / 1000).toISOString().slice(11, 16) : parsed.refusal.code;
  };

  it.each([
    [undefined, '12:00'],
    ['Europe/Vienna', '10:00'],
    ['-05:30', '17:30'],
  ])('are read in the zone %s', (zone, utc) => {
    expect([startOf('asterisk_csv', csv, zone), startOf('kamailio_acc', dialog, zone)]).toEqual([utc, utc]);
  });

  it('stay as they are where the row tells seconds since 1970', () => {
    const acc = JSON.stringify({ method: 'INVITE', callid: 'u.1', sip_code: '486', time: 1_782_907_200, dst_user: '4420' });
    expect([startOf('kamailio_acc', acc), startOf('kamailio_acc', acc, 'Europe/Vienna')]).toEqual(['12:00', '12:00']);
  });
});
