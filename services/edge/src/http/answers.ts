import type { DescMessage } from '@bufbuild/protobuf';
import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { type RefusalCode, refusals } from '@tollwire/contracts';
import { problemContentType, problemOf } from './problem.ts';
import { type JsonSchema, replySchemaOf } from './reply-schema.ts';

/** What a route does, what it answers, and which refusals are its own; those that any route has are added to all. */
export interface Answer {
  readonly summary: string;
  readonly description?: string;
  readonly status?: 200 | 201 | 202 | 204;
  readonly reply?: DescMessage | JsonSchema;
  /** Of the reply, where it is not JSON. */
  readonly contentType?: string;
  readonly refusals?: readonly RefusalCode[];
}

/** The OpenAPI response of the refusals that share a status. */
export interface ProblemResponse {
  readonly description: string;
  readonly content: { readonly [problemContentType]: { readonly schema: JsonSchema; readonly examples: Readonly<Record<string, object>> } };
}

const problemSchema = { $ref: '#/components/schemas/Problem' };

/** Documents a route and sets the status of its reply. */
export function Answers({ summary, description, status = 200, reply, contentType = 'application/json', refusals: codes = [] }: Answer): MethodDecorator {
  const content = reply === undefined ? {} : { content: { [contentType]: { schema: schemaOf(reply) } } };
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ApiResponse({ status, description: status === 204 ? 'Done; there is nothing to say.' : 'Done.', ...content }),
    ...problemResponses(codes),
  );
}

/** One documented response for each status that these refusals have, with an example of each code. */
export function problemResponses(codes: readonly RefusalCode[]): MethodDecorator[] {
  return [...responsesByStatus(codes)].map(([status, response]) => ApiResponse({ status, ...response }));
}

/** The OpenAPI responses of these refusals, by status. */
export function responsesByStatus(codes: readonly RefusalCode[]): Map<number, ProblemResponse> {
  const byStatus = Map.groupBy(codes, (code) => refusals[code].status);
  return new Map(
    [...byStatus].map(([status, ofStatus]) => {
      const examples = Object.fromEntries(ofStatus.map((code) => [code, { summary: refusals[code].title, value: problemOf({ code }) }]));
      const description = ofStatus.map((code) => refusals[code].title).join('; ');
      return [status, { description, content: { [problemContentType]: { schema: problemSchema, examples } } }] as const;
    }),
  );
}

function schemaOf(reply: DescMessage | JsonSchema): JsonSchema {
  return isMessage(reply) ? replySchemaOf(reply) : reply;
}

function isMessage(reply: DescMessage | JsonSchema): reply is DescMessage {
  return 'kind' in reply && reply['kind'] === 'message';
}
