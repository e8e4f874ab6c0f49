import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AccountOpenedSchema, CarrierAttemptSchema, GetCallRequestSchema, publicEventOf, publicEvents } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import { q850Causes } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { cdrAnswers } from '../api/cdr-answers.ts';
import { atSec } from '../domain/call.fixtures.ts';
import { track } from '../reactions/call-reactions.ts';
import { learnAccountCodes } from '../reactions/learn-account-codes.ts';
import { learnCarrierNumbers } from '../reactions/learn-carriers.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callAnswered, callEnded, callRated, callStarted, providerRegistered, received, wholeCall } from '../spec-events.ts';
import { fillProviderIds } from './carriers.ts';
import { seedHangupCauses } from './hangup-causes.ts';

let bed: CdrBed;

beforeAll(async () => {
  bed = await cdrBed();
});
beforeEach(() => bed.empty());
afterAll(() => bed.close());

const record = (...events: ReturnType<typeof callStarted>[]) => runReaction(bed.database, track(bed.deps), events);
async function get(callId: string) {
  const answer = await cdrAnswers(bed.deps).getCall(create(GetCallRequestSchema, { call: { switchId: 'fs1', callId, leg: 0 } }), {
    method: 'GetCall',
    correlationId: 'spec',
  });
  if (!answer.ok) throw new Error(answer.refusal.code);
  return answer.value;
}

describe('fillProviderIds', () => {
  it('gives every call its number once, while instances sweep, carriers are learnt and calls are recorded at once', async () => {
    const codes = ['C1', 'C2', 'C3'] as const;
    const callOf = (at: number) =>
      wholeCall({ callId: `c${at}`, atSec: at })
        .slice(0, 1)
        .concat(callEnded({ callId: `c${at}`, atSec: at }, { carrierCode: present(codes[at % 3], 'a code') }));
    await record(...Array.from({ length: 60 }, (_, at) => callOf(at)).flat());
    const sweeps = Array.from({ length: 4 }, () => fillProviderIds(bed.database, { sliceCalls: 7, slicesMax: 30 }));
    const learning = codes.map((code, at) => runReaction(bed.database, learnCarrierNumbers(), [providerRegistered(code, at + 1)]));
    const recording = Array.from({ length: 6 }, (_, at) => record(...Array.from({ length: 5 }, (_unused, n) => callOf(60 + at * 5 + n)).flat()));
    await Promise.all([...sweeps, ...learning, ...recording]);
    await fillProviderIds(bed.database);
    const wrong = await bed.database.query(
      `SELECT uniqueid, carrier_code, providerid FROM call WHERE providerid IS DISTINCT FROM substr(carrier_code, 2)::int`,
    );
    expect(wrong).toEqual([]);
    expect(await bed.database.query('SELECT 1 FROM call')).toHaveLength(90);
    expect(await bed.database.query('SELECT 1 FROM carrier WHERE filled_until < fill_until')).toEqual([]);
  }, 30_000);

  it('never goes back over calls that it has been through', async () => {
    await record(...wholeCall({ callId: 'a' }));
    await runReaction(bed.database, learnCarrierNumbers(), [providerRegistered('C1', 7)]);
    await fillProviderIds(bed.database);
    await bed.database.query('UPDATE call SET providerid = NULL');
    await fillProviderIds(bed.database);
    expect((await get('a')).providerId).toBe(0);
  });
});

describe('seedHangupCauses', () => {
  it('seeds once where instances start together, and writes nothing when nothing changed', async () => {
    await Promise.all([1, 2, 3, 4].map(() => seedHangupCauses(bed.database)));
    const versions = () => bed.database.query('SELECT code, xmin::text FROM hangup_cause ORDER BY code');
    const before = await versions();
    expect(before).toHaveLength(q850Causes.length);
    await seedHangupCauses(bed.database);
    expect(await versions()).toEqual(before);
  });

  it('names every cause by which a call can end as the call itself does, and tells where it comes from', async () => {
    await seedHangupCauses(bed.database);
    await record(...q850Causes.map(({ code }) => callEnded({ callId: `q${code}` }, { q850Cause: code })), callEnded({ callId: 'q-odd' }, { q850Cause: 977 }));
    const strays = await bed.database.query(
      `SELECT c.q850_cause, c.terminatecause FROM call c LEFT JOIN hangup_cause h ON h.code = c.q850_cause AND h.enumeration = c.terminatecause WHERE h.code IS NULL`,
    );
    expect(strays).toEqual([{ q850_cause: 977, terminatecause: 'CAUSE_977' }]);
    expect(await bed.database.query(`SELECT count(*)::int FROM hangup_cause WHERE (description = 'ITU-T Q.850') <> (code BETWEEN 1 AND 127)`)).toEqual([
      { count: 0 },
    ]);
  });
});

describe('a call as it is answered', () => {
  it('has nothing of what did not happen yet', async () => {
    await record(callStarted({ callId: 'a' }));
    const recordedUs = BigInt(bed.clock.nowUs());
    const received = { startedReceivedAtUs: recordedUs, ringingReceivedAtUs: 0n, answeredReceivedAtUs: 0n, endedReceivedAtUs: 0n, ratedReceivedAtUs: 0n, lastReceivedAtUs: recordedUs };
    expect(await get('a')).toEqual({
      call: { switchId: 'fs1', callId: 'a', leg: 0 },
      ...received,
      status: 'started',
      charged: { party: { case: 'cardId', value: '0012345678901234' } },
      cli: '431555****',
      calledNumber: '442071******',
      calledE164: '',
      startedAtUs: BigInt(atSec(0)),
      ringingAtUs: 0n,
      answeredAtUs: 0n,
      endedAtUs: 0n,
      sessionTimeSec: 0,
      pulseTimeSec: 0,
      startDelaySec: 0,
      stopDelaySec: 0,
      q850Cause: 0,
      terminateCause: '',
      carrierCode: '',
      providerId: 0,
      countryPrefixId: 0,
      abandoned: '',
      flags: [],
      attempts: [],
    });
  });

  it('tells of an attempt that was never answered for with instants of 0', async () => {
    await record(callEnded({ callId: 'a' }, { attempts: [create(CarrierAttemptSchema, { carrierCode: 'C1', q850Cause: 34 })] }));
    expect((await get('a')).attempts).toEqual([{ carrierCode: 'C1', startedAtUs: 0n, endedAtUs: 0n, q850Cause: 34 }]);
  });

  it('is unassigned as long as nobody known pays for it', async () => {
    const data = create(AccountOpenedSchema, { customerId: 'k1', accountCodes: ['opened'] });
    await runReaction(bed.database, learnAccountCodes(), [
      received(publicEventOf(publicEvents.AccountOpened, { source: 'tollwire/card', timeUs: atSec(0), parts: ['k1'], data })),
    ]);
    const rows = table<'call' | 'account' | 'kinds' | 'flags'>(`
      call | account | kinds   | flags
      a    | -       | start   | -
      b    | opened  | start   | -
      c    | closed  | start   | unassigned
      d    | closed  | end     | no_start,unassigned
      e    | closed  | all     | -
      f    | closed  | rating  | no_start,no_end
      g    | -       | answer  | no_start,unassigned
    `);
    const kinds: Record<string, (of: { callId: string; accountCode?: string }) => ReturnType<typeof callStarted>[]> = {
      start: (of) => [callStarted(of)],
      end: (of) => [callEnded(of)],
      all: wholeCall,
      rating: (of) => [callRated(of)],
      answer: (of) => [callAnswered(of)],
    };
    for (const { call, account, kinds: told, flags } of rows) {
      await record(...present(kinds[told], told)(account === '' ? { callId: call } : { callId: call, accountCode: account }));
      expect({ call, flags: (await get(call)).flags }).toEqual({ call, flags: flags === '' ? [] : flags.split(',') });
    }
  });
});
