import { parseArgs } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { policyBody, policyOptions } from './policy-body.ts';

const body = (line: string) => policyBody(parseArgs({ args: line.split(' ').filter((arg) => arg !== ''), options: policyOptions }).values);

describe('./tollwire policy set', () => {
  it.each<[line: string, expected: object]>([
    ['', {}],
    ['--order weights --weight ALPHA=3 --weight B=C=0 --seed 1', { order: 'weights', seed: 1, weights: [{ carrierCode: 'ALPHA', weight: 3 }, { carrierCode: 'B=C', weight: 0 }] }],
    ['--order priority --metric 2=5 --allow-losses', { order: 'priority', lossAllowed: true, metrics: [{ carrierPlanId: 2, metric: 5 }] }],
    ['--prefix-mode tiered --expected-sec 90 --delta 0.001 --delta-ppm 50000', { prefixMode: 'tiered', expectedSec: 90, delta: '0.001', deltaPpm: 50_000 }],
    ['--failover-q850 34,38 --sip-stops 503', { failover: { q850: [34, 38], sipStops: [503] } }],
    ['--sell-rate-max 0.10', { sellRateMax: '0.10' }],
    ['--margin-min 0.002 --margin-ppm-min 1', { marginMin: '0.002', marginPpmMin: 1 }],
    ['--static 34=A,B --exclusive 44=C', { staticRoutes: [{ prefix: '34', carrierCodes: ['A', 'B'], exclusive: false }, { prefix: '44', carrierCodes: ['C'], exclusive: true }] }],
  ])('reads %s', (line, expected) => {
    expect(body(line)).toEqual(expected);
  });

  it.each(['--weight ALPHA', '--weight =3', '--weight A=', '--weight A=much', '--metric A=1', '--seed -1', '--sip-stops x', '--expected-sec 1.5'])('stops at %s', (line) => {
    expect(() => body(line.replace('--seed -1', '--seed=-1'))).toThrow(/--(weight|metric|seed|expected-sec|sip-stops) takes/);
  });
});
