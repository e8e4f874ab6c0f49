import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CallEndedSchema } from '@tollwire/contracts';
import { instantUs, ok, refuse } from '@tollwire/core';
import type { CdrRow } from '../../services/edge/src/cdr-import/rows.ts';
import { byOurClock, switchClocks } from './switch-clocks.ts';

const api: Parameters<typeof switchClocks>[0] = {
  get: async (_path, schema) => schema.parse({ switches: [{ name: 'pbx', zone: 'Europe/Vienna', skewMs: 1500 }, { name: 'sw1' }] }),
};

async function* rowsOf(...rows: CdrRow[]) {
  yield* rows;
}

const nowUs = instantUs(Date.parse('2026-03-02T00:00:00Z') * 1000);
const noonUs = BigInt(Date.parse('2026-03-01T12:00:00Z') * 1000);

describe('a file that is held against our calls', () => {
  it('is read by the zone and the skew that its switch is set to, as an import reads it', async () => {
    const known = await switchClocks(api);
    expect(known.clocks.get('pbx')?.zone?.utcMsOf(Date.parse('2026-06-01T14:00:00Z'))).toBe(Date.parse('2026-06-01T12:00:00Z'));
    expect(known.clocks.get('sw1')).toEqual({ zone: undefined, skewUs: 0n });
    const ended = (switchId: string) => create(CallEndedSchema, { call: { switchId, callId: 'c' }, startedAtUs: noonUs, endedAtUs: noonUs + 10_000_000n });
    const row = (switchId: string): CdrRow => ({ line: 1, rowText: '', call: ok(ended(switchId)) });
    const bad: CdrRow = { line: 2, rowText: 'x', call: refuse({ code: 'cdr_malformed' }) };
    const times: unknown[] = [];
    for await (const { call } of byOurClock(rowsOf(row('pbx'), bad, row('sw1'), row('unheard-of')), known, nowUs)) {
      times.push(call.ok ? [call.value.startedAtUs, call.value.answeredAtUs, call.value.endedAtUs] : call.refusal.code);
    }
    const asTold = [noonUs, 0n, noonUs + 10_000_000n];
    expect(times).toEqual([[noonUs - 1_500_000n, 0n, noonUs + 8_500_000n], 'cdr_malformed', asTold, asTold]);
  });

  it('is held only by rows that an import would believe', async () => {
    const known = await switchClocks(api);
    const week = 7n * 86_400_000_000n;
    const ended = (startedAtUs: bigint, endedAtUs: bigint): CdrRow => ({ line: 1, rowText: '', call: ok(create(CallEndedSchema, { call: { switchId: 'pbx', callId: 'c' }, startedAtUs, endedAtUs })) });
    const codes: string[] = [];
    const rows = [ended(noonUs, noonUs), ended(noonUs * 2n, noonUs * 2n), ended(1n, 2n), ended(noonUs, noonUs - 1n), ended(noonUs - 2n * week, noonUs)];
    for await (const { call } of byOurClock(rowsOf(...rows), known, nowUs)) codes.push(call.ok ? 'believed' : call.refusal.code);
    expect(codes).toEqual(['believed', 'field_out_of_range', 'field_out_of_range', 'times_out_of_order', 'duration_malformed']);
  });
});
