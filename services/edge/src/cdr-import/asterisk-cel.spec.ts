import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { cdrRows } from './rows.ts';

/** Channels that were called: over two trunks, to a telephone, and to the dialplan itself. */
const called: Readonly<Record<string, string>> = { b: 'PJSIP/NORTH-0000000a', c: 'PJSIP/SOUTH-0000000b', t: 'PJSIP/1002-0000000c', l: 'Local/442071@out-0000000d;1' };

/** Events as `TYPE@sec channel`: `a` called (its uniqueid is the linkedid), the others were called. */
function celOf(text: string, linkedid = '1.1'): string {
  return text.trim().split(/\s*,\s*/).map((word) => {
    const [, type = '', sec = '', channel = '', extra = ''] = /^([A-Z_]+)@(\d+)(\w)(.*)$/.exec(word) ?? [];
    const uniqueid = channel === 'a' ? linkedid : `${linkedid}9${channel}`;
    const name = channel === 'a' ? 'PJSIP/1001-00000009' : (called[channel] ?? '');
    const number = channel === 'a' ? '4315550100' : '';
    const exten = channel === 'a' ? '442071838750' : 's';
    const cells = [type, `17723664${sec.padStart(2, '0')}.500000`, '', number, '', '', '', exten, 'out', name, '', '', '3', 'acme', uniqueid, linkedid, '', '', '', extra];
    return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join();
  }).join('\n');
}

async function callsOf(file: string) {
  const rows = [];
  for await (const { line, call } of cdrRows('asterisk_cel', (async function* bytes() {
    yield Buffer.from(file);
  })(), { switchId: 'pbx' })) rows.push({ line, call });
  return rows;
}

const sec = (us: bigint) => (us === 0n ? '-' : String(us / 1_000_000n - 1_772_366_400n));

describe('the events of an Asterisk call', () => {
  it.each(table(`
    events                                                                                             | course       cause  carrier
    CHAN_START@0a,CHAN_START@1b,ANSWER@4b,ANSWER@4a,BRIDGE_ENTER@5b,BRIDGE_ENTER@5a,HANGUP@64a,LINKEDID_END@65a | 0/4/64   16     NORTH
    CHAN_START@0a,ANSWER@1a,APP_START@1a,HANGUP@9a,LINKEDID_END@9a                                     | 0/-/9        31     -
    CHAN_START@0a,CHAN_START@1b,HANGUP@20b{"hangupcause":17},HANGUP@20a{"hangupcause":17},LINKEDID_END@20a | 0/-/20    17     -
    CHAN_START@0a,ANSWER@2b,BRIDGE_START@3a,CHAN_END@40a                                               | 0/2/40       16     NORTH
  `))('$events', async ({ events = '', course, cause, carrier }) => {
    const [row, ...more] = await callsOf(celOf(events));
    expect(more).toEqual([]);
    const call = row?.call.ok === true ? row.call.value : undefined;
    expect(call && [[call.startedAtUs, call.answeredAtUs, call.endedAtUs].map(sec).join('/'), String(call.q850Cause), call.carrierCode]).toEqual([course, cause, carrier]);
    expect(call).toMatchObject({ call: { switchId: 'pbx', callId: '1.1' }, charged: { party: { case: 'accountCode', value: 'acme' } }, cli: '4315550100', calledNumber: '442071838750' });
  });

  it.each(table(`
    events                                                                                                             | carrier  attempts
    CHAN_START@0a,CHAN_START@1b,HANGUP@20b{"hangupcause":17},HANGUP@20a,LINKEDID_END@20a                                | -       NORTH:1-20:17
    CHAN_START@0a,CHAN_START@1b,HANGUP@3b{"hangupcause":34},CHAN_START@3c,ANSWER@6c,BRIDGE_ENTER@6a,HANGUP@40c{"hangupcause":16},HANGUP@40a | SOUTH  NORTH:1-3:34,SOUTH:3-40:16
    CHAN_START@0a,CHAN_START@1t,HANGUP@3t{"hangupcause":17},CHAN_START@3l,HANGUP@5l,HANGUP@9a                            | -       -
    CHAN_START@0a,CHAN_START@1b,HANGUP@9a                                                                               | -       NORTH:1-9:31
    CHAN_START@0a,CHAN_START@1b,ANSWER@4b,BRIDGE_ENTER@5a,HANGUP@64a                                                    | NORTH   -
  `))('say which carriers were tried in vain: $events', async ({ events = '', carrier, attempts }) => {
    const [row] = await callsOf(celOf(events));
    const call = row?.call.ok === true ? row.call.value : undefined;
    const told = call?.attempts.map((each) => `${each.carrierCode}:${sec(each.startedAtUs)}-${sec(each.endedAtUs)}:${each.q850Cause}`).join();
    expect([call?.carrierCode, told]).toEqual([carrier, attempts]);
  });

  it('are told where the call is over, in the order of the file, and what is no call is refused', async () => {
    const file = [
      celOf('CHAN_START@0a', '1.1'), celOf('CHAN_START@0a', '2.2'), celOf('HANGUP@5a,LINKEDID_END@5a', '2.2'), 'nonsense', celOf('HANGUP@9a', '3.3'), celOf('HANGUP@9a', '1.1'),
      celOf('CHAN_START@10a', '4.4'),
    ].join('\n');
    expect((await callsOf(file)).map(({ line, call }) => `${line} ${call.ok ? call.value.call?.callId : call.refusal.code}`)).toEqual([
      '4 2.2', '5 cdr_malformed', '1 1.1', '8 cdr_malformed',
    ]);
  });
});
