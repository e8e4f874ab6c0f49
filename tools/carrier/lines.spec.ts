import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';
import { carrierLine, limitsText, measuredLines } from './lines.ts';
import { limits } from './replies.ts';

const rules = { attemptCountMin: 20, lockSec: 300 };

describe('a carrier in one line', () => {
  it('tells limits in words, and nothing of those that are not there', () => {
    expect(limitsText(limits.parse(rules))).toBe('no limits');
    const all = {
      ...rules, hours: [{ weekdays: [1, 7], fromSec: 30_600, untilSec: 86_400 }, { fromSec: 1, untilSec: 60 }], timeZone: 'Europe/Madrid',
      concurrentCallsMax: 30, callsPerSecMax: 10, asrPpmMin: 375_000, acdSecMin: 40, pddMsMax: 6000,
    };
    const taken = { ...rules, codecs: ['PCMA', 'opus'], attestationMin: 'B', accountsOnly: ['acme'], accountsNot: ['evil'] };
    expect(limitsText(limits.parse(taken))).toBe('codecs PCMA, opus; attestation B or better; only for acme; not for evil');
    expect(limitsText(limits.parse(all))).toBe(
      'open mon,sun 08:30-24:00, 00:00:01-00:01 (Europe/Madrid); at most 30 calls at once; at most 10 calls a second; ' +
        'ASR at least 37.5 %; ACD at least 40 s; PDD at most 6000 ms; over at least 20 attempts, else locked for 300 s',
    );
  });

  it('says where it is, and whether it is in routes', () => {
    const carrier = { providerId: 1, carrierCode: 'A', name: 'Alpha', active: true, priority: 5, gateway: { address: 'a.example' }, gateways: [] };
    expect(carrierLine(carrier)).toBe('A (Alpha) at a.example, priority 5; no limits');
    expect(carrierLine({ ...carrier, active: false, limits: limits.parse({ ...rules, concurrentCallsMax: 1 }) })).toBe('A (Alpha) at a.example, priority 5, suspended; at most 1 calls at once');
  });
});

describe('what is measured of carriers', () => {
  it('is a table, with what there is nothing to divide by left open', () => {
    expect(measuredLines({ windowSec: 900, qualities: [], balances: [], capacities: [{ carrierCode: 'A', concurrentCalls: 3, concurrentCallsMax: 30, callsPerSec: 1 }] })).toEqual([
      'no attempt ended within 900 s', 'A has 3 of 30 calls at once, 1 begun in this second',
    ]);
    const eur = (amount: string) => ({ amount, currency: 'EUR' });
    const balances = [{ carrierCode: 'A', stated: eur('100.00'), statedAt: '12:00', spent: eur('1.50'), left: eur('98.50') }];
    expect(measuredLines({ windowSec: 900, qualities: [], balances, capacities: [] })[1]).toBe('A has 98.50 EUR left: 100.00 as of 12:00, less 1.50 for calls since');
    const [text = ''] = measuredLines({
      windowSec: 900, balances: [], capacities: [],
      qualities: [
        { carrierCode: 'A', destination: '', attemptCount: 20, asrPercent: 50, nerPercent: 90, acdSec: 60.5, pddMs: 2500, lockedFor: '' },
        { carrierCode: 'A', destination: '34', attemptCount: 3, asrPercent: 0, nerPercent: 0, acdSec: undefined, pddMs: undefined, lockedUntil: '12:00', lockedFor: 'ASR 0' },
      ],
    });
    expect(text.split('\n').slice(-2).map((line) => line.trim().split(/ +/).join(' '))).toEqual(['A all 20 50 90 60.5 2500', 'A +34 3 0 0 - - locked until 12:00: ASR 0']);
  });
});

describe('./tollwire carrier balance', () => {
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  const carriers = { providers: [{ providerId: 1, carrierCode: 'A', active: true }] };

  it('shows what is left where nothing is said of it', async () => {
    const balances = [{ carrierCode: 'A', stated: eur('100.00'), statedAt: '12:00', spent: eur('1.50'), left: eur('98.50') }];
    const shown = await outcomeOf(['carrier', 'balance', 'A'], [carriers, { windowSec: 900, qualities: [], balances }]);
    expect(shown).toMatchObject({ asked: ['GET /v1/providers', 'GET /v1/providers/measured?carrierCode=A'], out: 'A has 98.50 EUR left: 100.00 as of 12:00, less 1.50 for calls since\n' });
    expect((await outcomeOf(['carrier', 'balance', 'A'], [carriers, { windowSec: 900, qualities: [] }])).out).toBe('A: any amount may be used up\n');
    expect(await outcomeOf(['carrier', 'balance', 'A', '--left', '5', '--unlimited'])).toMatchObject({ asked: [], exitCode: 2 });
    expect(await outcomeOf(['carrier', 'balance', 'B'], [carriers])).toMatchObject({ exitCode: 1, stopped: expect.stringContaining('There is no carrier B') });
  });
});
