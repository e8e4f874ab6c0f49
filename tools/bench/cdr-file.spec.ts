import { describe, expect, it } from '@jest/globals';
import { parseCdrLine } from '../../services/edge/src/cdr-import/parsers.ts';
import { cdrFile } from './cdr-file.ts';

const source = {
  runId: 'run', cardIds: ['0012345678901234', '0012345678901235'], world: { carrierCodes: ['NORTH'] },
  plan: { prefixes: [{ prefix: '4366', countryCode: 'AT', subcode: '' }] },
};

describe('the file of calls that the bench imports', () => {
  it('has as many rows as it should, each of them another call that can be rated', () => {
    const rows = [...cdrFile(source, 1_203, 1_795_900_000)].join('').trimEnd().split('\n');
    const calls = rows.map((text, at) => parseCdrLine('asterisk_csv', text, { line: at + 1, switchId: 'pbx' }));
    const ids = calls.flatMap((call) => (call.ok && call.value.carrierCode === 'NORTH' && call.value.answeredAtUs !== 0n ? [call.value.call?.callId] : []));
    expect(new Set(ids).size).toBe(1_203);
  });
});
