import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { type AttemptCause, FAILOVER, failoverBy, goesOn } from './failover.ts';

describe('going on to the next carrier', () => {
  it.each(table(`
    told as      value        | goes on
    disposition  CONGESTION   | yes
    disposition  CHANUNAVAIL  | yes
    disposition  BUSY         | no
    disposition  NO ANSWER    | no
    disposition  NOBODY KNOWS | no
    q850         34           | yes
    q850         17           | no
    q850         16           | no
    q850         1            | no
    q850         999          | no
    sip          503          | yes
    sip          486          | no
    sip          404          | no
    sip          403          | yes
    sip          488          | yes
    sip          600          | no
  `))('$value as $told as: $goes on', (row) => {
    const value = row['value'] ?? '';
    const cause: AttemptCause = row['told as'] === 'disposition' ? { disposition: value } : row['told as'] === 'sip' ? { sip: Number(value) } : { q850: Number(value) };
    expect(goesOn(cause)).toBe(row['goes on'] === 'yes');
  });

  it('can be agreed otherwise, a SIP status before its cause', () => {
    const policy = { q850: new Set([17]), sip: new Map([[486, false]]) };
    expect([goesOn({ q850: 17 }, policy), goesOn({ sip: 486 }, policy), goesOn({ sip: 503 }, policy), FAILOVER.q850.has(17)]).toEqual([true, false, false, false]);
  });

  it('is as usual but for what a policy says', () => {
    const policy = failoverBy({ q850: [17], sipGoesOn: [486, 480], sipStops: [503, 480] });
    expect([goesOn({ q850: 17 }, policy), goesOn({ q850: 34 }, policy), goesOn({ sip: 486 }, policy), goesOn({ sip: 503 }, policy), goesOn({ sip: 480 }, policy), goesOn({ sip: 403 }, policy)])
      .toEqual([true, false, true, false, false, true]);
    expect(failoverBy({ sipGoesOn: [], sipStops: [] })).toEqual(FAILOVER);
  });
});
