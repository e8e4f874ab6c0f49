import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { type Activation, inForce } from './activation.ts';

/** `1@0 2@10 3@20-25`: version 1 from 0, version 2 from 10, version 3 from 20 and withdrawn at 25. */
function activations(text: string): Activation[] {
  return text.split(' ').filter(Boolean).map((part) => {
    const [, version = '', from = '', , withdrawn] = /^(\d+)@(\d+)(-(\d+))?$/.exec(part) ?? [];
    return {
      kind: 1, ownerId: 7, version: Number(version), activation: Number(version), digest: `d${version}`, currency: 'EUR', carrierCode: '', chunkCount: 1, rateCount: 1,
      validFromUs: Number(from), withdrawnAtUs: withdrawn === undefined ? undefined : Number(withdrawn),
    };
  });
}

const told = (text: string) => inForce(activations(text)).map(({ version, validFromUs, validUntilUs }) => `${version}:[${validFromUs},${validUntilUs})`).join(' ');

describe('which deck version counts when', () => {
  it.each(table(`
    versions          | inForce
    -                 | -
    1@0               | 1:[0,Infinity)
    1@0 2@10          | 1:[0,10) 2:[10,Infinity)
    2@10 1@0          | 1:[0,10) 2:[10,Infinity)
    1@10 2@10         | 2:[10,Infinity)
    1@0 2@10-15       | 1:[0,10) 2:[10,15)
    1@0-5 2@10        | 1:[0,5) 2:[10,Infinity)
    1@0 2@10-10 3@20  | 1:[0,20) 3:[20,Infinity)
    1@0 2@10-4        | 1:[0,Infinity)
    1@0-30 2@10       | 1:[0,10) 2:[10,Infinity)
  `))('$versions gives $inForce', ({ versions = '', inForce: expected }) => {
    expect(told(versions)).toBe(expected);
  });

  it('keeps the owners apart', () => {
    const [tariff] = activations('1@0');
    const retail = activations('2@10').map((activation) => ({ ...activation, ownerId: 8 }));
    expect(inForce([...(tariff === undefined ? [] : [tariff]), ...retail]).map(({ validUntilUs }) => validUntilUs)).toEqual([Infinity, Infinity]);
  });
});
