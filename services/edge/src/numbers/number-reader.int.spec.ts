import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { batchContentType, CallEndedSchema, dataOf, decodeMessage } from '@tollwire/contracts';
import { rebuild } from '@tollwire/event-store';
import { table } from '@tollwire/testing';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';
import { numberRulesTable, readNumberRules } from './number-rules-table.ts';

const madrid = { country: { callingCode: '34', trunkPrefix: '', nationalLengths: [9] } };
const london = { country: { callingCode: '44', trunkPrefix: '0' }, technicalPrefixes: ['9#'], internationalPrefixes: ['00'] };

describe('numbers by the rules of their switch', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
    expect(await edge.call('POST', '/v1/number-rules', { switchId: 'madrid', ...madrid })).toMatchObject({ status: 200, body: { switchId: 'madrid', country: madrid.country } });
    await edge.call('POST', '/v1/number-rules', { switchId: 'madrid', trunk: 'uk', ...london });
  });
  beforeEach(() => {
    edge.backstage.asked.length = 0;
    edge.backstage.answers = { authorize: () => ({ results: [{ result: { case: 'refusal', value: { code: 'no_route' } } }] }) };
  });
  afterAll(() => edge.close());

  it('are listed with who set them, and the same after a rebuild', async () => {
    const { body } = await edge.call('GET', '/v1/number-rules');
    expect(body).toMatchObject({ numberRules: [
      { switchId: 'madrid', ...madrid, setBy: 'admin:bootstrap', setAt: '2026-03-14T12:00:00.000000Z' }, { switchId: 'madrid', trunk: 'uk', ...london },
    ] });
    const before = await readNumberRules(edge.database);
    await rebuild(edge.database, numberRulesTable);
    expect(await readNumberRules(edge.database)).toEqual(before);
  });

  it.each(table<'switch' | 'trunk' | 'dialled' | 'cli' | 'asked'>(`
    switch  trunk  dialled        cli           | asked
    madrid  -      650123456      915550000     | 34650123456 34915550000
    madrid  -      0034650123456  anonymous     | 34650123456 -
    madrid  other  650123456      +33123456789  | 34650123456 33123456789
    madrid  uk     9#02079460000  02079460001   | 442079460000 442079460001
    madrid  uk     0033123456789  bob           | 33123456789 bob
    paris   -      0033123456789  0123456789    | 0033123456789 0123456789
  `))('$dialled on $switch/$trunk by $cli: $asked', async ({ switch: switchId, trunk, dialled, cli, asked }) => {
    const more = trunk === '' ? {} : { trunk };
    await edge.call('POST', '/v1/calls/authorize', { switchId, callId: '1', cardId: '42', calledNumber: dialled, cli, ...more });
    const [calledNumber, calling = ''] = asked.split(' ');
    expect(edge.backstage.asked.at(-1)).toMatchObject({ method: 'authorize', request: { items: [{ calledNumber, cli: calling === '-' ? '' : calling }] } });
  });

  it('are refused where the rules cannot read them, before anybody is asked', async () => {
    const { body } = await edge.call('POST', '/v1/calls/authorize', { switchId: 'madrid', callId: '1', cardId: '42', calledNumber: '0912345678' });
    expect(body).toMatchObject({ allowed: false, refusal: { code: 'number_not_international', field: 'calledNumber' } });
    expect(edge.backstage.asked).toEqual([]);
  });

  it('are the same in the events of a call and in its file, where one that cannot be read stays as it was told', async () => {
    const ended = (callId: string, calledNumber: string, more: object = {}) => ({
      type: 'CallEnded', switchId: 'madrid', callId, accountCode: 'ACME', cli: '915550000', calledNumber, startedAt: '2026-03-14T11:00:00Z', endedAt: '2026-03-14T11:01:00Z', q850Cause: 16, ...more,
    });
    const events = [ended('a', '650123456'), ended('b', '02079460000', { trunk: 'uk' }), ended('c', '0912345678')];
    expect(await edge.call('POST', '/v1/calls/events', { events })).toMatchObject({ status: 202, body: { accepted: 3 } });
    const variables = {
      uuid: 'd', accountcode: 'ACME', hangup_cause_q850: '16', start_uepoch: '1773486000000000', answer_uepoch: '0', end_uepoch: '1773486060000000', billusec: '0',
    };
    const file = JSON.stringify({ switchname: 'madrid', variables, callflow: { caller_profile: { caller_id_number: '915550000', destination_number: '650123456' } } });
    const imported = await edge.call('POST', '/v1/cdrs/import?format=freeswitch_json', file, { headers: { 'content-type': 'text/plain' } });
    expect(imported.text).toContain('"done":true');
    const rows = await edge.database.query<{ payload: Buffer }>('SELECT payload FROM outbox UNION ALL SELECT payload FROM import_queue', []);
    const told = rows.flatMap(({ payload }) => {
      const batch = decodeMessage(batchContentType, () => undefined, payload);
      return batch.ok ? batch.value.map((event) => dataOf(CallEndedSchema, event)) : [];
    });
    expect(told.map(({ call, calledNumber, cli }) => `${call?.callId} ${calledNumber} ${cli}`).toSorted()).toEqual([
      'a 34650123456 34915550000', 'b 442079460000 915550000', 'c 0912345678 34915550000', 'd 34650123456 34915550000',
    ]);
  });

  it.each(table<'switch' | 'called' | 'routing' | 'asked'>(`
    switch  called                                                         routing       | asked
    paris   +12125550100                                                   +1 646 5550000 | +12125550100 16465550000 false
    paris   +12125550100;npdi;rn=+1-646-555-0000                           -             | +12125550100 16465550000 true
    paris   sip:+12125550100;npdi;rn=+16465550000@sbc7.example.net;user=phone  -         | sip:+12125550100@sbc7.example.net;user=phone 16465550000 true
    paris   +12125550100;npdi                                              -             | +12125550100 - true
    paris   +12125550100;rn=+13015551212                                   +16465550000  | +12125550100 16465550000 false
    madrid  650123456;npdi;rn=700111222                                    -             | 34650123456 34700111222 true
  `))('are read with what is said of their portability: $called on $switch', async ({ switch: switchId, called, routing, asked }) => {
    const more = routing === '' ? {} : { routingNumber: routing };
    await edge.call('POST', '/v1/calls/authorize', { switchId, callId: '1', cardId: '42', calledNumber: called, ...more });
    const [calledNumber, routingNumber, npdi] = asked.split(' ');
    expect(edge.backstage.asked.at(-1)).toMatchObject({ method: 'authorize', request: { items: [
      { calledNumber, routingNumber: routingNumber === '-' ? '' : routingNumber, npdi: npdi === 'true' },
    ] } });
  });

  it('are refused before anybody is asked where what number portability answered cannot be read', async () => {
    const asked = { switchId: 'madrid', callId: '1', cardId: '42', calledNumber: '650123456' };
    for (const routingNumber of ['0912345678', '+999999999999999999']) {
      const { body } = await edge.call('POST', '/v1/calls/authorize', { ...asked, routingNumber });
      expect(body).toMatchObject({ allowed: false, refusal: { code: expect.stringMatching(/^number_/), field: 'routingNumber' } });
    }
    expect(await edge.call('POST', '/v1/calls/authorize', { ...asked, routingNumber: 'none' })).toMatchObject({ status: 400 });
    expect(edge.backstage.asked).toEqual([]);
  });

  it('say of their portability at the end of a call what is journalled apart from the called number, also in a file', async () => {
    const ended = (callId: string, more: object) => ({
      type: 'CallEnded', switchId: 'madrid', callId, accountCode: 'ACME', startedAt: '2026-03-14T11:00:00Z', endedAt: '2026-03-14T11:01:00Z', q850Cause: 16, calledNumber: '650123456', ...more,
    });
    const started = { type: 'CallStarted', switchId: 'madrid', callId: 'p0', accountCode: 'ACME', startedAt: '2026-03-14T11:00:00Z', calledNumber: '650123456;npdi;rn=700111222' };
    const events = [
      started, ended('p1', { routingNumber: '700111222' }), ended('p2', { calledNumber: '650123456;npdi;rn=+34700111222' }), ended('p3', {}), ended('p4', { routingNumber: '0700' }),
    ];
    expect(await edge.call('POST', '/v1/calls/events', { events })).toMatchObject({ status: 202, body: { accepted: 5 } });
    const mapping = JSON.stringify({ callId: 'id', account: 'acc', calledNumber: 'to', startedAt: 'start', durationSec: 'sec', routingNumber: 'rn' });
    const file = 'id,acc,to,start,sec,rn\np5,ACME,650123456,2026-03-14T11:00:00Z,60,+34 700 111 222\n';
    const imported = await edge.call('POST', `/v1/cdrs/import?format=mapped_csv&switchId=madrid&mapping=${encodeURIComponent(mapping)}`, file, { headers: { 'content-type': 'text/plain' } });
    expect(imported.text).toContain('"done":true,');
    const rows = await edge.database.query<{ payload: Buffer }>('SELECT payload FROM outbox UNION ALL SELECT payload FROM import_queue', []);
    const told = rows.flatMap(({ payload }) => {
      const batch = decodeMessage(batchContentType, () => undefined, payload);
      return batch.ok ? batch.value.filter(({ type }) => type === CallEndedSchema.typeName).map((event) => dataOf(CallEndedSchema, event)) : [];
    });
    expect(told.flatMap(({ call, calledNumber, routingNumber }) => (/^p\d/.test(call?.callId ?? '') ? [`${call?.callId} ${calledNumber} ${routingNumber || '-'}`] : [])).toSorted()).toEqual([
      'p1 34650123456 34700111222', 'p2 34650123456 34700111222', 'p3 34650123456 -', 'p4 34650123456 0700', 'p5 34650123456 34700111222',
    ]);
  });

  it('are tried without a call, and dropped', async () => {
    const read = async (number: string, trunk?: string) => (await edge.call('POST', '/v1/number-rules/read', { switchId: 'madrid', number, ...(trunk === undefined ? {} : { trunk }) })).body;
    expect(await read('650123456')).toEqual({ kind: 'number', e164: '34650123456' });
    expect(await read('anonymous', 'uk')).toEqual({ kind: 'anonymous' });
    expect(await read('bob')).toEqual({ kind: 'odd' });
    expect(await edge.call('POST', '/v1/number-rules/drop', { switchId: 'madrid', trunk: 'uk' })).toMatchObject({ status: 204 });
    expect(await read('650123456', 'uk')).toEqual({ kind: 'number', e164: '34650123456' });
    expect((await edge.call('GET', '/v1/number-rules')).body['numberRules']).toHaveLength(1);
  });
});
