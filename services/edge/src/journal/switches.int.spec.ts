import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { batchContentType, decodeMessage } from '@tollwire/contracts';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';

describe('a door that listens to registered switches only', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed({ refusesUnknown: true });
    edge.backstage.answers['listSwitches'] = () => ({ switches: [{ name: 'pbx', zone: '+02:00', skewMs: 1_500 }], removedPrefixes: [{ prefix: '9#', label: 'trunk' }] });
  });
  afterAll(() => edge.close());
  beforeEach(async () => {
    for (const table of ['import_queue', 'outbox_pending', 'outbox']) await edge.database.query(`DELETE FROM ${table}`);
  });

  const timesIn = async (table: string) => {
    const rows = await edge.database.query<{ payload: Buffer }>(`SELECT payload FROM ${table}`);
    return rows.flatMap(({ payload }) => {
      const read = decodeMessage(batchContentType, () => undefined, payload);
      return read.ok ? read.value.map(({ timeUs }) => new Date(timeUs / 1000).toISOString()) : [];
    });
  };
  const answered = (switchId: string) => ({ type: 'CallAnswered', switchId, callId: '1', answeredAt: '2026-03-14T11:00:01.5Z' });

  it('takes what they tell, by our clock, and refuses what others tell', async () => {
    const both = await edge.call('POST', '/v1/calls/events', { events: [answered('pbx'), answered('stranger')] });
    expect(both).toMatchObject({ status: 202, body: { accepted: 1, refused: [{ index: 1, code: 'unknown_switch', field: 'switchId' }] } });
    expect(await timesIn('outbox')).toEqual(['2026-03-14T11:00:00.000Z']);
    expect(await edge.call('POST', '/v1/calls/events', { events: [answered('stranger')] })).toMatchObject({ status: 404, body: { code: 'unknown_switch', field: 'events[0].switchId' } });
  });

  it('reads their files by their clock', async () => {
    const row = '"1","1","436641234567","out","","PJSIP/a-1","PJSIP/n-2","Dial","x","2026-03-14 12:00:00","2026-03-14 12:00:05","2026-03-14 12:01:05","65","60","ANSWERED","DOC","z.1",""';
    const post = async (query: string) => (await edge.call('POST', `/v1/cdrs/import?format=asterisk_csv&${query}`, row, { headers: { 'content-type': 'text/csv' } })).text;
    expect(await post('switchId=pbx')).toContain('"accepted":1');
    expect(await timesIn('import_queue')).toEqual(['2026-03-14T10:01:03.500Z']);
    expect(await post('switchId=pbx&zone=UTC')).toContain('"done":true');
    expect((await timesIn('import_queue')).toSorted()).toEqual(['2026-03-14T10:01:03.500Z', '2026-03-14T12:01:03.500Z']);
    expect(await post('switchId=other')).toContain('unknown_switch');
  });

  it('takes off their numbers what trunks put before them, before anybody looks a number up', async () => {
    edge.backstage.answers['authorize'] = () => ({ results: [{ result: { case: 'refused', value: { code: 'no_route' } } }] });
    await edge.call('POST', '/v1/calls/authorize', { switchId: 'pbx', callId: 'p', cardId: '1', calledNumber: '9#436641234567' });
    expect(edge.backstage.asked.findLast(({ method }) => method === 'authorize')?.request).toMatchObject({ items: [{ calledNumber: '436641234567' }] });
    edge.backstage.answers['setRemovedPrefixes'] = (request) => request;
    const set = await edge.call('POST', '/v1/removed-prefixes', { prefixes: [{ prefix: '9#', label: 'trunk' }] });
    expect(set).toMatchObject({ status: 200, body: { prefixes: [{ prefix: '9#', label: 'trunk' }] } });
    const odd = await edge.call('POST', '/v1/removed-prefixes', { prefixes: [{ prefix: 'x', label: 'trunk' }] });
    expect(odd).toMatchObject({ status: 400, body: { code: 'field_malformed', field: 'prefixes[0].prefix' } });
  });

  it('sets how their clocks go, and refuses what is none', async () => {
    edge.backstage.answers['setSwitch'] = () => ({ id: 7, name: 'pbx', zone: 'Europe/Vienna', skewMs: -250 });
    const set = await edge.call('POST', '/v1/switches', { switchId: 'pbx', zone: 'Europe/Vienna', skewMs: -250 });
    expect(set).toMatchObject({ status: 200, body: { name: 'pbx', zone: 'Europe/Vienna', skewMs: -250 } });
    expect(edge.backstage.asked.at(-1)?.request).toMatchObject({ name: 'pbx', zone: 'Europe/Vienna', skewMs: -250, ipAddress: '', by: 'admin:bootstrap' });
    for (const [over, field] of [[{ zone: 'Mars/Olympus' }, 'zone'], [{ skewMs: 1e9 }, 'skewMs'], [{ ipAddress: 'here' }, 'ipAddress'], [{ switchId: '' }, 'switchId']] as const) {
      expect(await edge.call('POST', '/v1/switches', { switchId: 'pbx', ...over })).toMatchObject({ status: 400, body: { field } });
    }
  });
});
