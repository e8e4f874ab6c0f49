import { describe, expect, it } from '@jest/globals';
import { cdrRows } from './rows.ts';
import type { CdrFormat } from './parsers.ts';

async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function rowsOf(format: CdrFormat, text: string, size = 1 << 16) {
  const rows = await all(cdrRows(format, pieces(text, size), { switchId: 'sw1' }));
  return rows.map(({ line, call }) => ({ line, told: call.ok ? call.value.call?.callId : call.refusal.code }));
}

const acc = (method: string, callid: string, time: number, sip_code = '200') =>
  JSON.stringify({ method, from_tag: 'f', to_tag: 't', callid, sip_code, sip_reason: '', time, src_user: '1', dst_user: '442071838750' });

describe('cdrRows', () => {
  it('numbers rows by their lines, skips empty ones, and goes on after a bad one', async () => {
    const good = (id: string) =>
      `"acme","1","4420","c","","SIP/1-0a","SIP/t-0b","Dial","","2026-03-01 12:00:00","2026-03-01 12:00:04","2026-03-01 12:01:04",64,60,"ANSWERED","DOCUMENTATION","${id}",""`;
    const file = `\uFEFF${good('a.1')}\r\n\n"broken\n${good('a.2')}`;
    expect(await rowsOf('asterisk_csv', file)).toEqual([
      { line: 1, told: 'a.1' },
      { line: 3, told: 'cdr_malformed' },
      { line: 4, told: 'a.2' },
    ]);
  });

  it('reads a line break in a quoted field, and goes on behind a quote that is not closed', async () => {
    const good = (id: string, clid = 'c') =>
      `"acme","1","4420","ctx","${clid}","SIP/1-0a","SIP/t-0b","Dial","","2026-03-01 12:00:00","2026-03-01 12:00:04","2026-03-01 12:01:04",64,60,"ANSWERED","DOCUMENTATION","${id}",""`;
    const file = [good('a.1', '""Ann\nB."" <1>'), `"acme","1`, ...Array.from({ length: 120 }, (_, at) => good(`b.${at}`)), good('a.2', 'x\r\ny'), '"open'].join('\n');
    const rows = await rowsOf('asterisk_csv', file, 7);
    expect(rows.slice(0, 3)).toEqual([{ line: 1, told: 'a.1' }, { line: 3, told: 'cdr_malformed' }, { line: 4, told: 'b.0' }]);
    expect(rows.slice(-2)).toEqual([{ line: 124, told: 'a.2' }, { line: 126, told: 'cdr_malformed' }]);
    expect(rows).toHaveLength(124);
  });

  it('joins the halves of a call and refuses what has no other half', async () => {
    const file = [
      acc('INVITE', 'x', 10),
      acc('INVITE', 'y', 11, '486'),
      acc('INVITE', 'z', 12),
      acc('INVITE', 'x', 13),
      acc('BYE', 'x', 70),
      acc('BYE', 'w', 71),
    ].join('\n');
    expect(await rowsOf('kamailio_acc', file)).toEqual([
      { line: 2, told: 'y' },
      { line: 5, told: 'x' },
      { line: 6, told: 'cdr_malformed' },
      { line: 3, told: 'cdr_malformed' },
    ]);
  });

  it('takes a change within a call that was refused, and a challenge for credentials, for no call', async () => {
    const file = [acc('INVITE', 'x', 9, '407'), acc('INVITE', 'x', 10), acc('INVITE', 'x', 20, '488'), acc('BYE', 'x', 70)].join('\n');
    expect(await rowsOf('kamailio_acc', file)).toEqual([{ line: 1, told: 'cdr_malformed' }, { line: 4, told: 'x' }]);
  });

  it('refuses a line that no switch writes, and holds no more of it than its beginning', async () => {
    const file = `{"a":"${'x'.repeat(3 << 20)}"}\n{}\n`;
    expect(await rowsOf('freeswitch_json', file)).toEqual([
      { line: 1, told: 'request_too_large' },
      { line: 2, told: 'field_missing' },
    ]);
  });
});
