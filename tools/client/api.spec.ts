import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Api, ApiProblem } from './api.ts';
import { type Reply, scriptedDoor } from './door.fixture.ts';

const doors: Awaited<ReturnType<typeof scriptedDoor>>[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

async function apiAt(replies: readonly Reply[], patienceSec?: number) {
  const door = await scriptedDoor(replies);
  doors.push(door);
  return { door, api: new Api({ baseUrl: door.baseUrl, key: 'k-1', pauseMs: 1, ...(patienceSec === undefined ? {} : { patienceSec }) }) };
}

const balance = z.object({ balance: z.string() });
const good = { body: '{"balance":"5.00"}' };
const away = { status: 503, body: '{"code":"overloaded"}' };

describe('a question to the door', () => {
  it('carries the key, and what it sends as JSON', async () => {
    const { api, door } = await apiAt([good]);
    expect(await api.post('/v1/cards', { count: 2 }, balance)).toEqual({ balance: '5.00' });
    expect(door.asked).toMatchObject([{ method: 'POST', path: '/v1/cards', body: '{"count":2}', headers: { authorization: 'Bearer k-1', 'content-type': 'application/json' } }]);
  });

  it.each([429, 502, 503, 504])('that is answered %i is asked again as it was, until it is answered', async (status) => {
    const { api, door } = await apiAt([{ ...away, status }, { ...away, status }, good]);
    expect(await api.post('/v1/cards', { id: 'a' }, balance)).toEqual({ balance: '5.00' });
    expect(door.asked.map(({ body }) => body)).toEqual(Array.from({ length: 3 }, () => '{"id":"a"}'));
  });

  it.each([400, 401, 404, 409, 422, 500])('that is refused with %i is asked once', async (status) => {
    const { api, door } = await apiAt([{ status, body: '{}' }, good]);
    await expect(api.get('/v1/cards/1', balance)).rejects.toMatchObject({ status });
    expect(door.asked).toHaveLength(1);
  });

  it('counts an answer only when it is here whole', async () => {
    const { api, door } = await apiAt([{ ...good, cut: true }, good]);
    expect(await api.get('/v1/cards/1', balance)).toEqual({ balance: '5.00' });
    expect(door.asked).toHaveLength(2);
  });

  it('is given up when patience ends, with the last refusal, or with the address that does not answer', async () => {
    const { api, door } = await apiAt([away], 0);
    await expect(api.get('/v1/cards/1', balance)).rejects.toMatchObject({ status: 503, code: 'overloaded' });
    await door.close();
    await expect(api.get('/v1/cards/1', balance)).rejects.toThrow(`${door.baseUrl} does not answer`);
  });

  it('is no success when the answer is not what it should be', async () => {
    const { api } = await apiAt([{ body: '{"balance":5}' }]);
    await expect(api.get('/v1/cards/1', balance)).rejects.toThrow('balance');
  });
});

describe('a refusal of the door', () => {
  it('says what, why, which field and the code', async () => {
    const body = JSON.stringify({ code: 'field_missing', title: 'Field missing', detail: 'Give name.', field: 'name' });
    const { api } = await apiAt([{ status: 400, body }]);
    const refused = await api.get('/v1/plans', balance).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiProblem);
    expect(refused).toMatchObject({ code: 'field_missing', message: 'Field missing: Give name (field name). [field_missing]' });
  });

  it.each(['<html>Bad gateway</html>', '"text"', ''])('that is no problem document (%j) is told as it is', async (body) => {
    const { api } = await apiAt([{ status: 404, body }]);
    await expect(api.get('/v1/plans', balance)).rejects.toMatchObject({ status: 404, code: '404', message: expect.stringContaining(body) });
  });
});

describe('a file that is sent as it is read', () => {
  async function* file() {
    yield Buffer.from('prefix,rate\n');
    yield Buffer.from('43,0.01\n');
  }

  it('arrives whole', async () => {
    const { api, door } = await apiAt([{ body: 'taken' }]);
    expect(await api.stream('/v1/decks', 'text/csv', file())).toBe('taken');
    expect(door.asked).toMatchObject([{ body: 'prefix,rate\n43,0.01\n', headers: { 'content-type': 'text/csv' } }]);
  });

  it('is not sent again, because it was read', async () => {
    const { api, door } = await apiAt([away, { body: 'taken' }]);
    await expect(api.stream('/v1/decks', 'text/csv', file())).rejects.toMatchObject({ code: 'overloaded' });
    expect(door.asked).toHaveLength(1);
    await door.close();
    await expect(api.stream('/v1/decks', 'text/csv', file())).rejects.toThrow('did not take the file');
  });
});
