import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { lockAt, locksDue, type QualityLock, qualityOf, withLock } from './carrier-quality.ts';
import { NO_LIMITS } from './provider-limits.ts';

const minuteUs = 60_000_000;
const agreed = { ...NO_LIMITS.quality, asrPpmMin: 400_000, acdSecMin: 30, pddMsMax: 5_000, attemptCountMin: 10, lockSec: 90 };
const sums = { attempts: 20, answered: 10, effective: 18, talkUs: 600_000_000, pddUs: 20_000_000, pddCalls: 8 };
const good = qualityOf(sums);
const bad = qualityOf({ ...sums, answered: 3, talkUs: 180_000_000 });

describe('what was measured of a carrier', () => {
  it.each(table(`
    attempts | answered | effective | talkSec | pddMs | pdds | quality
    20       | 10       | 18        | 600     | 20000 | 8    | ASR 0.5 NER 0.9 ACD 60 PDD 2500
    3        | 1        | 2         | 10      | 0     | 0    | ASR 0.3333 NER 0.6667 ACD 10 PDD -
    3        | 0        | 3         | 0       | 1     | 2    | ASR 0 NER 1 ACD - PDD 1
    0        | 0        | 0         | 0       | 0     | 0    | ASR - NER - ACD - PDD -
  `))('$answered answered of $attempts is $quality', ({ quality, ...line }) => {
    const [attempts = 0, answered = 0, effective = 0, talkSec = 0, pddMs = 0, pddCalls = 0] = [line.attempts, line.answered, line.effective, line.talkSec, line.pddMs, line.pdds].map(Number);
    const { asr, ner, acdSec, pddMs: pdd, attemptCount } = qualityOf({ attempts, answered, effective, talkUs: talkSec * 1_000_000, pddUs: pddMs * 1000, pddCalls });
    expect(`ASR ${asr ?? '-'} NER ${ner ?? '-'} ACD ${acdSec ?? '-'} PDD ${pdd ?? '-'}`).toBe(quality);
    expect(attemptCount).toBe(attempts);
  });
});

describe('locks for quality', () => {
  const atUs = 10 * minuteUs + 1;
  const lock = (destination: string, fromMin: number, untilMin: number): QualityLock =>
    ({ destination, fault: { measure: 'asr', measured: 0.15, limit: 0.4 }, fromUs: fromMin * minuteUs, untilUs: untilMin * minuteUs });

  it('are due where a carrier is below a limit, until a whole minute', () => {
    expect(locksDue(agreed, new Map([['34', bad], ['44', good]]), [], atUs)).toEqual([{ ...lock('34', 10, 12), fromUs: atUs }]);
    expect(locksDue(agreed, new Map([['34', { ...bad, attemptCount: 9 }]]), [], atUs)).toEqual([]);
    expect(locksDue({ ...agreed, asrPpmMin: null }, new Map([['34', bad]]), [], atUs)).toEqual([]);
  });

  it('are one where it is below everywhere', () => {
    const due = locksDue(agreed, new Map([['34', bad], ['', bad]]), [], atUs);
    expect(due.map(({ destination }) => destination)).toEqual(['']);
  });

  it('are not due again while they last', () => {
    const measured = new Map([['34', bad]]);
    expect(locksDue(agreed, measured, [lock('34', 9, 11)], atUs)).toEqual([]);
    expect(locksDue(agreed, measured, [lock('', 9, 11)], atUs)).toEqual([]);
    expect(locksDue(agreed, measured, [lock('34', 5, 10), lock('44', 9, 11)], atUs)).toHaveLength(1);
  });

  it('hold from their beginning until their end, for their destination or for all', () => {
    const locks = withLock([lock('34', 1, 2), lock('44', 3, 5)], lock('34', 4, 6));
    const held = (destination: string, min: number) => lockAt(locks, destination, min * minuteUs) !== undefined;
    expect([held('34', 1), held('34', 4), held('34', 5.9), held('34', 6), held('44', 4), held('49', 4)]).toEqual([false, true, true, false, true, false]);
    expect(lockAt([lock('', 1, 2)], '49', minuteUs)?.destination).toBe('');
  });
});
