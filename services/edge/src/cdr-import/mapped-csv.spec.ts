import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import type { CdrMapping } from './mapped-csv.ts';
import { cdrRows } from './rows.ts';

async function callsOf(file: string, columns: CdrMapping['columns'], delimiter = ',') {
  const rows = [];
  for await (const row of cdrRows('mapped_csv', (async function* bytes() {
    yield Buffer.from(file);
  })(), { switchId: 'sw1', mapping: { columns, delimiter } })) rows.push(row);
  return rows;
}

const noonUs = 1_772_366_400_000_000n;
const sec = (us: bigint) => (us === 0n ? '-' : String((us - noonUs) / 1_000_000n));
const all = { calledNumber: '1', startedAt: '2', answeredAt: '3', endedAt: '4', durationSec: '5', talkSec: '6', q850Cause: '7', cause: '8', sipCode: '9' } as const;

describe('a row whose columns are mapped', () => {
  it.each(table(`
    row                                                                       | course   cause
    4420,1772366400,1772366404,1772366464,,,16,,                              | 0/4/64   16
    4420,1772366400000,,1772366464000,,60,,,                                  | 0/4/64   16
    4420,1772366400000000,,,64,60,,NORMAL_CLEARING,                           | 0/4/64   16
    4420,2026-03-01T12:00:00Z,2026-03-01T13:00:04+01:00,,0:01:04,,,,          | 0/4/64   16
    4420,2026-03-01 12:00:00,,,20,0,,BUSY,                                    | 0/-/20   17
    4420,2026-03-01 12:00:00,0000-00-00 00:00:00,,20,,,,480                   | 0/-/20   18
    4420,2026-03-01 12:00:00,,,20,,,,                                         | 0/-/20   31
    4420,2026-03-01 12:00:00,,,20,,128,,                                      | field_malformed  cause
    4420,2026-03-01 12:00:00,,,20,,,LOUD,                                     | field_malformed  cause
    4420,noon,,,20,,,,                                                        | field_malformed  startedAt
    4420,,,,20,,,,                                                            | field_missing    startedAt
    4420,1772366400,,,a while,,,,                                             | duration_malformed  durationSec
    ,1772366400,,,20,,,,                                                      | field_missing    calledNumber
    "4420                                                                     | cdr_malformed    $
  `))('$row', async ({ row = '', course, cause }) => {
    const [{ call } = { call: undefined }] = await callsOf(row, all);
    if (call?.ok !== true) expect([call?.refusal.code, call?.refusal.field]).toEqual([course, cause]);
    else expect([[call.value.startedAtUs, call.value.answeredAtUs, call.value.endedAtUs].map(sec).join('/'), String(call.value.q850Cause)]).toEqual([course, cause]);
  });

  it('has its columns found by their headings, in any order, behind any delimiter', async () => {
    const file = '\u{feff}To;"Call Id";Start;Account;From;Via;Secs;Switch\r\n+44 20 7183 8750;c-1;1772366400;0012345678901234;431;NORTH;60;sw9\r\n4420;c-1;1772366400;acme;;;0;\r\n';
    const columns = { calledNumber: 'to', callId: 'call id', startedAt: 'START', account: 'Account', cli: 'From', carrierCode: 'Via', talkSec: 'Secs', switchId: 'Switch' };
    const [first, second, ...more] = await callsOf(file, columns, ';');
    expect([first?.line, first?.call]).toMatchObject([2, { ok: true, value: {
      call: { switchId: 'sw9', callId: 'c-1' }, charged: { party: { case: 'cardId' } }, cli: '431', calledNumber: '+442071838750', carrierCode: 'NORTH', endedAtUs: noonUs + 60_000_000n,
    } }]);
    expect([second?.call, more]).toMatchObject([{ ok: true, value: { call: { switchId: 'sw1' }, charged: { party: { case: 'accountCode' } }, carrierCode: '' } }, []]);
  });

  it('CDR-02: keeps the price that the sender has set', async () => {
    const rows = table(`
      row                    | told
      4420,1772366400,0.50,EUR  | 500000000 EUR
      4420,1772366400,0.50,usd  | 500000000 USD
      4420,1772366400,0,EUR     | 0 EUR
      4420,1772366400,,         | rated
      4420,1772366400,0.50,     | field_malformed sellCurrency
      4420,1772366400,-1,EUR    | field_malformed sellCost
      4420,1772366400,dear,EUR  | field_malformed sellCost
    `);
    for (const { row = '', told } of rows) {
      const [{ call } = { call: undefined }] = await callsOf(row, { calledNumber: '1', startedAt: '2', sellCost: '3', sellCurrency: '4' });
      if (call?.ok !== true) expect({ row, told: `${call?.refusal.code} ${call?.refusal.field}` }).toEqual({ row, told });
      else expect({ row, told: call.value.preRatedSell === undefined ? 'rated' : `${call.value.preRatedSell.nanos} ${call.value.preRatedSell.currency}` }).toEqual({ row, told });
    }
  });

  it('is refused with its file where a heading is not there', async () => {
    const found = await callsOf('to,start\n4420,1772366400\n', { calledNumber: 'called', startedAt: 'start' });
    expect(found).toMatchObject([{ line: 1, call: { refusal: { code: 'field_missing', field: 'calledNumber', value: 'called' } } }]);
  });

  it('is the same call whenever it is read again, also without an id', async () => {
    const idOf = async (row: string) => (await callsOf(row, { calledNumber: '1', startedAt: '2', talkSec: '3' })).map(({ call }) => (call.ok ? call.value.call?.callId : ''));
    expect(await idOf('4420,1772366400,60')).toEqual(await idOf('4420,1772366400,60'));
    expect(await idOf('4420,1772366400,60')).not.toEqual(await idOf('4420,1772366400,61'));
  });
});
