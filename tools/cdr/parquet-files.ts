import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { Stop } from '../cli/stop.ts';
import type { OpensExport } from './pages.ts';

const attemptsMax = 5;

/**
 * Writes an export into files of a folder, one after the other, and names each when it is whole: `calls-00001.parquet`. A
 * file that breaks off has no end, so it is begun anew from where it began; rejects after five breaks of one file. What
 * is not whole yet has another name, and is written over. Stops where the folder has files of an export already, unless they may be written over: an
 * export that has fewer files would leave some of the old ones among its own. Those go when it is whole.
 */
export async function* parquetFiles(open: OpensExport, from: string, folder: string, mayWriteOver: boolean): AsyncGenerator<string> {
  const there = existsSync(folder) ? readdirSync(folder).filter((name) => /^calls-\d{5,}\.parquet$/.test(name)).toSorted() : [];
  const [first] = there;
  if (first !== undefined && !mayWriteOver) {
    throw new Stop(`${join(folder, first)} is there already${there.length > 1 ? `, and ${there.length - 1} more` : ''}: name another folder, or write over it with --force.`);
  }
  mkdirSync(folder, { recursive: true });
  let cursor = from;
  for (let number = 1; ; number += 1) {
    const file = join(folder, `calls-${String(number).padStart(5, '0')}.parquet`);
    await wholeFile(open, cursor, `${file}.part`);
    renameSync(`${file}.part`, file);
    yield file;
    cursor = await nextCursorIn(file);
    if (cursor === '') {
      for (const name of there.slice(number)) rmSync(join(folder, name), { force: true });
      return;
    }
  }
}

async function wholeFile(open: OpensExport, cursor: string, part: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pipeline(Readable.from(open(cursor)), createWriteStream(part));
      return;
    } catch (error) {
      if (attempt >= attemptsMax || error instanceof Stop) throw error;
    }
  }
}

async function nextCursorIn(file: string): Promise<string> {
  const { key_value_metadata: metadata = [] } = await parquetMetadataAsync(await asyncBufferFromFile(file));
  return metadata.find(({ key }) => key === 'tollwire.next_cursor')?.value ?? '';
}
