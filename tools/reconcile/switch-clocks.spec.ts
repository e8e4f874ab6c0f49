import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CallEndedSchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { CdrRow } from '../../services/edge/src/cdr-import/rows.ts';
import { byOurClock, switchClocks } from './switch-clocks.ts';

const api: Parameters<typeof switchClocks>[0] = {
  get: async (_path, schema) => schema.parse({ switches: [{ name: 'pbx', zone: 'Europe/Vienna', skewMs: 1500 }, { name: 'sw1' }] }),
};

async function* rowsOf(...rows: CdrRow[]) {
  yield* rows;
}

describe('a file that is held against our calls', () => {
  it('is read by the zone and the skew that its switch is set to, as an import reads it', async () => {
    const known = await switchClocks(api);
    expect(known.clocks.get('pbx')?.zone?.utcMsOf(Date.parse('2026-06-01T14:00:00Z'))).toBe(Date.parse('2026-06-01T12:00:00Z'));
    expect(known.clocks.get('sw1')).toEqual({ zone: undefined, skewUs: 0n });
    const ended = (switchId: string) => create(CallEndedSchema, { call: { switchId, callId: 'c' }, startedAtUs: 10_000_000n, endedAtUs: 20_000_000n });
    const row = (switchId: string): CdrRow => ({ line: 1, rowText: '', call: ok(ended(switchId)) });
    const bad: CdrRow = { line: 2, rowText: 'x', call: refuse({ code: 'cdr_malformed' }) };
    const times: unknown[] = [];
    for await (const { call } of byOurClock(rowsOf(row('pbx'), bad, row('sw1'), row('unheard-of')), known)) {
      times.push(call.ok ? [call.value.startedAtUs, call.value.answeredAtUs, call.value.endedAtUs] : call.refusal.code);
    }
    expect(times).toEqual([[8_500_000n, 0n, 18_500_000n], 'cdr_malformed', [10_000_000n, 0n, 20_000_000n], [10_000_000n, 0n, 20_000_000n]]);
  });
});
