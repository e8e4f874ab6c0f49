import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { parquetFiles } from './parquet-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'parquet-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of one call, which names where the next begins. */
function fileWith(next: string): Uint8Array {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({ writer, schema: [{ name: 'cdr', num_children: 1 }, { name: 'leg', type: 'INT32', repetition_type: 'REQUIRED' }],
    kvMetadata: [{ key: 'tollwire.next_cursor', value: next }] });
  void parquet.write({ columnData: [{ name: 'leg', data: [1] }] });
  void parquet.finish();
  return writer.getBytes();
}

async function* streamed(bytes: Uint8Array, isBroken: boolean): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 10);
  if (isBroken) await Promise.reject(new Error('the connection was reset'));
  yield bytes.subarray(10);
}

describe('an export into files', () => {
  it('goes from file to file, and begins one anew that breaks off', async () => {
    const asked: string[] = [];
    const next: Readonly<Record<string, string>> = { '': 'two', two: 'three', three: '' };
    const open = (cursor: string) => {
      asked.push(cursor);
      return streamed(fileWith(next[cursor] ?? ''), asked.length === 2);
    };
    const files: string[] = [];
    for await (const file of parquetFiles(open, '', folder, false)) files.push(file);
    expect(asked).toEqual(['', 'two', 'two', 'three']);
    expect(files).toEqual([1, 2, 3].map((number) => join(folder, `calls-0000${number}.parquet`)));
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it('writes over no files that are there, unless it may; then it leaves none of them', async () => {
    const written = async (next: Readonly<Record<string, string>>, mayWriteOver: boolean) => {
      for await (const _ of parquetFiles((cursor) => streamed(fileWith(next[cursor] ?? ''), false), '', folder, mayWriteOver));
    };
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    await written({ '': 'two', two: 'three', three: '' }, false);
    const before = readFileSync(join(folder, 'calls-00001.parquet'));
    await expect(written({ '': '' }, false)).rejects.toThrow('calls-00001.parquet is there already, and 2 more: name another folder, or write over it with --force.');
    expect([readdirSync(folder).length, readFileSync(join(folder, 'calls-00001.parquet')).equals(before)]).toEqual([3, true]);
    await written({ '': '' }, true);
    expect(readdirSync(folder)).toEqual(['calls-00001.parquet']);
  });

  it('ends with the error that comes again and again', async () => {
    await expect(parquetFiles(() => streamed(fileWith(''), true), '', folder, true).next()).rejects.toThrow('reset');
  });
});
