import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../client/api.ts';
import { type Reply, scriptedDoor } from '../client/door.fixture.ts';
import { importDeck } from './import-deck.ts';

const done = { importId: 'i-1', deck: { digest: 'ab', version: 3, rateCount: 2 }, acceptedCount: 2, rowCount: 3, errorCount: 1, errors: [{ line: 2, code: 'rate_missing' }] };
const difference = JSON.stringify({ sums: [{ change: 'closed', rowCount: 2 }] });
const csv = 'line,column,code,value,what to do\n2,rate,rate_missing,,Give it.\n';

describe('a deck on its way to the door', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollwire-deck-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function sent(replies: readonly Reply[], name: string, content: string, values: Parameters<typeof importDeck>[1]) {
    const file = join(folder, name);
    await writeFile(file, content);
    const door = await scriptedDoor(replies);
    try {
      const code = await importDeck(file, { plan: 'carrier:7', ...values }, new Api({ baseUrl: door.baseUrl, key: 'k-1' }));
      return { code, asked: door.asked };
    } finally {
      await door.close();
    }
  }

  it('is sent byte for byte with what is said of it, and its bad rows are written where they are wanted', async () => {
    const content = '36;0,09\n'.repeat(100_000);
    const errors = join(folder, 'bad.csv');
    const { code, asked } = await sent([{ status: 201, body: JSON.stringify(done) }, { body: difference }, { body: csv }], 'acme.csv', content, { decimal: ',', errors });
    expect(code).toBe(1);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/decks/import?kind=carrier&ownerId=7&decimal=%2C', 'GET /v1/decks/ab/diff?kind=carrier&ownerId=7', 'GET /v1/decks/imports/i-1/errors.csv',
    ]);
    expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer k-1', 'content-type': 'text/csv' });
    expect(asked[0]?.body === content).toBe(true);
    expect(await readFile(errors, 'utf8')).toBe(csv);
  });

  it('is sent as a workbook where it is one, and ends well where no row was refused', async () => {
    const { code, asked } = await sent([{ status: 201, body: JSON.stringify({ ...done, errorCount: 0, errors: [] }) }], 'ACME.XLSX', 'PK', { json: true });
    expect([code, asked[0]?.headers['content-type']]).toEqual([0, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet']);
  });

  it('stops with what the door says, sent once', async () => {
    const refusal = { code: 'deck_malformed', title: 'The deck cannot be read', detail: 'No column is named rate.', field: 'columns' };
    await expect(sent([{ status: 422, body: JSON.stringify(refusal) }], 'a.csv', 'x', {})).rejects.toThrow(/No column is named rate \(field columns\)\. \[deck_malformed\]/);
    await expect(sent([{ status: 503, body: '{"code":"overloaded"}' }, { body: '{}' }], 'a.csv', 'x', {})).rejects.toThrow('[overloaded]');
    await expect(sent([{ body: '{"a":1}', cut: true }], 'a.csv', 'x', {})).rejects.toThrow('did not take the file');
  });

  it('stops where there is no such file', async () => {
    const api = new Api({ baseUrl: 'http://127.0.0.1:9', key: 'k' });
    await expect(importDeck(join(folder, 'none.csv'), { plan: 'carrier:7' }, api)).rejects.toThrow('cannot be read');
  });
});
