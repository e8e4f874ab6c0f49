import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { type CallRecord, CallRecordSchema, SearchCallsReplySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { parse } from 'csv-parse/sync';
import { cdrCsv } from './cdr-csv.ts';
import type { ExportQuestion } from './cdr-pages.ts';

/** Pages as cdr answers them: each but the last with the cursor of the next. */
function cdrOf(...pages: readonly (readonly CallRecord[])[]) {
  const asked: ExportQuestion[] = [];
  const searchCalls = (question: ExportQuestion) => {
    asked.push(question);
    const at = Number(question.cursor === '' ? 0 : question.cursor);
    if (!Number.isInteger(at)) return Promise.resolve(refuse({ code: 'cursor_malformed' as const, field: 'cursor' }));
    return Promise.resolve(ok(create(SearchCallsReplySchema, { calls: [...(pages[at] ?? [])], nextCursor: at + 1 < pages.length ? `${at + 1}` : '' })));
  };
  return { asked, searchCalls };
}

async function textOf(pages: AsyncGenerator<string>): Promise<string> {
  let text = '';
  for await (const page of pages) text += page;
  return text;
}

const base = { status: 'closed', startedAtUs: 1_767_225_600_000_000n };
const call = (callId: string) => create(CallRecordSchema, { ...base, call: { switchId: 'sw', callId, leg: 0 } });
const rowsOf = (text: string) => parse<Record<string, string>>(text, { columns: true });

describe('the export of CDRs', () => {
  it('has every page, and names after each where to go on', async () => {
    const cdr = cdrOf([call('a'), call('b')], [call('c')], [call('d')]);
    const rows = rowsOf(await textOf(await cdrCsv(cdr, { carrierCode: 'N' })));
    expect(rows.map(({ call_id: id, cursor }) => `${id}${cursor}`)).toEqual(['a', 'b1', 'c2', 'd']);
    expect(cdr.asked).toMatchObject([{ carrierCode: 'N', cursor: '', pageSize: 1000 }, { cursor: '1' }, { cursor: '2' }]);
    expect(rowsOf(await textOf(await cdrCsv(cdr, { cursor: '1' }))).map(({ call_id: id }) => id)).toEqual(['c', 'd']);
  });

  it('writes a call with exact amounts, and nothing for what did not happen', async () => {
    const full = create(CallRecordSchema, {
      ...base,
      call: { switchId: 'sw', callId: 'a', leg: 0 },
      charged: { party: { case: 'accountCode', value: 'ACME' } }, cli: '+431', answeredAtUs: 1_767_225_604_500_000n, answeredReceivedAtUs: 1_767_225_604_612_345n,
      sell: { nanos: -12_345_678n, currency: 'EUR' }, flags: ['no_start', 'late_end'], q850Cause: 16,
    });
    const [row] = rowsOf(await textOf(await cdrCsv(cdrOf([full]), {})));
    expect(row).toMatchObject({
      switch: 'sw', card: '', account: 'ACME', cli: "'+431", started_at: '2026-01-01T00:00:00.000000Z', answered_at: '2026-01-01T00:00:04.500000Z', ended_at: '',
      answered_received_at: '2026-01-01T00:00:04.612345Z', ended_received_at: '',
      q850_cause: '16', sell: '-0.012345678', sell_currency: 'EUR', buy: '', flags: 'no_start late_end', cursor: '',
    });
  });

  it('is a header alone where nothing is found, and is refused before its first byte', async () => {
    expect(await textOf(await cdrCsv(cdrOf([]), {}))).toMatch(/^switch,call_id,.*,flags,started_received_at,.*,last_received_at,cursor\r\n$/);
    await expect(cdrCsv(cdrOf([]), { cursor: 'odd' })).rejects.toMatchObject({ refusal: { code: 'cursor_malformed' } });
  });
});
