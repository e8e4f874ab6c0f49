import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importCdrs } from './import-cdrs.ts';

const row = (line: number, more: object) => `${JSON.stringify({ line, ...more })}\n`;
const good = (line: number) => row(line, { accepted: true, call: `sw/${line}/0` });
const bad = (line: number) => row(line, { accepted: false, code: 'cdr_malformed', field: 'dst', detail: 'No number.' });

describe('./tollwire import cdr', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tollwire-import-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Imports a file to a door that answers so, and reads all of the file before it does. */
  async function imported(content: string, answer: readonly string[], json = false) {
    const file = join(folder, 'Master.csv');
    writeFileSync(file, content);
    const told: string[] = [];
    const asked: string[] = [];
    let sent = '';
    async function* converse(path: string, contentType: string, body: AsyncIterable<Uint8Array>) {
      asked.push(path, contentType);
      for await (const piece of body) sent += Buffer.from(piece).toString();
      for (const piece of answer) yield Buffer.from(piece);
    }
    const code = await importCdrs({ converse }, file, { format: 'asterisk_csv', switch: 'pbx', json }, (text) => told.push(text));
    return { code, told: told.join(''), asked, sent };
  }

  it('sends the file under the digest of its content, and tells how many rows taken', async () => {
    const { code, told, asked, sent } = await imported('a\nb\n', [good(1) + good(2), row(3, { done: true, accepted: 2, refused: 0 })]);
    expect({ code, told, sent }).toEqual({ code: 0, told: '2 rows taken, 0 refused.\n', sent: 'a\nb\n' });
    expect(asked).toEqual([
      '/v1/cdrs/import?format=asterisk_csv&importId=911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2&switchId=pbx', 'text/csv',
    ]);
  });

  it('tells of the first twenty bad rows, counts the others, and ends with 1', async () => {
    const lines = Array.from({ length: 25 }, (_, at) => bad(at + 1)).join('');
    const { code, told } = await imported('x\n', [lines.slice(0, 333), lines.slice(333), row(26, { done: true, accepted: 0, refused: 25 })]);
    expect(code).toBe(1);
    const shown = told.trimEnd().split('\n');
    expect(shown).toHaveLength(22);
    expect(shown[0]).toBe('line 1: cdr_malformed in dst No number.');
    expect(shown.slice(-2)).toEqual(['… and 5 more.', expect.stringContaining('0 rows taken, 25 refused and kept: GET /v1/cdrs/imports/')]);
  });

  it('passes the answer on as it is, where a program reads it', async () => {
    const answer = good(1) + row(1, { done: true, accepted: 1, refused: 0 });
    expect((await imported('x\n', [answer], true)).told).toBe(answer);
  });

  it.each([['nothing'], [good(1)], [row(1, { failed: true, accepted: 0, refused: 0 })]])('says that an import did not end after %j', async (answer) => {
    await expect(imported('x\n', answer === 'nothing' ? [] : [answer])).rejects.toThrow('The import did not end');
  });

  it('tells why the door broke off', async () => {
    const file = join(folder, 'Master.csv');
    writeFileSync(file, 'x\n');
    async function* converse() {
      yield Buffer.from(good(1));
      throw new Error('cable pulled');
    }
    await expect(importCdrs({ converse }, file, { format: 'asterisk_csv' }, () => undefined)).rejects.toThrow('cable pulled');
  });

  it('names a file that is not there, and wants a format', async () => {
    await expect(importCdrs({ converse: nothing }, join(folder, 'none.csv'), { format: 'asterisk_csv' })).rejects.toThrow('none.csv cannot be read');
    await expect(importCdrs({ converse: nothing }, join(folder, 'none.csv'), {})).rejects.toThrow('Say in which format');
  });
});

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* [];
}
