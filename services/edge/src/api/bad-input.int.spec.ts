import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { adminKey, type EdgeBed, edgeBed, Refusing } from '../spec-bed.ts';

const ask = { switchId: 'sw1', callId: 'c-1', cardId: '0012345678901234', calledNumber: '+436641234567' };
const ended = { type: 'CallEnded', ...ask, startedAt: '2026-03-14T11:00:00Z', endedAt: '2026-03-14T11:01:00Z', q850Cause: 16 };

/** The body with some fields changed; a field set to `undefined` is not there. */
const but = (base: object, change: object) => ({ ...base, ...change });

describe('bad input over HTTP', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  afterAll(() => edge.close());

  const problem = async (method: string, path: string, body?: unknown, options?: Parameters<EdgeBed['call']>[3]) => {
    const answered = await edge.call(method, path, body, options);
    expect(answered.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answered.body).toMatchObject({ type: `urn:tollwire:refusal:${String(answered.body['code'])}`, status: answered.status });
    return [answered.status, answered.body['code'], answered.body['field'] ?? '-'];
  };

  it.each([
    ['an unknown field', { colour: 'red' }, 'field_unknown', 'colour'],
    ['a missing field', { calledNumber: undefined }, 'field_missing', 'calledNumber'],
    ['nobody to charge', { cardId: undefined }, 'field_missing', 'cardId'],
    ['two to charge', { accountCode: 'ACME' }, 'field_malformed', 'cardId'],
    ['a card id that is a number', { cardId: 12345678901234 }, 'field_malformed', 'cardId'],
    ['a card id with letters', { cardId: '12a' }, 'field_malformed', 'cardId'],
    ['an empty switch', { switchId: '' }, 'field_out_of_range', 'switchId'],
    ['a call id without end', { callId: 'x'.repeat(256) }, 'field_out_of_range', 'callId'],
    ['control characters', { callId: 'a\u0000b' }, 'field_malformed', 'callId'],
    ['a negative leg', { leg: -1 }, 'field_out_of_range', 'leg'],
    ['half a leg', { leg: 0.5 }, 'field_malformed', 'leg'],
    ['a leg beyond any number', { leg: 1e300 }, 'field_out_of_range', 'leg'],
    ['a number that is none', { calledNumber: 'call me' }, 'field_malformed', 'calledNumber'],
    ['an instant without offset', { at: '2026-03-14T12:00:00' }, 'field_malformed', 'at'],
    ['the 30th of February', { at: '2026-02-30T12:00:00Z' }, 'field_malformed', 'at'],
    ['an absurd instant', { at: '1970-01-01T00:00:00Z' }, 'field_out_of_range', 'at'],
  ])('authorize refuses %s and names it', async (_, change, code, field) => {
    expect(await problem('POST', '/v1/calls/authorize', but(ask, change))).toEqual([400, code, field]);
    expect(edge.backstage.asked).toEqual([]);
  });

  it.each([
    ['an unknown field', { colour: 'red' }, 400, 'field_unknown', 'events[0].colour'],
    ['an unknown type', { type: 'CallParked' }, 400, 'field_malformed', 'events[0].type'],
    ['no type', { type: undefined }, 400, 'field_missing', 'events[0].type'],
    ['no end', { endedAt: undefined }, 400, 'field_missing', 'events[0].endedAt'],
    ['a cause that is text', { q850Cause: '16' }, 400, 'field_malformed', 'events[0].q850Cause'],
    ['a negative duration', { endedAt: '2026-03-14T10:59:59.999999Z' }, 422, 'times_out_of_order', 'events[0].endedAt'],
    ['an answer before the start', { answeredAt: '2026-03-14T10:59:59Z' }, 422, 'times_out_of_order', 'events[0].answeredAt'],
    ['an end before the answer', { answeredAt: '2026-03-14T11:02:00Z' }, 422, 'times_out_of_order', 'events[0].endedAt'],
    ['an absurd duration', { startedAt: '2026-03-01T00:00:00Z' }, 422, 'duration_malformed', 'events[0].endedAt'],
    ['an end in the future', { endedAt: '2027-01-01T00:00:00Z' }, 400, 'field_out_of_range', 'events[0].endedAt'],
    ['a bad attempt', { attempts: [{ carrierCode: 'N', startedAt: 'soon' }] }, 400, 'field_malformed', 'events[0].attempts[0].startedAt'],
    ['money as a number', { preRatedSell: { amount: 0.25, currency: 'EUR' } }, 400, 'field_malformed', 'events[0].preRatedSell.amount'],
  ])('events refuses %s and names it', async (_, change, status, code, field) => {
    expect(await problem('POST', '/v1/calls/events', { events: [but(ended, change)] })).toEqual([status, code, field]);
  });

  it.each([
    ['no events', {}, 'field_missing', 'events'],
    ['an empty list', { events: [] }, 'field_out_of_range', 'events'],
    ['too many', { events: Array(1001).fill(1) }, 'field_out_of_range', 'events'],
    ['something beside them', { events: [ended], more: 1 }, 'field_unknown', 'more'],
    ['no object at all', [ended], 'field_malformed', '-'],
  ])('events refuses a body with %s', async (_, body, code, field) => {
    expect(await problem('POST', '/v1/calls/events', body)).toEqual([400, code, field]);
  });

  it('refuses what is no JSON', async () => {
    const json = { headers: { 'content-type': 'application/json' } };
    expect(await problem('POST', '/v1/tariffs', '{"name": "x"', json)).toEqual([400, 'request_malformed', '-']);
    expect(await problem('POST', '/v1/tariffs', '{"__proto__": {"name": "x"}}', json)).toEqual([400, 'request_malformed', '-']);
    expect(await problem('POST', '/v1/tariffs', 'name=x', { headers: { 'content-type': 'application/x-www-form-urlencoded' } })).toEqual([415, 'unsupported_media_type', '-']);
  });

  it('refuses a body of 2 MB', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(2 * 1_048_576) });
    expect(await problem('POST', '/v1/tariffs', body, { headers: { 'content-type': 'application/json' } })).toEqual([413, 'request_too_large', '-']);
  });

  it('hands on with what code a call that is to be explained is parked', async () => {
    const facts = { call: 'sw1/42/0', parkedWith: 'no_sell_rate' };
    edge.backstage.answers['explainCall'] = () => new Refusing({ code: 'call_not_rated', detail: 'It is parked.', facts });
    edge.backstage.answers['getCall'] = () => ({ status: 'ended' });
    const { status, body } = await edge.call('GET', '/v1/calls/sw1/42/explain');
    expect({ status, body }).toMatchObject({ status: 409, body: { code: 'call_not_rated', detail: 'It is parked.', facts } });
  });

  it('passes on what the services refuse, with their facts', async () => {
    edge.backstage.answers['balance'] = () => new Refusing({ code: 'unknown_card', detail: 'Check the card id.', facts: { tried: '1' } });
    const { status, body } = await edge.call('GET', '/v1/cards/0012345678901234/balance');
    expect({ status, body }).toMatchObject({ status: 404, body: { code: 'unknown_card', title: 'There is no such card', detail: 'Check the card id.', facts: { tried: '1' } } });
  });

  it('lists every field at fault, the first one first', async () => {
    const { body } = await edge.call('POST', '/v1/card-batches', { batchId: '', cardTypeId: -1, quantity: 0 });
    expect(body['errors']).toMatchObject([{ field: 'batchId' }, { field: 'cardTypeId' }, { field: 'quantity' }]);
  });

  it.each(
    table<'method' | 'path' | 'status' | 'code'>(`
      method | path                              | status | code
      GET    | /v1/nothing                       | 404    | not_found
      GET    | /favicon.ico                      | 404    | not_found
      GET    | /v1/calls/authorize               | 405    | method_not_allowed
      DELETE | /v1/tariffs                       | 405    | method_not_allowed
      GET    | /v1/calls?pageSize=1001           | 400    | field_out_of_range
      GET    | /v1/calls?page=2                  | 400    | field_unknown
      GET    | /v1/calls?from=yesterday          | 400    | field_malformed
      GET    | /v1/dead-letters/mail             | 400    | field_malformed
      GET    | /v1/cards/12x/balance             | 400    | field_malformed
      GET    | /v1/calls/sw1/%00                 | 400    | field_malformed
      DELETE | /v1/api-keys/1                    | 400    | field_malformed
      GET    | /v1/decks                         | 400    | field_missing
      GET    | /v1/decks?kind=carrier            | 400    | field_malformed
      GET    | /v1/plans/ban?afterId=2147483648  | 400    | field_out_of_range
      GET    | /v1/plans/tariff/4294967295       | 400    | field_out_of_range
      GET    | /v1/calls?from=9999-12-31T23:59:59Z | 400  | field_out_of_range
      GET    | /v1/cards/1/allowances?at=9999-12-31T23:59:59Z | 400 | field_out_of_range
      GET    | /v1/plans/%ED%A0%80/1             | 400    | request_malformed
      GET    | /v1/plans/%/1                     | 400    | request_malformed
      POST   | /v1/cdrs/import?format=x          | 400    | field_malformed
    `),
  )('$method $path is answered $status $code', async ({ method, path, status, code }) => {
    const [gotStatus, gotCode] = await problem(method, path);
    expect([gotStatus, gotCode]).toEqual([Number(status), code]);
  });

  it('answers a path with too long a part as it answers everything', async () => {
    expect(await problem('GET', `/v1/cards/${'1'.repeat(513)}/balance`)).toEqual([413, 'request_too_large', '-']);
  });

  it('says which methods there are', async () => {
    expect((await edge.call('PUT', '/v1/api-keys')).headers.get('allow')).toBe('GET, POST');
  });

  it('says nothing of its own faults but the correlation id, which the log has too', async () => {
    edge.backstage.answers['totals'] = () => new Refusing({ code: 'service_unavailable' });
    expect((await edge.call('GET', '/v1/totals')).headers.get('retry-after')).toBe('1');
    edge.backstage.answers['authorize'] = () => ({ results: [{}] });
    const { status, body } = await edge.call('POST', '/v1/calls/authorize', ask);
    const facts = body['facts'] as { correlationId: string };
    expect({ status, code: body['code'] }).toEqual({ status: 500, code: 'internal_error' });
    expect(edge.log.at(-1)?.facts).toMatchObject({ ...facts });
    expect(JSON.stringify(edge.log)).not.toContain(adminKey);
  });
});
