import { describe, expect, it } from '@jest/globals';
import { type EndedCall, outcomesOf } from './attempts.ts';

const sec = 1_000_000;
const attempt = (carrierCode: string, startedSec: number, endedSec: number, q850Cause: number) => ({ carrierCode, startedAtUs: startedSec * sec, endedAtUs: endedSec * sec, q850Cause });

/** Began at 100 s over ALPHA, which had no circuit, then over BETA, which rang at 104 s and was answered from 110 s to 170 s. */
const hunted: EndedCall = {
  calledNumber: '+34650123456', startedAtUs: 100 * sec, answeredAtUs: 110 * sec, endedAtUs: 170 * sec, q850Cause: 16, carrierCode: 'BETA', ringingAtUs: 104 * sec,
  attempts: [attempt('ALPHA', 100, 102, 34), attempt('BETA', 102, 170, 16)],
};

const told = (call: EndedCall) =>
  outcomesOf(call).map(({ carrierCode, destination, endedAtUs, isAnswered, isEffective, talkUs, pddUs }) =>
    [carrierCode, destination || '?', endedAtUs / sec, isAnswered ? 'answered' : isEffective ? 'effective' : 'failed', talkUs / sec, pddUs === undefined ? '-' : pddUs / sec].join(' '));

describe('what a call says of its carriers', () => {
  it('is one outcome for each attempt: those before the last one failed', () => {
    expect(told(hunted)).toEqual(['ALPHA 34 102 failed 0 -', 'BETA 34 170 answered 60 2']);
  });

  it.each<[what: string, change: Partial<EndedCall>, outcomes: string[]]>([
    ['was busy', { answeredAtUs: 0, carrierCode: '', q850Cause: 17, attempts: [attempt('ALPHA', 100, 102, 34), attempt('BETA', 102, 120, 17)] },
      ['ALPHA 34 102 failed 0 -', 'BETA 34 120 effective 0 2']],
    ['names its carrier and no attempts', { attempts: [] }, ['BETA 34 170 answered 60 4']],
    ['names a carrier that is not among the attempts', { attempts: [attempt('ALPHA', 100, 102, 34)] }, ['ALPHA 34 102 failed 0 -', 'BETA 34 170 answered 60 4']],
    ['failed over the carrier that it names', { answeredAtUs: 0, attempts: [], q850Cause: 38 }, ['BETA 34 170 failed 0 4']],
    ['was answered over nobody knows whom', { carrierCode: '', attempts: [attempt('ALPHA', 100, 102, 34)] }, ['ALPHA 34 102 failed 0 -']],
    ['was tried over nobody', { answeredAtUs: 0, carrierCode: '', attempts: [] }, []],
    ['tried one carrier twice', { attempts: [attempt('BETA', 100, 101, 41), attempt('BETA', 102, 170, 16)] }, ['BETA 34 101 failed 0 -', 'BETA 34 170 answered 60 2']],
    ['tells no times of its attempts', { attempts: [attempt('ALPHA', 0, 0, 34), attempt('BETA', 0, 0, 16)] }, ['ALPHA 34 170 failed 0 -', 'BETA 34 170 answered 60 4']],
    ['did not tell of ringing', { ringingAtUs: undefined }, ['ALPHA 34 102 failed 0 -', 'BETA 34 170 answered 60 -']],
    ['rang before it was tried', { ringingAtUs: 101 * sec }, ['ALPHA 34 102 failed 0 -', 'BETA 34 170 answered 60 -']],
    ['went to a number that cannot be read', { calledNumber: '0650123456', attempts: [] }, ['BETA ? 170 answered 60 4']],
    ['has an end before its answer', { endedAtUs: 105 * sec, attempts: [] }, ['BETA 34 105 answered 0 4']],
  ])('is right where it %s', (_, change, outcomes) => {
    expect(told({ ...hunted, ...change })).toEqual(outcomes);
  });
});
