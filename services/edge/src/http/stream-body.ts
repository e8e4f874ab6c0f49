import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Refused } from './refused.ts';

/** Content types of files of lines. */
export const lineTypes = ['text/csv', 'text/plain', 'application/x-ndjson', 'application/octet-stream'] as const;
/** Content types of workbooks, as XLSX has them. */
export const workbookTypes = ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/octet-stream'] as const;
/** Content types of bodies that are read as they arrive, never as a whole. */
export const streamedTypes: readonly string[] = [...new Set([...lineTypes, ...workbookTypes])];

/** Documents a body that is read as it arrives. */
export function ApiStreamBody(description: string, types: readonly string[]): MethodDecorator {
  return applyDecorators(ApiConsumes(...types), ApiBody({ description, required: true, schema: { type: 'string', format: 'binary' } }));
}

/**
 * The body as it arrives; whoever reads it slowly slows the sender down. Refused where there is none, where it is not
 * of a streamed type or is compressed, and in the middle where it grows above `bytesMax`.
 */
export function streamOf(request: Pick<FastifyRequest, 'body' | 'headers'>, bytesMax: number): AsyncGenerator<Buffer> {
  const { body } = request;
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (!(body instanceof Readable)) {
    throw new Refused({ code: 'unsupported_media_type', detail: `Send the file itself as the body, as one of ${streamedTypes.join(', ')}.` });
  }
  if (encoding !== 'identity') {
    throw new Refused({ code: 'unsupported_media_type', detail: `Send the file itself, not as ${encoding}.`, facts: { contentEncoding: encoding } });
  }
  return counted(body, bytesMax);
}

async function* counted(body: Readable, bytesMax: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      const piece = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      bytes += piece.length;
      if (bytes > bytesMax) throw new Refused({ code: 'request_too_large', detail: `A file may have ${bytesMax} bytes; split it.` });
      yield piece;
    }
  } finally {
    // A sender that is still sending reads no answer until the rest is taken from it; the server's time-out bounds that.
    body.resume();
  }
}
