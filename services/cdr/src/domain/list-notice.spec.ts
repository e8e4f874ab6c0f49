import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { hitsToTell } from './list-notice.ts';

describe('who is told that calls met a list', () => {
  it('is told once within the time that is set, whatever the entry', () => {
    const rows = table<'case' | 'throttle_min' | 'hits_at_min' | 'last_min' | 'told'>(`
      case   | throttle_min | hits_at_min | last_min | told
      BW-04  | 10           | 0,1,9,11    | -        | 0,11
      -      | 10           | 0,10,20     | -        | 0,10,20
      -      | 10           | 11,9,1,0    | -        | 0,11
      -      | 10           | 3,9         | 0        | none
      -      | 10           | 3,10,12     | 0        | 10
      -      | 0            | 1,2,2       | -        | 1,2,2
    `);
    const base = 1_800_000_000_000_000n;
    const us = (min: string) => base + BigInt(min) * 60_000_000n;
    for (const row of rows) {
      const hits = row.hits_at_min.split(',').map((min, at) => ({ subject: `43${at}`, atUs: us(min) }));
      const { told } = hitsToTell(hits, row.last_min === '' ? 0n : us(row.last_min), 60 * Number(row.throttle_min));
      const mins = told.map(({ atUs }) => `${(atUs - base) / 60_000_000n}`).join(',');
      expect({ ...row, told: mins || 'none' }).toEqual(row);
    }
  });
});
