import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { q850Cause } from './q850.ts';
import { q850OfDisposition, q850OfSip } from './release-cause.ts';

describe('q850OfDisposition', () => {
  it.each(
    table(`
      disposition  q850
      ANSWER       16
      ANSWERED     16
      BUSY         17
      NOANSWER     19
      CANCEL       21
      CONGESTION   34
      FAILED       41
      CHANUNAVAIL  47
      busy         17
    `),
  )('$disposition → $q850', ({ disposition, q850 }) => {
    expect(q850OfDisposition(disposition ?? '')).toBe(Number(q850));
  });

  it('reads the CDR spelling with a space, and knows what it does not know', () => {
    expect(q850OfDisposition('NO ANSWER')).toBe(19);
    expect(q850OfDisposition('toString')).toBeUndefined();
    expect(q850OfDisposition('')).toBeUndefined();
  });
});

describe('q850OfSip', () => {
  it.each(
    table(`
      status  q850
      200     16
      302     23
      404     1
      408     102
      480     18
      484     28
      486     17
      487     16
      499     41
      503     41
      504     102
      599     41
      600     17
      603     21
      699     17
    `),
  )('$status → $q850', ({ status, q850 }) => {
    expect(q850OfSip(Number(status))).toBe(Number(q850));
  });

  it('answers a known cause for every final status, and none for anything else', () => {
    for (let status = 200; status < 700; status += 1) expect(q850Cause(q850OfSip(status) ?? -1)).toBeDefined();
    expect([100, 180, 199, 700, 0, -1, 404.5, Number.NaN].map(q850OfSip)).toEqual(Array.from({ length: 8 }, () => undefined));
  });
});
