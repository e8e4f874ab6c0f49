import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CarrierAttemptSchema, LiveCallsRequestSchema, RatedSideSchema, type TrafficReportRequest, TrafficReportRequestSchema } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { instant, table } from '@tollwire/testing';
import { atSec } from '../domain/call.fixtures.ts';
import { foldReports, sumUpAnew } from '../projections/fold-reports.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callEnded, callRated, callRinging, callStarted, wholeCall } from '../spec-events.ts';
import { nameLately } from '../sweeps/name-lately.ts';
import { watchAnswers } from './watch-answers.ts';

let bed: CdrBed;
const context = { method: 'Test', correlationId: 'spec' };
const noonUs = BigInt(instant('2026-03-01T12:00:00Z'));
const hourUs = 3_600_000_000n;
const dayUs = 24n * hourUs;

beforeAll(async () => {
  bed = await cdrBed();
  const usd = create(RatedSideSchema, { amount: { nanos: 4_000_000n, currency: 'USD' }, prefix: '43' });
  await runReaction(bed.database, track(bed.deps), [
    ...wholeCall({ callId: 'a', atSec: 0 }),
    callRinging({ callId: 'a', atSec: 0 }),
    ...wholeCall({ callId: 'b', atSec: 61, accountCode: 'acme' }),
    callEnded({ callId: 'busy', atSec: 70 }, { answeredAtUs: 0n, carrierCode: '', q850Cause: 17 }),
    callEnded({ callId: 'short', atSec: 3600 }, { carrierCode: 'C2', attempts: [], endedAtUs: BigInt(atSec(3609)) }),
    callRated({ callId: 'short', atSec: 3600 }, { carrierCode: 'C2', countryPrefixId: 4366, sell: usd, buy: usd }),
    ...wholeCall({ callId: 'before', atSec: -86_400 }),
    callStarted({ callId: 'live' }),
  ]);
  await foldReports(bed.database);
  await nameLately(bed.deps);
});
afterAll(() => bed.close());

const base = { groupBy: 'all', step: 'whole', fromUs: noonUs, untilUs: noonUs + dayUs };
async function report(request: Partial<TrafficReportRequest>) {
  const answer = await watchAnswers(bed.deps).trafficReport(Object.assign(create(TrafficReportRequestSchema), base, request), context);
  return answer.ok ? { rows: answer.value.rows ?? [] } : { rows: [], refusal: answer.refusal };
}

describe('TrafficReport', () => {
  it('sums up the calls that are over, with the ratios of the trade', async () => {
    const { rows } = await report({});
    expect(rows).toEqual([{
      atUs: noonUs, value: '', name: '',
      figures: {
        callCount: 4n, attemptCount: 4n, answeredCount: 3n, effectiveCount: 4n, shortCount: 1n, abandonedCount: 0n, talkMs: 125_000n, billedSec: 132n,
        asrPercent: 75, nerPercent: 100, acdSec: 41.667, pddMs: 2000, shortPercent: 33.333,
        money: [
          { currency: 'EUR', sellNanos: 24_691_356n, buyNanos: 10_000_002n, marginNanos: 14_691_354n },
          { currency: 'USD', sellNanos: 4_000_000n, buyNanos: 4_000_000n, marginNanos: 0n },
        ],
      },
    }]);
  });

  it('breaks them down by place and time', async () => {
    const rows = table<'by' | 'step' | 'found'>(`
      by          | step   | found
      carrier     | whole  | C1 3, C2 1
      country     | whole  | GB 2, =1, AT 1
      destination | whole  | 44 2, 0 1, 4366 1
      account     | whole  | =3, acme 1
      switch      | whole  | fs1 4
      cause       | whole  | 16 3, 17 1
      all         | hour   | +0 =3, +60 =1
      all         | minute | +0 =1, +1 =2, +60 =1
      all         | day    | -720 =4
      carrier     | hour   | +0 C1 3, +60 C2 1
    `);
    for (const { by, step, found } of rows) {
      const answer = await report({ groupBy: by, step });
      const shown = answer.rows.map(({ atUs = 0n, value, figures }) => {
        const min = (atUs - noonUs) / 60_000_000n;
        return `${step === 'whole' ? '' : `${min < 0n ? '' : '+'}${min} `}${value === '' ? '=' : `${value} `}${figures?.callCount}`;
      });
      expect({ by, step, found: shown.toSorted() }).toEqual({ by, step, found: found.split(', ').toSorted() });
    }
  });

  it('measures a carrier by all attempts over it, also those after which another was tried', async () => {
    const attempts = [['C7', 34], ['C7', 17], ['C1', 16]].map(([carrierCode, q850Cause]) => create(CarrierAttemptSchema, { carrierCode: String(carrierCode), q850Cause: Number(q850Cause) }));
    const at = -7 * 86_400;
    await runReaction(bed.database, track(bed.deps), [callEnded({ callId: 'rerouted', atSec: at }, { attempts }), callEnded({ callId: 'straight', atSec: at })]);
    await foldReports(bed.database);
    const lastWeek = { fromUs: noonUs - 7n * dayUs, untilUs: noonUs - 6n * dayUs };
    expect((await report({ ...lastWeek, groupBy: 'carrier' })).rows).toMatchObject([
      { value: 'C1', figures: { callCount: 2n, attemptCount: 2n, answeredCount: 2n, asrPercent: 100, nerPercent: 100 } },
      { value: 'C7', figures: { callCount: 0n, attemptCount: 2n, answeredCount: 0n, effectiveCount: 1n, asrPercent: 0, nerPercent: 50 } },
    ]);
    expect((await report(lastWeek)).rows).toMatchObject([{ figures: { callCount: 2n, attemptCount: 2n, asrPercent: 100 } }]);
    const folded = await report({ ...lastWeek, groupBy: 'carrier' });
    await sumUpAnew(bed.owner);
    expect(await report({ ...lastWeek, groupBy: 'carrier' })).toEqual(folded);
  });

  it('names places, and takes one of them alone', async () => {
    const { rows } = await report({ groupBy: 'destination', value: '4366' });
    expect(rows).toMatchObject([{ value: '4366', name: '43664 Austria MOB', figures: { callCount: 1n } }]);
    expect((await report({ groupBy: 'country', value: 'GB' })).rows).toMatchObject([{ name: 'United Kingdom', figures: { callCount: 2n } }]);
  });

  it('puts an earlier time beside it', async () => {
    const { rows } = await report({ step: 'hour', untilUs: noonUs + 2n * hourUs, compareFromUs: noonUs - dayUs });
    expect(rows).toMatchObject([
      { atUs: noonUs, figures: { callCount: 3n }, compared: { callCount: 1n, asrPercent: 100 } },
      { atUs: noonUs + hourUs, figures: { callCount: 1n }, compared: { callCount: 0n } },
    ]);
    expect(rows[1]?.compared).not.toHaveProperty('asrPercent');
  });

  it('has no rows for a time without calls', async () => {
    expect(await report({ fromUs: noonUs - 9n * dayUs, untilUs: noonUs - 8n * dayUs })).toEqual({ rows: [] });
  });

  it('refuses what it cannot answer', async () => {
    const refused = async (request: Partial<TrafficReportRequest>) => (await report(request)).refusal;
    expect(await refused({ groupBy: 'colour' })).toMatchObject({ code: 'field_malformed', field: 'groupBy' });
    expect(await refused({ step: 'week' })).toMatchObject({ code: 'field_malformed', field: 'step' });
    expect(await refused({ fromUs: noonUs + 1n })).toMatchObject({ code: 'field_malformed', field: 'fromUs' });
    expect(await refused({ untilUs: noonUs })).toMatchObject({ code: 'field_out_of_range', field: 'untilUs' });
    expect(await refused({ step: 'minute', untilUs: noonUs + 32n * dayUs })).toMatchObject({ code: 'field_out_of_range', field: 'untilUs' });
    expect(await refused({ value: 'a\0' })).toMatchObject({ code: 'field_malformed', field: 'value' });
  });
});

describe('LiveCalls', () => {
  it('counts what goes on now', async () => {
    const live = async (groupBy: string) => await watchAnswers(bed.deps).liveCalls(create(LiveCallsRequestSchema, { groupBy }), context);
    expect(await live('switch')).toEqual({ ok: true, value: { groups: [{ value: 'fs1', callCount: 1n }] } });
    expect(await live('all')).toEqual({ ok: true, value: { groups: [{ value: '', callCount: 1n }] } });
    expect(await live('country')).toMatchObject({ ok: false, refusal: { code: 'field_malformed' } });
  });
});
