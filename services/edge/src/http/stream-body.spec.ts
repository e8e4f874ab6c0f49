import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { Refused } from './refused.ts';
import { streamOf } from './stream-body.ts';

const readAll = async (bytes: AsyncIterable<Buffer>) => {
  const pieces: Buffer[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
};
const refusalOf = async (read: () => Promise<unknown>) => {
  try {
    await read();
    return undefined;
  } catch (error) {
    return error instanceof Refused ? error.refusal : error;
  }
};
const sent = (...pieces: (string | Buffer)[]) => Readable.from(pieces, { objectMode: false });

describe('a body that is read as it arrives', () => {
  it('is what was sent', async () => {
    expect((await readAll(streamOf({ body: sent('ab', Buffer.from('cd'), 'ü'), headers: {} }, 100))).toString()).toBe('abcdü');
    expect(await readAll(streamOf({ body: sent(), headers: {} }, 100))).toHaveLength(0);
  });

  it('may have as many bytes as are allowed, and not one more', async () => {
    expect(await readAll(streamOf({ body: sent('12345', '67890'), headers: {} }, 10))).toHaveLength(10);
    expect(await refusalOf(() => readAll(streamOf({ body: sent('12345', '678901'), headers: {} }, 10)))).toMatchObject({ code: 'request_too_large' });
  });

  it('hands on what fits before it turns out to be too large, and takes the rest off the sender', async () => {
    const body = sent('12345', '67890', 'more', 'and more');
    const bytes = streamOf({ body, headers: {} }, 8);
    expect(await bytes.next()).toEqual({ done: false, value: Buffer.from('12345') });
    expect(await refusalOf(() => bytes.next())).toMatchObject({ code: 'request_too_large' });
    await new Promise((resolve) => body.once('end', resolve));
    expect(body.readableFlowing).toBe(true);
  });

  it('is drained where its reader stops early', async () => {
    const body = sent('12345', '67890');
    for await (const piece of streamOf({ body, headers: {} }, 100)) {
      expect(piece.length).toBe(5);
      break;
    }
    await new Promise((resolve) => body.once('end', resolve));
    expect(body.destroyed || body.readableEnded).toBe(true);
  });

  it('ends in the error of a sender who went away', async () => {
    async function* cut() {
      yield Buffer.from('half a li');
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    }
    expect(await refusalOf(() => readAll(streamOf({ body: Readable.from(cut()), headers: {} }, 100)))).toMatchObject({ code: 'ECONNRESET' });
  });

  it.each([undefined, null, {}, 'text', Buffer.from('x')])('is refused where it is %p', async (body) => {
    expect(await refusalOf(async () => streamOf({ body, headers: {} }, 100))).toMatchObject({ code: 'unsupported_media_type' });
  });

  it('is refused where it is compressed, instead of being read as rows', async () => {
    const body = sent(gzipSync('prefix,rate\n43,0.01\n'));
    expect(await refusalOf(async () => streamOf({ body, headers: { 'content-encoding': 'gzip' } }, 100))).toMatchObject({
      code: 'unsupported_media_type',
      facts: { contentEncoding: 'gzip' },
    });
    expect(await refusalOf(async () => streamOf({ body: sent('x'), headers: { 'content-encoding': 'identity' } }, 100))).toBeUndefined();
  });
});
