import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseAsteriskCsv } from './asterisk-csv.ts';
import { parseFreeswitchJson } from './freeswitch-json.ts';
import { parseKamailioAcc } from './kamailio-acc.ts';

const page = readFileSync(new URL('../../../../docs/services/edge.md', import.meta.url), 'utf8');
const section = page.split('## What is read of CDR files')[1]?.split('\n## ')[0] ?? '';
const rows = [...section.matchAll(/```\w+\n(.*)\n```/g)].map(([, row = '']) => row);

describe('the rows on the page of edge', () => {
  it.each([
    { format: 'asterisk_csv', parse: parseAsteriskCsv, at: 0 },
    { format: 'freeswitch_json', parse: parseFreeswitchJson, at: 1 },
    { format: 'kamailio_acc', parse: parseKamailioAcc, at: 2 },
  ])('are read as one call: $format', ({ parse, at }) => {
    expect(parse(rows[at] ?? '', { line: 1, switchId: 'sw1' })).toMatchObject({
      ok: true,
      value: {
        charged: { party: { case: 'cardId', value: '0012345678901234' } },
        cli: '4315550100',
        calledNumber: '442071838750',
        startedAtUs: 1_772_366_400_000_000n,
        answeredAtUs: 1_772_366_404_000_000n,
        endedAtUs: 1_772_366_464_000_000n,
        q850Cause: 16,
        carrierCode: 'NORTH',
      },
    });
  });
});
