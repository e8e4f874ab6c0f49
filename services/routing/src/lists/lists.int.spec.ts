import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  batchContentType, dataOf, decodeMessage, NumbersScreenedSchema, publicEventOf, publicEvents, RegisterProviderRequestSchema, RouteItemSchema, RouteRequestSchema,
  SetRoutingPolicyRequestSchema,
} from '@tollwire/contracts';
import { refuse } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import { routeBatch } from '../answers/route-answers.ts';
import { routingAnswers } from '../routing.answers.ts';
import type { RoutingDeps } from '../routing.deps.ts';
import { carrierDeck, openRouting, received, type RoutingBed } from '../spec/bed.ts';
import { learnLists } from './list-table.ts';
import { tellHits } from './tell-hits.ts';

const atUs = 1_773_480_413_000_000n;
const context = { method: 'spec', correlationId: 'spec' };
const plan = (value: number) => ({ plan: { case: 'tariffId' as const, value } });

let bed: RoutingBed;
let deps: RoutingDeps;

beforeAll(async () => {
  bed = await openRouting();
  bed.catalog.decks = [carrierDeck('ALPHA', 1, { '34': '0.02', '43': '0.03' })];
  deps = bed.instance();
  await routingAnswers(deps).registerProvider(create(RegisterProviderRequestSchema, { carrierCode: 'ALPHA', name: 'A', gateway: { address: 'a', tech: 'SIP', timeoutSec: 20 }, by: 'ops' }), context);
});
afterAll(() => bed.close());

function ask(of: RoutingDeps, e164: string, { tariffId = 1, callId = 'sw1/1/0' } = {}) {
  const answer = routeBatch(of.router, create(RouteRequestSchema, { items: [create(RouteItemSchema, { plan: plan(tariffId), e164, atUs, callId })] }));
  const result = answer.ok ? answer.value.results[0] : undefined;
  return [result?.refusal?.code ?? `${result?.carriers?.length} routed`, result?.refusal?.facts?.['country'] ?? result?.notice?.list ?? ''].join(' ').trim();
}

const listed = (list: string, subject: string, prefixes: string[], revision: number) => publicEventOf(publicEvents.NumberListed, {
  source: 'tollwire/cdr', timeUs: Number(atUs), parts: [list, subject, `${revision}`],
  data: { list, subject: { case: /\d/.test(subject) ? 'prefix' : 'country', value: subject }, prefixes, revision },
});
const delisted = (list: string, subject: string, revision: number) => publicEventOf(publicEvents.NumberDelisted, {
  source: 'tollwire/cdr', timeUs: Number(atUs), parts: [list, subject, `${revision}`], data: { list, subject: { case: 'prefix', value: subject }, revision },
});
const hear = (...events: Parameters<typeof received>[0][]) => runReaction(bed.database, learnLists(), events.flatMap((event) => [...received(event)]));

describe('lists that calls are screened by', () => {
  it('are asked for once where they were told before this service listened, as soon as cdr answers', async () => {
    const { snapshotLists } = bed.catalog.lists;
    bed.catalog.lists.entries = [{ list: 'blacklist', subject: '34650', prefixes: ['34650'], revision: 1 }];
    bed.catalog.lists.snapshotLists = async () => refuse({ code: 'service_unavailable' });
    await deps.lists.refresh();
    expect(ask(deps, '34650123456')).toBe('1 routed');
    bed.catalog.lists.snapshotLists = snapshotLists;
    await deps.lists.refresh();
    expect(ask(deps, '34650123456')).toBe('number_blacklisted');
    expect(ask(deps, '34660123456')).toBe('1 routed');
  });

  it('change for every instance, and are there after a restart without cdr', async () => {
    const other = bed.instance();
    await other.replica.start();
    await hear(listed('blacklist', 'AT', ['43'], 1), listed('whitelist', '43664', ['43664'], 1));
    await Promise.all([deps.lists.refresh(), other.lists.refresh()]);
    for (const each of [deps, other]) expect([ask(each, '4312345'), ask(each, '43664123')]).toEqual(['number_blacklisted AT', '1 routed whitelist']);
    bed.catalog.lists.snapshotLists = async () => refuse({ code: 'service_unavailable' });
    const restarted = bed.instance();
    await restarted.lists.refresh();
    await restarted.replica.start();
    expect(ask(restarted, '4312345')).toBe('number_blacklisted AT');
  });

  it('go by what was told last, whatever came first', async () => {
    await hear(delisted('blacklist', '34650', 2), listed('blacklist', '34650', ['34650'], 1));
    await hear(listed('blacklist', '34650', ['34650'], 1));
    await deps.lists.refresh();
    expect(ask(deps, '34650123456')).toBe('1 routed');
    expect(await hear(listed('greylist', '34', ['34'], 1), listed('blacklist', '35', ['+35'], 1))).toMatchObject({ parked: 2 });
  });

  it('mark instead of stop where the plan says so', async () => {
    const policy = (blacklisted: string) => routingAnswers(deps).setRoutingPolicy(create(SetRoutingPolicyRequestSchema, { plan: plan(2), policy: { blacklisted }, by: 'ops' }), context);
    expect(await policy('mark')).toMatchObject({ ok: true, value: { policy: { blacklisted: 'mark' } } });
    expect([ask(deps, '4312345', { tariffId: 2 }), ask(deps, '4312345')]).toEqual(['1 routed blacklist', 'number_blacklisted AT']);
    expect(await policy('ignore')).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: 'policy.blacklisted' } });
  });

  it('tell how often calls met them; a question that is about no call is none', async () => {
    await tellHits(deps);
    await bed.database.query('delete from outbox');
    for (const callId of ['sw1/1/0', 'sw1/2/0', '']) ask(deps, '4312345', { callId });
    ask(deps, '43664123');
    await tellHits(deps);
    await tellHits(deps);
    const rows = await bed.database.query<{ payload: Buffer }>('select payload from outbox');
    const hits = rows.flatMap(({ payload }) => {
      const decoded = decodeMessage(batchContentType, () => undefined, payload);
      return decoded.ok ? decoded.value.flatMap((event) => dataOf(NumbersScreenedSchema, event).hits) : [];
    });
    expect(hits.map(({ list, subject, stoppedCount, passedCount }) => `${list} ${subject} ${stoppedCount}/${passedCount}`)).toEqual(['blacklist AT 2/0', 'whitelist 43664 0/1']);
  });
});
