import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { z } from 'zod';
import { cdrRows } from '../../services/edge/src/cdr-import/rows.ts';
import { findingRow } from '../reconcile/lines.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import { Rig } from './fixture/rig.ts';
import { activeCards, numbers, smallWorld, type SmallWorld } from './fixture/small-world.ts';

// Six processes start on a machine that may be busy.
jest.setTimeout(90_000);

let rig: Rig;
let world: SmallWorld;

beforeAll(async () => {
  rig = await Rig.start('watch');
  world = await smallWorld(rig.api);
});
afterAll(async () => {
  const codes = await rig.stop();
  expect(codes).toEqual({ edge: 0, card: 0, rating: 0, routing: 0, catalog: 0, cdr: 0 });
});

const oneCard = async () => (await activeCards(rig.api, world, 'large', 1))[0] ?? '';
const anything = z.object({}).loose();
let asked = 0;
const authorized = z.object({ allowed: z.boolean(), refusal: z.object({ code: z.string() }).optional(), notice: z.object({ list: z.string() }).optional() });
const outcomeOf = async (cardId: string, calledNumber: string) => {
  const { allowed, refusal, notice } = await rig.api.post('/v1/calls/authorize', { switchId: 'sw1', callId: `asked-${(asked += 1)}`, cardId, calledNumber }, authorized);
  return `${allowed ? 'allowed' : refusal?.code} ${notice?.list ?? ''}`.trim();
};

describe('blacklist and whitelist', () => {
  const change = (list: string, entries: object[], way = '') => rig.api.post(`/v1/lists/${list}${way}`, { entries }, anything);
  const shown = z.object({ entries: z.array(z.object({ prefix: z.string().optional(), country: z.string().optional(), stoppedCount: z.number(), passedCount: z.number() })) });

  it('stop calls to a country, but for what the whitelist has, from a moment after they were told, and let them go again', async () => {
    const card = await oneCard();
    expect(await outcomeOf(card, numbers.vienna)).toBe('allowed');
    expect(await change('blacklist', [{ country: 'AT', reason: 'spec' }])).toMatchObject({ changedCount: 1 });
    await change('whitelist', [{ prefix: '43664' }]);
    await until(async () => (await outcomeOf(card, numbers.vienna)) === 'number_blacklisted' && (await outcomeOf(card, numbers.mobile)) === 'allowed whitelist');
    expect(await outcomeOf(card, numbers.berlin)).toBe('allowed');
    await until(async () => {
      const hits = async (list: string) => (await rig.api.get(`/v1/lists/${list}`, shown)).entries.some(({ stoppedCount, passedCount }) => stoppedCount + passedCount > 0);
      return (await hits('blacklist')) && (await hits('whitelist'));
    });
    await rig.service('routing').kill();
    rig.service('routing').start();
    await rig.service('routing').ready();
    await until(async () => (await outcomeOf(card, numbers.vienna)) === 'number_blacklisted');
    await change('blacklist', [{ country: 'AT' }], '/remove');
    await until(async () => (await outcomeOf(card, numbers.vienna)) === 'allowed');
  });
});

describe('a file of a switch', () => {
  const row = (id: string, end: string) => `${[
    `"${world.accountCode}","431","4315551234","in","","PJSIP/1-1","PJSIP/NORTH-a","Dial",""`, `"2026-03-01 12:00:00","2026-03-01 12:00:04","2026-03-01 ${end}"`, `60,60,"ANSWERED","DOC","${id}",""`,
  ].join()}\n`;

  it('is held against what is recorded here, call by call', async () => {
    const told = row('1.1', '12:01:04') + row('1.2', '12:01:04') + row('1.3', '12:01:04');
    await rig.api.send('/v1/cdrs/import?format=asterisk_csv&switchId=pbx', 'text/csv', told);
    const file = row('1.1', '12:01:04') + row('1.2', '12:01:34') + row('1.4', '12:01:04');
    const rows = () => cdrRows('asterisk_csv', (async function* bytes() {
      yield Buffer.from(file);
    })(), { switchId: 'pbx' });
    const found = async () => {
      const lines: string[] = [];
      const { counts } = await reconcile({ rows, fileBytes: file.length, api: rig.api, toleranceSec: 1, aroundSec: 60 }, (finding) => lines.push(findingRow(finding).slice(0, 2).join(' ')));
      return counts.missingHere === 1 ? lines.toSorted() : undefined;
    };
    expect(await until(found)).toEqual(['different pbx/1.2/0', 'missing_here pbx/1.4/0', 'missing_there pbx/1.3/0']);
  });
});

describe('fraud while it happens', () => {
  const rule = z.object({ id: z.number() });
  const found = z.object({ cases: z.array(z.object({ subject: z.string(), measured: z.string(), status: z.string(), block: z.string() })) });

  it('suspends the card that has reserved more than it may, while its calls go on, and lets it call again when it is cleared', async () => {
    const { id } = await rig.api.post('/v1/fraud/rules', { name: 'dear minutes', measure: 'spend', windowSec: 600, limit: '5', currency: 'EUR', action: 'block' }, rule);
    const card = await oneCard();
    await until(async () => (await outcomeOf(card, numbers.berlin)) === 'card_suspended', { everyMs: 200 });
    const { cases } = await rig.api.get('/v1/fraud/cases?status=suspected', found);
    expect(cases).toMatchObject([{ subject: `card:${card}`, status: 'suspected', block: 'blocked' }]);
    await rig.api.post('/v1/fraud/cases/clear', { ruleId: id, subject: `card:${card}` }, anything);
    await until(async () => (await outcomeOf(card, numbers.berlin)) === 'allowed');
  });
});
