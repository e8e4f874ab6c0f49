import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { SearchCallsRequestSchema } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { until } from '@tollwire/testing';
import { cdrAnswers } from '../api/cdr-answers.ts';
import { track } from '../reactions/call-reactions.ts';
import { learnCarrierNumbers } from '../reactions/learn-carriers.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callAnswered, callEnded, callStarted, providerRegistered, wholeCall } from '../spec-events.ts';
import { fillProviderIds } from './carriers.ts';
import { rebuildCalls } from './rebuild-calls.ts';

describe('the number of the carrier that connected a call', () => {
  let bed: CdrBed;

  beforeAll(async () => {
    bed = await cdrBed();
  });
  beforeEach(() => bed.empty());
  afterAll(() => bed.close());

  const record = (...events: ReturnType<typeof callStarted>[]) => runReaction(bed.database, track(bed.deps), events);
  const learn = (...events: ReturnType<typeof providerRegistered>[]) => runReaction(bed.database, learnCarrierNumbers(), events);
  async function numbers(): Promise<string> {
    const rows = await bed.database.query<{ text: string }>(`SELECT format('%s:%s', uniqueid, providerid) AS text FROM call ORDER BY uniqueid`);
    return rows.map(({ text }) => text).join(' ');
  }

  it('is on calls that come after it, whole or step by step, and follows the carrier', async () => {
    await learn(providerRegistered('C1', 7), providerRegistered('C2', 8));
    await record(...wholeCall({ callId: 'a' }), callStarted({ callId: 'b' }), callStarted({ callId: 'c' }));
    expect(await numbers()).toBe('a:7 b: c:');
    await record(callAnswered({ callId: 'b' }), callAnswered({ callId: 'c' }, { carrierCode: 'C2' }));
    expect(await numbers()).toBe('a:7 b:7 c:8');
    await record(callEnded({ callId: 'c' }, { carrierCode: 'unheard-of' }));
    expect(await numbers()).toBe('a:7 b:7 c:');
  });

  it('comes onto calls from before it, however many slices they are, and onto no others', async () => {
    for (const callId of ['a', 'b', 'c', 'd', 'e']) await record(...wholeCall({ callId }));
    await record(callStarted({ callId: 'open' }), callEnded({ callId: 'other' }, { carrierCode: 'C9' }));
    await learn(providerRegistered('C1', 7));
    await record(...wholeCall({ callId: 'f' }));
    expect(await numbers()).toBe('a: b: c: d: e: f:7 open: other:');
    await fillProviderIds(bed.database, { sliceCalls: 2, slicesMax: 1 });
    expect(await numbers()).not.toMatch(/[a-e]:7.*[a-e]:7.*[a-e]:7/);
    await fillProviderIds(bed.database, { sliceCalls: 2, slicesMax: 1_000 });
    expect(await numbers()).toBe('a:7 b:7 c:7 d:7 e:7 f:7 open: other:');
    await learn(providerRegistered('C9', 9));
    await fillProviderIds(bed.database);
    expect(await numbers()).toBe('a:7 b:7 c:7 d:7 e:7 f:7 open: other:9');
  });

  it('is the first that was told, and told again does not begin again', async () => {
    await learn(providerRegistered('C1', 7));
    await record(...wholeCall({ callId: 'a' }));
    await learn({ ...providerRegistered('C1', 70), id: '00000000-0000-8000-8000-000000000001' });
    expect(await bed.database.query('SELECT carrier_code, providerid, fill_until FROM carrier')).toEqual([{ carrier_code: 'C1', providerid: 7, fill_until: 0n }]);
  });

  it('waits for calls that are being recorded without it, so that none is missed', async () => {
    const waiting = async () => (await bed.database.query(`SELECT 1 FROM pg_locks WHERE relation = 'carrier'::regclass AND NOT granted`)).length > 0;
    const learning = await bed.database.transaction(async (tx) => {
      await track(bed.deps).handle(tx, wholeCall({ callId: 'a' }));
      const learnt = learn(providerRegistered('C1', 7));
      await until(waiting);
      return { learnt };
    });
    await learning.learnt;
    expect(await numbers()).toBe('a:');
    await fillProviderIds(bed.database);
    expect(await numbers()).toBe('a:7');
  });

  it('parks a registration without a code or a number', async () => {
    expect(await learn(providerRegistered('', 7), providerRegistered('C3', 0))).toMatchObject({ parked: 2 });
    expect(await bed.database.query('SELECT 1 FROM carrier')).toEqual([]);
  });

  it('is answered with the country prefix, and stays through a rebuild', async () => {
    await learn(providerRegistered('C1', 7));
    await record(...wholeCall({ callId: 'a' }), callStarted({ callId: 'b' }));
    const { searchCalls } = cdrAnswers(bed.deps);
    const answered = async () => {
      const reply = await searchCalls(create(SearchCallsRequestSchema), { method: 'SearchCalls', correlationId: 'spec' });
      return reply.ok ? reply.value.calls?.map(({ providerId, countryPrefixId }) => ({ providerId, countryPrefixId })) : reply;
    };
    const before = await answered();
    expect(before).toContainEqual({ providerId: 7, countryPrefixId: 44 });
    expect(before).toContainEqual({ providerId: 0, countryPrefixId: 0 });
    await rebuildCalls(bed.owner);
    expect(await answered()).toEqual(before);
  });
});
